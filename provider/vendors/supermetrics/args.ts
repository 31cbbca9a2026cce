import { type Input } from "@pulumi/pulumi";
import { type OnConflict } from "../../model/field";

/** What a program writes to declare a Supermetrics custom connector. */
export interface SupermetricsConnectorArgs {
  /** Title in the team. 1 to 255 characters. */
  name: Input<string>;
  /** What the connector is about. At most 1,000 characters. Default: empty. */
  description?: Input<string>;
  /**
   * The connector's configuration document: JSON in which outputs may stand anywhere. `${secrets.name}` stands for the
   * vendor's placeholder of that secret, `$${` for a literal `${`. Default: not managed; the vendor seeds a boilerplate,
   * or the copy of `duplicateOf`.
   */
  configuration?: Input<Record<string, unknown>>;
  /** Secrets of the connector by name (at most 255 characters); values 1 to 10,000 characters, always secret. Default: none managed. */
  secrets?: Input<Record<string, Input<string>>>;
  /** Path of a PNG or JPG file up to 5 MB, relative to the folder that the program runs in. Uploaded when its content changes. Default: not managed. */
  logo?: Input<string>;
  /** Team id, 1 to 2^63-1, as text. Another team replaces. Default: `supermetrics:teamId`, then `SUPERMETRICS_TEAM_ID`. */
  teamId?: Input<string>;
  /** Create only. Identifier of an existing connector to adopt instead of creating one. Naming another one later replaces. */
  connectorIdentifier?: Input<string>;
  /** Create only. Identifier of a connector to start from as a copy. */
  duplicateOf?: Input<string>;
  /**
   * Create only. What to do about an existing connector of the same name. Unset: an identical one is adopted with a
   * warning, a different one fails the deployment. `adopt` takes over the one there is, whatever it holds;
   * `create` always creates another; `fail` refuses.
   */
  onConflict?: Input<OnConflict>;
}
