import { type Answer, type SandboxRequest } from "../http-message";
import { type SupermetricsSettings } from "./settings";
import { type SupermetricsStore } from "./store";

/** A call that may enter its team. */
export interface Call {
  readonly request: SandboxRequest;
  readonly teamId: string;
  readonly params: Readonly<Record<string, string>>;
  readonly settings: SupermetricsSettings;
  readonly store: SupermetricsStore;
  /** 404 with the general code, or the specific one when the settings say so. */
  notFound(code: string): Answer;
}
