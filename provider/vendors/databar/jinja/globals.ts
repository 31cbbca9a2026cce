import {
  type Callable,
  isTrue,
  itemsOf,
  Lazy,
  Members,
  NotRendered,
  requireLength,
  TemplateFailure,
  textOf,
  type Value,
} from "./values";

/** The functions that jinja2 brings. */
export function globals(): Map<string, Value> {
  return new Map<string, Value>([
    ["range", range],
    ["dict", ({ named }) => new Map(named)],
    ["namespace", ({ named }) => new Members(new Map(named))],
    ["joiner", joiner],
    ["cycler", cycler],
    [
      "lipsum",
      () => {
        throw new NotRendered("a random text");
      },
    ],
  ]);
}

const range: Callable = ({ positional }) => {
  const [first = 0n, second, step = 1n] = positional;
  const [start, stop] = second === undefined ? [0n, first] : [first, second];
  if (typeof start !== "bigint" || typeof stop !== "bigint" || typeof step !== "bigint") {
    throw new TemplateFailure("range has something else than integers");
  }
  const length = step === 0n ? 0 : Math.max(0, Math.ceil(Number(stop - start) / Number(step)));
  if (step === 0n) {
    throw new TemplateFailure("range has a step of zero");
  }
  requireLength(length);
  return new Range(Array.from({ length }, (_, index) => start + BigInt(index) * step));
};

/** A list that prints in a form of its own. */
class Range extends Lazy {}

const joiner: Callable = ({ positional: [separator = ", "] }) => {
  let isFirst = true;
  return () => {
    const text = isFirst ? "" : textOf(separator);
    isFirst = false;
    return text;
  };
};

const cycler: Callable = ({ positional }) => {
  if (!isTrue([...positional])) {
    throw new TemplateFailure("cycler has no items");
  }
  const items = itemsOf([...positional]);
  let at = 0;
  return new Members(
    new Map<string, Value>([
      [
        "next",
        () => {
          const value = items[at] ?? null;
          at = (at + 1) % items.length;
          return value;
        },
      ],
    ]),
  );
};
