/** What the engine cannot mark by its place, because what it marks by does not have the place. */
import { joinPath } from "../../../provider/diagnostics";
import { type JsonObject } from "../../../provider/json";
import { digest, pack } from "../../../provider/model/document";
import { type FieldTable } from "../../../provider/model/field";
import {
  INPUT_SHAPE,
  inputsOnRecord,
  readSecrets,
  withInputShape,
  writtenSecrets,
} from "../../../provider/model/new-places";
import { databarFields } from "../../../provider/vendors/databar/fields";
import { supermetricsFields } from "../../../provider/vendors/supermetrics/fields";

type Values = Readonly<Record<string, unknown>>;

const read = (
  values: Values,
  before: Values,
  known: readonly string[] = [],
  table: FieldTable = databarFields,
): string[] => readSecrets(table, values, before, () => known).map((path) => joinPath(...path));
const readConfiguration = (now: unknown, before: unknown): string[] =>
  read({ configuration: now }, { configuration: before }, [], supermetricsFields);

describe("a value that was read is secret", () => {
  test("at a new place, wherever the field can be", () =>
    expect(
      read(
        {
          name: "n",
          method: "get",
          rateLimit: 5,
          url: "https://a.example.com/",
          headers: { Accept: "a", New: "b", List: ["c"] },
          bodyTemplate: "t",
        },
        { headers: { Accept: "x" } },
      ),
    ).toEqual(["url", "headers.New", "headers.List", "bodyTemplate"]));
  test("at no place that was held, with any value there now", () =>
    expect(
      read(
        { url: "u2", headers: { A: "2", L: ["3", "4"] } },
        { url: "u", headers: { A: "1", L: ["1", "2"] } },
      ),
    ).toEqual([]));
  test("not where nothing is", () =>
    expect(read({ headers: {}, parameters: { a: "", b: [] } }, {})).toEqual([]));
  test("where one value took the place of several", () =>
    expect(readConfiguration({ a: "text", b: { c: 1 } }, { a: { b: "x" }, b: "y" })).toEqual([
      "configuration.a",
      "configuration.b.c",
    ]));
  test("as a whole list, when an item was added or has another name", () => {
    const pair = (name: string, value: string): JsonObject => ({ name, value });
    expect(
      readConfiguration(
        { longer: ["a", "b"], renamed: [pair("B", "1")], edited: [pair("A", "2")] },
        { longer: ["a"], renamed: [pair("A", "1")], edited: [pair("A", "1")] },
      ),
    ).toEqual(["configuration.longer", "configuration.renamed"]);
  });
  test("anywhere, when it changed and holds a known secret", () => {
    const values = { name: "n long-secret", description: "abc", headers: { A: "x long-secret" } };
    const known = ["long-secret", "abc", "n"];
    expect(read(values, { headers: { A: "1" } }, known)).toEqual([
      "name",
      "description",
      "headers.A",
    ]);
    expect(read(values, values, known)).toEqual([]);
    expect(read({ name: "none" }, {}, ["one"])).toEqual([]);
  });
});

test("of a state after a write, what is not the inputs' own value is secret wherever the field can be", () =>
  expect(
    writtenSecrets(
      databarFields,
      { name: "old", url: "old", headers: { A: "1", B: "2" }, body: { x: ["1"] } },
      { name: "new", url: "new", headers: { A: "1" }, body: { x: ["2"] } },
    ).map((path) => joinPath(...path)),
  ).toEqual(["url", "headers.B", "body.x"]));

describe("the inputs on record", () => {
  const configuration = { a: "1", list: [{ name: "N", value: "v" }] };
  const state = { name: "n", configurationSource: pack(configuration) };
  const clean = { ...state, configurationDigest: digest(configuration) };

  test("are the state's, where it says all there is", () => {
    expect(withInputShape(supermetricsFields, clean, { configuration })).toBe(clean);
    expect(inputsOnRecord(supermetricsFields, clean)).toMatchObject({ configuration });
  });
  test("have the shape that is packed beside a state that does not say it, without a value", () => {
    const drifted = { a: "secret", list: [{ name: "Other", value: "secret" }] };
    for (const stored of [state, clean]) {
      const shaped = withInputShape(supermetricsFields, stored, {
        name: "x",
        configuration: drifted,
      });
      const found = inputsOnRecord(supermetricsFields, shaped);
      expect(shaped).toEqual({ ...stored, [INPUT_SHAPE]: expect.any(String) as unknown });
      expect(found).toEqual({ configuration: { a: 0, list: [{ name: "Other", value: 0 }] } });
      expect(read({ configuration: drifted }, found, [], supermetricsFields)).toEqual([]);
    }
  });
  test("are unknown in a state of which the document changed, and that has no shape", () =>
    expect(inputsOnRecord(supermetricsFields, state)).not.toHaveProperty("configuration"));
});
