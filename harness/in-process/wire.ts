/**
 * What crosses between engine and provider: plain JSON, with Pulumi's envelopes and sentinels in
 * it.
 */
import { isDeepStrictEqual } from "node:util";
import { SECRET, SIGNATURE, UNKNOWN_ID } from "../engine/core/wire";

export type Values = Readonly<Record<string, unknown>>;

/** The sentinel of a value that is not known yet. */
export const UNKNOWN = UNKNOWN_ID;

/** The envelope of a secret value. */
export const secret = (value: unknown): object => ({ [SIGNATURE]: SECRET, value });

/** A value without envelopes, as a provider that does not accept secrets gets it. */
export function plain(value: unknown): never {
  if (Array.isArray(value)) {
    return value.map(plain) as never;
  }
  if (typeof value !== "object" || value === null) {
    return value as never;
  }
  if ((value as Values)[SIGNATURE] === SECRET) {
    return plain((value as { value: unknown }).value);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, plain(item)]),
  ) as never;
}

/** True for plain JSON, the only thing that the engine's protocol carries. */
export function isPlainJson(value: unknown): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(value)), value);
}

/**
 * A copy of a value by way of JSON.
 *
 * @throws for what the protocol does not carry.
 */
export function overTheWire<T>(value: T): T {
  if (!isPlainJson(value)) {
    throw new Error("A provider answered with something that is not plain JSON.");
  }
  return JSON.parse(JSON.stringify(value)) as T;
}
