import type * as pulumi from "@pulumi/pulumi";

/** Arguments of ConnectorDefinitions. */
export interface ConnectorDefinitionsArgs {
  /**
   * Folder or file with definitions, relative to the folder that the program runs in. A list for
   * several.
   */
  path: string | readonly string[];
  /**
   * The environment whose overlays apply, such as `awin.prod.yaml` over `awin.yaml`. Default: the
   * stack's name.
   */
  environment?: string;
  /**
   * Explicit providers, by the name that definitions use in `options.provider`. Definitions that
   * name none use their vendor's provider in the resource options.
   */
  providers?: Readonly<Record<string, pulumi.ProviderResource>>;
  /**
   * `resources`: each connector is a resource of its own. `fleet`: all connectors of a vendor and
   * provider are one resource, which is much faster for hundreds of them; see docs/scale.md.
   * Default: `resources`.
   */
  as?: "resources" | "fleet";
  /**
   * Of a fleet: most connectors that one update may delete. Default: 10, or a tenth of the fleet if
   * that is more.
   */
  maxDeletes?: pulumi.Input<number>;
  /**
   * Deploys one share of the definitions, so that several stacks deploy a folder between them:
   * stack `index`, counted from 0, of `of` stacks. A definition's name alone decides its stack, so
   * that adding or removing a definition moves no other. Before you change `of`, see
   * docs/definitions.md. Default: all definitions.
   */
  shard?: { index: number; of: number };
}
