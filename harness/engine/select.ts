import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

import { LocalEngine } from "./local/engine";
import { PulumiEngine } from "./pulumi/engine";
import { type Engine } from "./types";

export type EngineSetting = "local" | "pulumi";

/**
 * The engine that the end-to-end tests run on: `CONNECTORS_ENGINE`, and without it the Pulumi CLI
 * if it is on PATH, else the local engine.
 *
 * @throws when the setting is neither "local" nor "pulumi", or names the CLI and there is none.
 */
export function selectEngine(setting: string | undefined = process.env.CONNECTORS_ENGINE): Engine {
  const chosen = chooseEngine(setting);
  return chosen === "pulumi" ? new PulumiEngine() : new LocalEngine();
}

/** The engine's name and why it was chosen, in one line for the head of a test run. */
export function describeEngine(
  setting: string | undefined = process.env.CONNECTORS_ENGINE,
): string {
  const reason = setting
    ? "as CONNECTORS_ENGINE says"
    : isOnPath("pulumi")
      ? "found on PATH"
      : "no pulumi on PATH";
  return chooseEngine(setting) === "pulumi"
    ? `Engine: Pulumi CLI (${reason})`
    : `Engine: local engine (${reason})`;
}

function chooseEngine(setting: string | undefined): EngineSetting {
  if (!setting) {
    return isOnPath("pulumi") ? "pulumi" : "local";
  }
  if (setting !== "local" && setting !== "pulumi") {
    throw new Error(`CONNECTORS_ENGINE is "${setting}"; it must be "local" or "pulumi".`);
  }
  if (setting === "pulumi" && !isOnPath("pulumi")) {
    throw new Error('CONNECTORS_ENGINE is "pulumi", and pulumi is not on PATH.');
  }
  return setting;
}

/** Whether a command can be started by its name. */
export function isOnPath(command: string): boolean {
  const names = process.platform === "win32" ? [`${command}.exe`, `${command}.cmd`] : [command];
  return (process.env.PATH ?? "")
    .split(delimiter)
    .some((folder) => folder !== "" && names.some((name) => existsSync(join(folder, name))));
}
