import { type Request } from "../../model/request";
import { type CommonState, type Stages } from "../../model/state";
import { type Sent } from "./errors";
import { type DatabarRemote } from "./remote";
import { type DatabarFleetConnector, type DatabarInputs } from "./types";

/** What the engine stores of a connector: the inputs as written, and what Databar decides. */
export type DatabarState = Partial<DatabarInputs> &
  CommonState & {
    readonly [K in keyof DatabarFleetConnector]: DatabarFleetConnector[K];
  };

/** Databar's one request: the whole connector. */
export interface DatabarRequest extends Request<DatabarState> {
  readonly operation: "replaceConnector";
  readonly body: Sent;
}

/** Databar's types, stage by stage. */
export interface Databar extends Stages {
  readonly inputs: DatabarInputs;
  readonly request: DatabarRequest;
  readonly remote: DatabarRemote;
  /** A full replacement is answered with the connector. */
  readonly answer: DatabarRemote;
  readonly state: DatabarState;
}
