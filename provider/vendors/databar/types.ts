// Made from fields.ts by `npm run generate`; do not edit.
import { type Input } from "@pulumi/pulumi";
import { type Entries } from "../../model/entries";
import { type OnConflict } from "../../model/field";
import { type NameValues } from "../../pulumi/program/resources";

/** Purpose of the connector: `enrichment` pulls data into a table, `exporter` pushes rows out. */
export type DatabarConnectorType = "simple" | "enrichment" | "exporter";

/** HTTP method of the connector's calls, in lower case. */
export type DatabarMethod = "get" | "post" | "put" | "patch";

/** What a program writes to declare a Databar connector. */
export interface DatabarConnectorArgs {
  /** Label in the workspace. 1 to 256 characters; on one line, not blank. */
  name: Input<string>;
  /**
   * Purpose of the connector: `enrichment` pulls data into a table, `exporter` pushes rows out.
   * Default: `enrichment`.
   */
  type?: Input<DatabarConnectorType>;
  /** HTTP method of the connector's calls, in lower case. */
  method: Input<DatabarMethod>;
  /**
   * Complete URL that the connector calls. Secret when it carries a credential. 1 to 512
   * characters; a complete http or https URL.
   */
  url: Input<string>;
  /**
   * Headers sent with each call, by name. Values whose name suggests a credential are secret. Names
   * that HTTP allows, each once, ignoring case; values without control characters. Default: none.
   */
  headers?: Input<NameValues>;
  /**
   * Query parameters of each call, by name; an empty text is filled per row. Values whose name
   * suggests a credential are secret. Names that are not empty, each once. Default: none.
   */
  parameters?: Input<NameValues>;
  /**
   * Body fields of each call, by name; an empty text is filled per row. Databar rewrites it while
   * `bodyTemplate` is set. Names that are not empty, each once. Default: none.
   */
  body?: Input<NameValues>;
  /**
   * Jinja template of the body; its variables take the place of `body`. At most 2,048 characters.
   * Default: none.
   */
  bodyTemplate?: Input<string>;
  /**
   * Requests per minute of the connector's own calls. The plan may lower it: see
   * `effectiveRateLimit`. Left alone when it was never set. At least 1. Default: the plan's.
   */
  rateLimit?: Input<number>;
  /**
   * Concurrent calls of the connector. The plan may lower it: see `effectiveMaxConcurrency`. Left
   * alone when it was never set. At least 1. Default: the plan's.
   */
  maxConcurrency?: Input<number>;
  /**
   * Create only. Id of an existing connector to adopt instead of creating one. Naming another one
   * later replaces the connector. At least 1; at most 9,007,199,254,740,991.
   */
  connectorId?: Input<number>;
  /**
   * Create only. What to do about an existing connector of the same name. Unset: adopt an identical
   * one with a warning, fail on a different one. `adopt` takes over the one there is, `create`
   * always creates another, `fail` refuses.
   */
  onConflict?: Input<OnConflict>;
}

/**
 * A definition of a Databar connector after check. A type, not an interface, so that it counts as
 * JSON.
 */
export type DatabarInputs = {
  readonly name: string;
  readonly type?: DatabarConnectorType;
  readonly method: DatabarMethod;
  readonly url: string;
  readonly headers?: Entries;
  readonly parameters?: Entries;
  readonly body?: Entries;
  readonly bodyTemplate?: string;
  readonly rateLimit?: number;
  readonly maxConcurrency?: number;
  readonly connectorId?: number;
  readonly onConflict?: OnConflict;
};

/** What Databar decides of a connector. */
export interface DatabarFleetConnector {
  /** Requests per minute that Databar grants; lower than `rateLimit` when the plan says so. */
  readonly effectiveRateLimit?: number;
  /** Parallel calls that Databar grants; lower than `maxConcurrency` when the plan says so. */
  readonly effectiveMaxConcurrency?: number;
  /** When the connector was created, as Databar writes it. */
  readonly createdAt?: string;
}

/** The outputs of a DatabarConnector, each an output of the program. */
export interface DatabarOutputs extends DatabarFleetConnector {
  /** Label in the workspace. */
  readonly name: string;
  /** Purpose of the connector: `enrichment` pulls data into a table, `exporter` pushes rows out. */
  readonly type?: DatabarConnectorType;
  /** HTTP method of the connector's calls, in lower case. */
  readonly method: DatabarMethod;
  /** Complete URL that the connector calls. Secret when it carries a credential. */
  readonly url: string;
  /** Headers sent with each call, by name. Values whose name suggests a credential are secret. */
  readonly headers?: Entries;
  /**
   * Query parameters of each call, by name; an empty text is filled per row. Values whose name
   * suggests a credential are secret.
   */
  readonly parameters?: Entries;
  /**
   * Body fields of each call, by name; an empty text is filled per row. Databar rewrites it while
   * `bodyTemplate` is set.
   */
  readonly body?: Entries;
  /** Jinja template of the body; its variables take the place of `body`. */
  readonly bodyTemplate?: string;
  /**
   * Requests per minute of the connector's own calls. The plan may lower it: see
   * `effectiveRateLimit`. Left alone when it was never set.
   */
  readonly rateLimit?: number;
  /**
   * Concurrent calls of the connector. The plan may lower it: see `effectiveMaxConcurrency`. Left
   * alone when it was never set.
   */
  readonly maxConcurrency?: number;
  /** Databar's id of the connector. */
  readonly connectorId: number;
}

/** Every input and output, as the resource declares them to the engine. */
export const DATABAR_PROPERTIES = [
  "name",
  "type",
  "method",
  "url",
  "headers",
  "parameters",
  "body",
  "bodyTemplate",
  "rateLimit",
  "maxConcurrency",
  "connectorId",
  "onConflict",
  "effectiveRateLimit",
  "effectiveMaxConcurrency",
  "createdAt",
] as const;
