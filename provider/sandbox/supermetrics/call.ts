import { type Answer, type SandboxRequest } from "../http-message";
import { type SupermetricsSettings } from "./settings";
import { type SupermetricsStore } from "./store";

/** An authorized request to a team. */
export interface Call {
  readonly request: SandboxRequest;
  readonly teamId: string;
  readonly params: Readonly<Record<string, string>>;
  readonly settings: SupermetricsSettings;
  readonly store: SupermetricsStore;
  /** A 404 with NOT_FOUND, or with the given code if `specificCodes` is set. */
  notFound(code: string): Answer;
}
