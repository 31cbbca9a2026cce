import { type SandboxRequest } from "../http-message";
import { type ValidationError } from "./errors";
import { type DatabarSettings } from "./settings";
import { type DatabarStore } from "./store";

/** A call whose key was accepted, or whose missing key is to be reported like any other fault. */
export interface Call {
  readonly request: SandboxRequest;
  /** What the key can see. */
  readonly workspace: string;
  /** The path's connector id as text; empty on a collection. */
  readonly id: string;
  /** Faults of the headers, to be reported with the rest. */
  readonly faults: readonly ValidationError[];
  readonly settings: DatabarSettings;
  readonly store: DatabarStore;
}
