import { type Diagnostic, formatDiagnostic, pathBelow } from "../../diagnostics";
import { check } from "../../model/check";
import { type JsonObject } from "../../json";
import { type Inputs } from "../../model/state";
import { encode } from "./secret-and-unknown-marks";
import { type Session } from "./session";
import { type Settings } from "./settings";

/** What the check of a connector found: its inputs with their secrets in envelopes, and what is wrong. */
export interface CheckedConnector {
  readonly inputs: JsonObject;
  /** What refuses the definition; what does not has been said. */
  readonly diagnostics: readonly Diagnostic[];
  /** What is wrong with the settings. */
  readonly faults: readonly string[];
}

/**
 * Checks one connector, a resource of its own or one of a fleet. The claims learn what the engine is looking at.
 *
 * @param previous inputs of the last deployment, where there was one.
 * @param at path of the connector in its resource.
 */
export function checkConnector<R>(
  session: Session<R>,
  settings: Settings | undefined,
  args: Record<string, unknown>,
  previous?: Record<string, unknown>,
  at = "",
): CheckedConnector {
  const { table } = session.vendor;
  const { inputs, secrets, diagnostics } = check(
    table,
    session.withDefaults(args, settings),
    previous,
  );
  session.connected?.sees(inputs as Inputs, previous as Inputs | undefined);
  const placed = diagnostics.map((each) => ({ ...each, path: pathBelow(at, each.path) }));
  const called = typeof inputs["name"] === "string" ? ` "${inputs["name"]}"` : "";
  for (const warning of placed.filter(({ severity }) => severity === "warning")) {
    session.reporter.warn(`${table.resource}${called}: ${formatDiagnostic(warning)}`);
  }
  return {
    inputs: encode(inputs, secrets),
    diagnostics: placed.filter(({ severity }) => severity === "error"),
    faults: settings ? session.vendor.settingFaults(settings, inputs) : [],
  };
}
