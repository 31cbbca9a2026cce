import { type Input } from "@pulumi/pulumi";
import { type OnConflict } from "../../model/field";

/** HTTP methods that Databar calls the target API with. */
export type DatabarMethod = "get" | "post" | "put" | "patch";

/** What a connector is for: `enrichment` pulls data into a table, `exporter` pushes rows out. */
export type DatabarConnectorType = "simple" | "enrichment" | "exporter";

/**
 * Named values as a map: per-key secrecy and per-key diffs. A list stands for the same name given several times.
 * An empty text is filled per row from a mapped column.
 */
export type NameValues = Record<string, Input<string | Input<string>[]>>;

/** What a program writes to declare a Databar connector. */
export interface DatabarConnectorArgs {
  /** Label in the workspace. 1 to 256 characters. */
  name: Input<string>;
  /** HTTP method of the connector's calls. */
  method: Input<DatabarMethod>;
  /** Complete URL that the connector calls, http or https. At most 512 characters. */
  url: Input<string>;
  /** What the connector is for. Default: `enrichment`. */
  type?: Input<DatabarConnectorType>;
  /** Headers sent with each call. Values whose name says credential are marked secret. Default: none. */
  headers?: Input<NameValues>;
  /** Query parameters of each call. Values whose name says credential are marked secret. Default: none. */
  parameters?: Input<NameValues>;
  /** Body fields of each call; ignored by Databar while `bodyTemplate` is set. Default: none. */
  body?: Input<NameValues>;
  /** Jinja template of the body; its variables take the place of `body`. At most 2,048 characters. Default: none. */
  bodyTemplate?: Input<string>;
  /** Requests per minute of the connector's own calls, at least 1; Databar's plan may lower it. Default: the plan's. */
  rateLimit?: Input<number>;
  /** Calls of the connector under way at once, at least 1; Databar's plan may lower it. Default: the plan's. */
  maxConcurrency?: Input<number>;
  /** Create only. Id of an existing connector to adopt instead of creating one. Naming another one later replaces. */
  connectorId?: Input<number>;
  /**
   * Create only. What to do about an existing connector of the same name. Unset: an identical one is adopted with a
   * warning, a different one fails the deployment. `adopt` takes over the one there is, whatever it holds;
   * `create` always creates another; `fail` refuses.
   */
  onConflict?: Input<OnConflict>;
}
