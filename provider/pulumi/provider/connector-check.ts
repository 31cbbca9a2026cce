import { type Diagnostic, formatDiagnostic, pathBelow } from "../../diagnostics";
import { type JsonObject } from "../../json";
import { type Registration, registrationOf } from "../../lifecycle/registrations";
import { check, checkedBefore, knownPart } from "../../model/check";
import { type Stages } from "../../model/state";
import { encode } from "./envelopes";
import { type Session } from "./session";
import { type Settings } from "./stack-settings";

/**
 * What the check of a connector found: its inputs with their secrets in envelopes, and what is
 * wrong.
 */
export interface CheckedConnector {
  readonly inputs: JsonObject;
  /** What the claims need to know of the resource. */
  readonly registration: Registration;
  /** What refuses the definition. */
  readonly diagnostics: readonly Diagnostic[];
  /** What does not: lines for people. */
  readonly warnings: readonly string[];
  /** What is wrong with the settings. */
  readonly settingErrors: readonly string[];
}

/**
 * Checks one connector, a resource of its own or one of a fleet. Pure.
 *
 * @param previous inputs of the last deployment, where there was one.
 * @param at path of the connector in its resource.
 */
export function checkConnector<V extends Stages>(
  { vendor }: Pick<Session<V>, "vendor">,
  settings: Settings | undefined,
  args: Record<string, unknown>,
  previous?: Record<string, unknown>,
  at = "",
): CheckedConnector {
  const { table, addressing } = vendor;
  const { inputs, secrets, diagnostics } = check(table, withDefaults(args, settings), previous);
  const registration = registrationOf<V>(
    addressing,
    knownPart<V>(table, inputs),
    previous && knownPart<V>(table, checkedBefore(previous)),
  );
  const placed = diagnostics.map((each) => ({
    ...each,
    path: isFromSettings(each.path, args, settings)
      ? `${vendor.names.namespace}:${each.path}`
      : pathBelow(at, each.path),
  }));
  const named = registration.name === "" ? "" : ` "${registration.name}"`;
  return {
    inputs: encode(inputs, secrets),
    registration,
    diagnostics: placed.filter(({ severity }) => severity === "error"),
    warnings: placed
      .filter(({ severity }) => severity === "warning")
      .map((each) => `${table.resource}${named}: ${formatDiagnostic(each)}`),
    settingErrors: settings ? vendor.settingErrors(settings, inputs) : [],
  };
}

/** Whether the value of an input comes from the settings, because the program does not write it. */
function isFromSettings(
  name: string,
  written: Readonly<Record<string, unknown>>,
  settings: Settings | undefined,
): boolean {
  return settings?.inputs[name] !== undefined && (written[name] ?? null) === null;
}

/** Fills in from the settings what the program does not write; null is not written. */
function withDefaults(
  written: Readonly<Record<string, unknown>>,
  settings: Settings | undefined,
): Record<string, unknown> {
  const defaults = Object.entries(settings?.inputs ?? {});
  return {
    ...written,
    ...Object.fromEntries(defaults.filter(([name]) => (written[name] ?? null) === null)),
  };
}
