import { type ExactJsonObject } from "../../json";
import { type FileDigest } from "../../model/field";
import { type Request } from "../../model/request";
import { type CommonState, type Stages } from "../../model/state";
import { type RemoteSecret, type SupermetricsRemote } from "./remote";
import { type SupermetricsFleetConnector, type SupermetricsInputs } from "./types";

/** What the engine stores of a connector: the inputs as written, and what Supermetrics decides. */
export type SupermetricsState = Partial<SupermetricsInputs> &
  CommonState & {
    readonly [K in keyof SupermetricsFleetConnector]: SupermetricsFleetConnector[K];
  } & {
    /**
     * Stands for a configuration that is managed; the document itself is not stored a second time.
     */
    readonly configurationDigest?: string;
    /** The configuration as last written, less the keys that a refresh found gone; packed. */
    readonly configurationSource?: string;
  };

/** The blocks of an update; one that is left out stays as it is. */
export interface UpdateBlocks {
  readonly connector?: { readonly name: string; readonly description: string };
  readonly configuration?: { readonly configuration_json: ExactJsonObject };
}

/** The requests that change a connector, and the look-up that they may need. */
export type SupermetricsRequest = Request<SupermetricsState> &
  (
    | { readonly operation: "listSecrets" }
    | {
        readonly operation: "createSecret";
        readonly body: { readonly secret_name: string; readonly secret_value: string };
      }
    | {
        readonly operation: "setSecret";
        readonly secret: RemoteSecret;
        readonly body: { readonly secret_value: string };
      }
    | {
        readonly operation: "updateConnector";
        readonly body: UpdateBlocks;
        /**
         * Secrets that the configuration names and that have no placeholder yet. With any, it
         * cannot be sent.
         */
        readonly missing: readonly string[];
      }
    | { readonly operation: "setLogo"; readonly logo: FileDigest }
    | { readonly operation: "removeSecret"; readonly secret: RemoteSecret }
    /** Sends nothing: the secret stays at the vendor and is no longer managed. */
    | { readonly operation: "leaveSecret" }
  );

/** What an answer says: all secrets of the connector, or where its logo is served. */
export interface SupermetricsAnswer {
  readonly secrets?: readonly RemoteSecret[];
  readonly logo?: { readonly url: string | undefined };
}

/** Supermetrics' types, stage by stage. */
export interface Supermetrics extends Stages {
  readonly inputs: SupermetricsInputs;
  readonly request: SupermetricsRequest;
  readonly remote: SupermetricsRemote;
  readonly answer: SupermetricsAnswer;
  readonly state: SupermetricsState;
}
