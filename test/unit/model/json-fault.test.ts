import * as fc from "fast-check";
import { jsonFault } from "../../../provider/model/json-fault";

const parses = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

test("finds a fault exactly where JSON.parse does not parse", () => {
  fc.assert(
    fc.property(
      fc.json(),
      fc.nat(),
      fc.constantFrom("", '"', ",", "}", "]", "\\", "\n", "False", "1"),
      (json, at, more) => {
        const place = at % (json.length + 1);
        const text = json.slice(0, place) + more + json.slice(place);
        expect([text, jsonFault(text) === undefined]).toEqual([text, parses(text)]);
      },
    ),
    { numRuns: 2000 },
  );
});

test.each<[string, number, number]>([
  ['{"a": False}', 1, 7],
  ['{\n  "a": "say "hi""\n}', 2, 14],
  ['{"a": 1,}', 1, 9],
  ['{"a": 1', 1, 8],
  ["", 1, 1],
  ["[1] 2", 1, 5],
  ['{"a": 01}', 1, 7],
])("%j is no JSON from line %i, column %i on", (text, line, column) =>
  expect(jsonFault(text)).toMatchObject({ line, column }),
);
