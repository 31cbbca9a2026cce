import { counted } from "../../diagnostics";
import { redactValues } from "../../http/index";
import { isObject } from "../../json";
import { type FleetOutcome, type MemberFailure } from "../../lifecycle/fleet";
import { PartialWrite } from "../../lifecycle/partial-write";
import { joined, type Message } from "../../message";
import { type FieldTable } from "../../model/field";
import { secretTexts } from "../../model/secret-paths";
import { type Stages } from "../../model/state";
import { describe, LONGEST } from "./engine-errors";
import { type Session } from "./session";
import { type Props } from "./verbs";

/** Most diagnostics and failures that a message shows; the rest is counted. */
export const MOST_SHOWN = 20;

/** Stands in no message. */
const SEPARATOR = "\u0000";

/** A shorter secret of another connector would hide ordinary words. */
const LEAST_HIDDEN = 6;

/** The connectors of a fleet that failed, and what their messages must not show. */
interface FailedMembers {
  readonly failures: readonly MemberFailure[];
  /** How many were not tried after that. */
  readonly untried: number;
  /** Inputs and states, by the connectors' keys. */
  readonly values: readonly Props[];
  /** Of all connectors, in the order of the message. */
  readonly keys: Iterable<string>;
}

/** `2 of 30 connectors failed:`, and below it the reason of each. */
export function failureMessage(
  session: Pick<Session<Stages>, "vendor" | "hiddenIn">,
  { failures, untried, values, keys }: FailedMembers,
): string {
  const order = [...new Set([...keys, ...failures.map(({ key }) => key)])];
  const places = new Map(order.map((key, place) => [key, place]));
  const shown = [...failures]
    .sort((one, other) => (places.get(one.key) ?? 0) - (places.get(other.key) ?? 0))
    .slice(0, MOST_SHOWN);
  const room = Math.floor((LONGEST - 500) / shown.length);
  const messages = shown.map(({ key, error }) =>
    describe(
      error instanceof PartialWrite ? error.cause : error,
      session.hiddenIn(values.map((each) => each[key])),
    ),
  );
  const texts = withoutOthers(session.vendor.table, messages, values);
  const lines = shown.map(({ key }, index) =>
    `  ${key}: ${(texts[index] ?? "").replaceAll("\n", "\n    ")}`.slice(0, room),
  );
  const more =
    failures.length > shown.length ? `\n  and ${failures.length - shown.length} more.` : "";
  const rest =
    untried === 0
      ? ""
      : `\n  ${counted(untried, "other")} ${untried === 1 ? "was" : "were"} not tried.`;
  return `${failures.length} of ${counted(order.length, "connector")} failed:\n${lines.join("\n")}${more}${rest}`;
}

/**
 * The message of one connector may hold another one's secret. In one pass: there may be thousands.
 */
function withoutOthers(
  table: FieldTable,
  messages: readonly Message[],
  values: readonly Props[],
): string[] {
  const secret = new Set(
    values
      .flatMap((each) => Object.values(each))
      .filter(isObject)
      .flatMap((each) => secretTexts(table, each)),
  );
  const redacted = redactValues(
    joined(messages, SEPARATOR),
    [...secret].filter((text) => text.length >= LEAST_HIDDEN),
  );
  return String(redacted).split(SEPARATOR);
}

/**
 * How far an update came that stopped half-way, below the failures.
 *
 * @param written how many of the wanted connectors are as the program says.
 */
export function progressText(
  { state, failures }: FleetOutcome,
  wanted: ReadonlyMap<string, unknown>,
  written: number,
): string {
  const done =
    written === 0
      ? ""
      : `\n  ${written} of ${counted(wanted.size, "connector")} ${written === 1 ? "is" : "are"} as the program says.`;
  const left = [...state.members.keys()].filter((key) => !wanted.has(key)).length;
  const waits =
    left === 0 || failures.some(({ key }) => !wanted.has(key))
      ? ""
      : `\n  ${counted(left, "connector")} that left the fleet ${left === 1 ? "stays" : "stay"} until the rest is done.`;
  return `${done}${waits}`;
}
