// Made from fields.ts by `npm run generate`; do not edit.
import { type Input } from "@pulumi/pulumi";
import { type JsonObject } from "../../json";
import { type FileDigest, type OnConflict } from "../../model/field";

/** What a program writes to declare a Supermetrics connector. */
export interface SupermetricsConnectorArgs {
  /** Title in the team. 1 to 255 characters; on one line, not blank. */
  name: Input<string>;
  /** Description of the connector. At most 1,000 characters. Default: empty. */
  description?: Input<string>;
  /**
   * The configuration document. `${secrets.name}` stands for a secret's placeholder, `$${` for a
   * literal `${`. Keys that are neither here nor were before are left alone. Default: not managed.
   */
  configuration?: Input<Record<string, unknown>>;
  /**
   * Secrets by name. Removing a name deletes the secret, unless a part of the configuration that is
   * not managed still names it. Secrets that the map never named are left alone; so are all when
   * the map itself is removed. Always secret. 1 to 10,000 characters each; names of 1 to 255
   * characters. Default: not managed.
   */
  secrets?: Input<Record<string, Input<string>>>;
  /**
   * Path of an image file, relative to the folder that the program runs in; in a definition file,
   * to that file. Uploaded when its content changes. A PNG or JPG file of at most 5 MB. Default:
   * not managed.
   */
  logo?: Input<string>;
  /**
   * Team id as text. Default: `supermetrics:teamId` of the stack, then SUPERMETRICS_TEAM_ID.
   * Another team replaces the connector. Digits, from 1 to 9223372036854775807.
   */
  teamId?: Input<string>;
  /**
   * Create only. Identifier of an existing connector to adopt instead of creating one. Naming
   * another one later replaces the connector. 1 to 100 letters, digits, _ or -.
   */
  connectorIdentifier?: Input<string>;
  /**
   * Create only. Identifier of a connector to start from as a copy. 1 to 100 letters, digits, _ or
   * -.
   */
  duplicateOf?: Input<string>;
  /**
   * Create only. What to do about an existing connector of the same name. Unset: adopt an identical
   * one with a warning, fail on a different one. `adopt` takes over the one there is, `create`
   * always creates another, `fail` refuses.
   */
  onConflict?: Input<OnConflict>;
}

/**
 * A definition of a Supermetrics connector after check. A type, not an interface, so that it counts
 * as JSON.
 */
export type SupermetricsInputs = {
  readonly name: string;
  readonly description?: string;
  readonly configuration?: JsonObject;
  readonly secrets?: Record<string, string>;
  readonly logo?: FileDigest;
  readonly teamId: string;
  readonly connectorIdentifier?: string;
  readonly duplicateOf?: string;
  readonly onConflict?: OnConflict;
};

/** What Supermetrics decides of a connector. */
export interface SupermetricsFleetConnector {
  /** Where Supermetrics serves the logo. */
  readonly logoUrl?: string;
  /** When the connector was created, as Supermetrics writes it. */
  readonly createdAt?: string;
  /** When it last changed, as of the last refresh; not set after a deployment that writes. */
  readonly updatedAt?: string;
  /**
   * Version of the configuration document, as of the last refresh; not set after a deployment that
   * writes.
   */
  readonly configurationVersion?: string;
  /** Supermetrics' placeholder of each managed secret, by its name. */
  readonly secretPlaceholders?: Record<string, string>;
}

/** The outputs of a SupermetricsConnector, each an output of the program. */
export interface SupermetricsOutputs extends SupermetricsFleetConnector {
  /** Title in the team. */
  readonly name: string;
  /** Description of the connector. */
  readonly description?: string;
  /**
   * The configuration document. `${secrets.name}` stands for a secret's placeholder, `$${` for a
   * literal `${`. Keys that are neither here nor were before are left alone.
   */
  readonly configuration?: Record<string, unknown>;
  /**
   * Secrets by name. Removing a name deletes the secret, unless a part of the configuration that is
   * not managed still names it. Secrets that the map never named are left alone; so are all when
   * the map itself is removed.
   */
  readonly secrets?: Record<string, string>;
  /**
   * Team id as text. Default: `supermetrics:teamId` of the stack, then SUPERMETRICS_TEAM_ID.
   * Another team replaces the connector.
   */
  readonly teamId: string;
  /** Supermetrics' identifier; also the data source id used in queries. */
  readonly connectorIdentifier: string;
}

/** Every input and output, as the resource declares them to the engine. */
export const SUPERMETRICS_PROPERTIES = [
  "name",
  "description",
  "configuration",
  "secrets",
  "logo",
  "teamId",
  "connectorIdentifier",
  "duplicateOf",
  "onConflict",
  "logoUrl",
  "createdAt",
  "updatedAt",
  "configurationVersion",
  "secretPlaceholders",
] as const;
