/**
 * The project folder and the settings of a stack that works against a sandbox, on whichever engine.
 */
import { cpSync } from "node:fs";
import { type Sandbox } from "pulumi-connectors/sandbox";
import { makeTempFolder } from "../engine/temp-folder";
import { type Config } from "../engine/types";
import { linkModules } from "./modules";

/** Keys that the scenarios use; a test's output must never show them. */
export const DATABAR_KEY = "databar-key-canary-1f2e3d";
export const SUPERMETRICS_KEY = "api_supermetrics-canary-4c5b6a";
export const TEAM = "936506";

/** Settings that point a stack at a sandbox and take the waiting out of limits and retries. */
export function sandboxConfig(sandbox: Sandbox): Config {
  return {
    "databar:apiKey": { secret: DATABAR_KEY },
    "databar:baseUrl": sandbox.databar.url,
    "databar:requestsPerSecond": "1000",
    "databar:backoffSeconds": "0.02",
    "supermetrics:apiKey": { secret: SUPERMETRICS_KEY },
    "supermetrics:baseUrl": sandbox.supermetrics.url,
    "supermetrics:teamId": TEAM,
    "supermetrics:requestsPerSecond": "1000",
    "supermetrics:backoffSeconds": "0.02",
  };
}

/**
 * A copy of a project folder in which `pulumi-connectors` is this package, as built, and Pulumi is
 * ours.
 */
export function projectFolder(source: string): string {
  const folder = makeTempFolder("e2e");
  cpSync(source, folder, { recursive: true });
  linkModules(folder);
  return folder;
}
