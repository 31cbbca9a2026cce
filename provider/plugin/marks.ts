import { isDeepStrictEqual } from "node:util";
import { isObject, type Json, type JsonObject } from "../json";
import { inEnvelope, isEnvelope, openEnvelopes } from "../pulumi/provider/envelopes";
import { type Values } from "../pulumi/protocol/struct";

/** Where values are secret: as a whole, or by the keys and indices that hold secrets. */
type Marks = true | ReadonlyMap<string | number, Marks>;

/** What the engine sent: the values in clear, and where they were secret. */
export class Marked {
  private constructor(
    readonly values: Values,
    private readonly marks: Marks | undefined,
  ) {}

  static open(sent: Values): Marked {
    const marks = marksIn(sent);
    return new Marked(marks === undefined ? sent : (openEnvelopes(sent) as Values), marks);
  }

  /**
   * What goes back to the engine, secret where these values are. A list that is another one now is
   * secret as a whole if an item was: items may have moved.
   */
  mark(answer: JsonObject): JsonObject {
    return this.marks === undefined
      ? answer
      : (mark(answer, this.values, this.marks) as JsonObject);
  }
}

/**
 * Outputs as the engine gets them: a property that holds a secret is secret as a whole. Programs in
 * Pulumi YAML that use such a property as a whole would print and store a secret inside it in clear.
 */
export function outputsOf(marked: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(marked).map(([name, value]) => [
      name,
      marksIn(value) === undefined ? value : inEnvelope(openEnvelopes(value) as Json),
    ]),
  );
}

function marksIn(value: unknown): Marks | undefined {
  if (isEnvelope(value)) {
    return true;
  }
  const entries: Iterable<readonly [string | number, unknown]> = Array.isArray(value)
    ? value.entries()
    : Object.entries(isObject(value) ? value : {});
  let found: Map<string | number, Marks> | undefined;
  for (const [key, item] of entries) {
    const marks = marksIn(item);
    if (marks !== undefined) {
      (found ??= new Map<string | number, Marks>()).set(key, marks);
    }
  }
  return found;
}

function mark(value: Json, sent: unknown, marks: Marks): Json {
  if (isEnvelope(value)) {
    return value;
  }
  if (marks === true) {
    return inEnvelope(value);
  }
  if (Array.isArray(value)) {
    return Array.isArray(sent) && isDeepStrictEqual(openEnvelopes(value), sent)
      ? value.map((item, index) => markItem(item, sent[index], marks.get(index)))
      : inEnvelope(value);
  }
  return isObject(value)
    ? Object.fromEntries(
        Object.entries(value).map(([key, item]) => [
          key,
          markItem(item, isObject(sent) ? sent[key] : undefined, marks.get(key)),
        ]),
      )
    : inEnvelope(value);
}

function markItem(value: Json, sent: unknown, marks: Marks | undefined): Json {
  return marks === undefined ? value : mark(value, sent, marks);
}
