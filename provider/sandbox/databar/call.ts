import { type SandboxRequest } from "../http-message";
import { type ValidationError } from "./errors";
import { type DatabarSettings } from "./settings";
import { type DatabarStore } from "./store";

/** A request with an accepted key, or with a missing key that is reported as a validation error. */
export interface Call {
  readonly request: SandboxRequest;
  /** The workspace of the key. */
  readonly workspace: string;
  /** The connector id from the path, unparsed; empty for the collection. */
  readonly id: string;
  /** Validation errors of the headers. */
  readonly errors: readonly ValidationError[];
  readonly settings: DatabarSettings;
  readonly store: DatabarStore;
}
