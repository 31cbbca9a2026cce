/**
 * Generated input for parsers: arbitrary JSON, difficult strings, and mutated documented bodies.
 */
import fc, { type Arbitrary } from "fast-check";

/** A secret in inputs that servers repeat. No output can contain its beginning. */
export const CANARY = 'canary-7fA3/9c+Zq==&<x>"é';
export const CANARY_START = CANARY.slice(0, 12);

/** The forms in which a server repeats a request. */
const echoes = fc.constantFrom(
  CANARY,
  `Bearer ${CANARY}`,
  encodeURIComponent(CANARY),
  JSON.stringify(CANARY),
  Buffer.from(CANARY).toString("base64"),
  `${"x".repeat(16_380)}${CANARY}`,
  `${"x".repeat(490)} ${CANARY}`,
  `input: ${CANARY.slice(0, 20)}…`,
);

/**
 * Strings, including difficult ones: lone surrogates, control characters, prototype names, and
 * input with quadratic regular expression cost.
 */
export const text: Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.string({ maxLength: 20 }) },
  {
    weight: 2,
    arbitrary: fc
      .array(fc.nat({ max: 0xffff }), { maxLength: 20 })
      .map((units) => String.fromCharCode(...units)),
  },
  { weight: 3, arbitrary: echoes },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "",
      "__proto__",
      "constructor",
      "toString",
      "\ud800",
      "\udfff\ud800",
      "\u0000",
      "\u2028",
      "${secrets.k}",
      "$${",
      "Not Found",
      "1e999",
      "[]",
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "\ud800".repeat(10_000),
      "a".repeat(50_000),
      '"'.repeat(20_000),
      "=".repeat(20_000),
      "${secrets.".repeat(5_000),
      "Bearer ".repeat(5_000),
    ),
  },
);

/** Names of properties, headers and secrets. Names are shown, so none is secret. */
export const name: Arbitrary<string> = text.filter(
  (value) =>
    !value.includes(CANARY_START) && !value.includes(Buffer.from(CANARY_START).toString("base64")),
);

const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(-0, 1e308, 5e-324, 2 ** 53, -(2 ** 63), 0.1),
);

/** Arbitrary JSON. Keys can be prototype names, as own properties. */
export function tree(leaf: Arbitrary<unknown>, keys: Arbitrary<string> = text): Arbitrary<unknown> {
  return fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5, depthSize: "small", withCrossShrink: true },
      leaf,
      fc.array(tie("tree"), { maxLength: 4 }),
      object(keys, tie("tree")),
    ),
  })).tree;
}

/** An object with any keys, including `__proto__` as an own property, as from `JSON.parse`. */
export function object(keys: Arbitrary<string>, values: Arbitrary<unknown>): Arbitrary<object> {
  return fc
    .array(fc.tuple(keys, values), { maxLength: 4 })
    .map((pairs) => Object.fromEntries(pairs));
}

export const scalar: Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: text },
  number,
  fc.boolean(),
  fc.constant(null),
);
export const anyJson: Arbitrary<unknown> = tree(scalar);

/** Unusually deep nesting. */
export const deep: Arbitrary<unknown> = fc
  .record({ depth: fc.constantFrom(50, 199, 500), list: fc.boolean(), leaf: scalar })
  .map(({ depth, list, leaf }) => {
    let value: unknown = leaf;
    for (let level = 0; level < depth; level++) {
      value = list ? [value] : { a: value };
    }
    return value;
  });

/** A value with one part replaced, removed or duplicated. */
export function mutated(bases: readonly unknown[]): Arbitrary<unknown> {
  return fc
    .tuple(
      fc.constantFrom(...bases),
      fc.array(fc.tuple(fc.nat(), fc.oneof(anyJson, fc.constant(undefined))), { maxLength: 4 }),
    )
    .map(([base, changes]) =>
      changes.reduce<unknown>((value, [at, part]) => changeAt(value, at, part), base),
    );
}

function changeAt(value: unknown, at: number, part: unknown): unknown {
  if (typeof value !== "object" || value === null || at % 5 === 4) {
    return part;
  }
  const keys = Object.keys(value);
  if (keys.length === 0) {
    return part;
  }
  const chosen = keys[at % keys.length]!;
  const deeper = Math.floor(at / 5);
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) =>
      String(index) === chosen ? changeAt(item, deeper, part) : item,
    );
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === chosen ? changeAt(item, deeper, part) : (item as unknown),
    ]),
  );
}

/** Raw bodies: JSON, truncated or corrupted JSON, HTML pages, and arbitrary strings. */
export function bodies(values: Arbitrary<unknown>): Arbitrary<string> {
  const json = values.map((value) => JSON.stringify(value ?? null));
  const broken = fc
    .tuple(json, fc.nat(), text)
    .map(([whole, at, part]) => `${whole.slice(0, at % (whole.length + 1))}${part}`);
  const page = fc
    .tuple(text, text)
    .map(
      ([title, body]) =>
        `<!DOCTYPE html><html><head><title>${title}</title></head><body>${body}</body></html>`,
    );
  const bytes = fc.uint8Array({ maxLength: 64 }).map((raw) => new TextDecoder().decode(raw));
  const nested = fc.constantFrom(
    "[".repeat(199) + "]".repeat(199),
    "[".repeat(100_000),
    '{"a":'.repeat(20_000),
  );
  return fc.oneof(
    { weight: 6, arbitrary: json },
    { weight: 2, arbitrary: broken },
    page,
    bytes,
    text,
    { weight: 1, arbitrary: nested },
  );
}
