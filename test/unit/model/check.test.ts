import { check } from "../../../provider/model/check";
import { Unknown } from "../../../provider/model/unknown";
import { databarFields } from "../../../provider/vendors/databar/fields";
import { supermetricsFields } from "../../../provider/vendors/supermetrics/fields";

const written = { name: "A", method: "get", url: "https://api.example.com/" };
const databar = (inputs: Record<string, unknown>, previous?: Record<string, unknown>) =>
  check(databarFields, { ...written, ...inputs }, previous);
const supermetrics = (inputs: Record<string, unknown>, previous?: Record<string, unknown>) =>
  check(supermetricsFields, { name: "A", teamId: "1", ...inputs }, previous);

describe("a create-only input", () => {
  test("is taken on create", () =>
    expect(databar({ onConflict: "adopt", connectorId: 4 }).inputs).toEqual({
      ...written,
      onConflict: "adopt",
      connectorId: 4,
    }));
  test("keeps its first value when it is edited later", () =>
    expect(
      databar({ onConflict: "fail" }, { ...written, onConflict: "adopt" }).inputs["onConflict"],
    ).toBe("adopt"));
  test("keeps its first value when the line is removed", () =>
    expect(databar({}, { ...written, onConflict: "adopt" }).inputs["onConflict"]).toBe("adopt"));
  test("stays unset when it is written later", () =>
    expect(databar({ onConflict: "fail" }, written).inputs).toEqual(written));
  test("that names a connector may be written later: diff decides whether that is another one", () =>
    expect(databar({ connectorId: 5 }, written).inputs["connectorId"]).toBe(5));
  test("that names a connector may name another one", () =>
    expect(databar({ connectorId: 5 }, { ...written, connectorId: 4 }).inputs["connectorId"]).toBe(
      5,
    ));
  test("that names a connector is kept when the line is removed", () =>
    expect(databar({}, { ...written, connectorId: 4 }).inputs["connectorId"]).toBe(4));
  test("that names a connector is kept when it is set to null", () =>
    expect(
      databar({ connectorId: null }, { ...written, connectorId: 4 }).inputs["connectorId"],
    ).toBe(4));
  test("duplicateOf keeps its first value", () =>
    expect(
      supermetrics({ duplicateOf: "B" }, { name: "A", teamId: "1", duplicateOf: "A" }).inputs[
        "duplicateOf"
      ],
    ).toBe("A"));
  test("is still judged as written", () =>
    expect(
      databar({ onConflict: "adpt" }, { ...written, onConflict: "adopt" }).diagnostics.map(
        ({ path }) => path,
      ),
    ).toEqual(["onConflict"]));
  test("an input that may change takes the new value", () =>
    expect(supermetrics({ teamId: "2" }, { name: "A", teamId: "1" }).inputs["teamId"]).toBe("2"));
});

describe("null and undefined", () => {
  test("are the same as unset", () =>
    expect(
      databar({ rateLimit: null, headers: null, bodyTemplate: undefined, onConflict: null }).inputs,
    ).toEqual(written));
  test("do not hide a property that there is not", () =>
    expect(databar({ ratelimit: null }).diagnostics).toHaveLength(1));
  test("within a document are values", () =>
    expect(supermetrics({ configuration: { a: null } }).inputs["configuration"]).toEqual({
      a: null,
    }));
});

describe("unknown values", () => {
  const unknown = new Unknown("mark");
  test("are handed back untouched", () => {
    const inputs = {
      headers: { Authorization: unknown, a: [unknown] },
      rateLimit: unknown,
      body: unknown,
    };
    expect(databar(inputs)).toEqual({
      inputs: { ...written, ...inputs },
      secrets: [],
      diagnostics: [],
    });
  });
  test("are not marked secret, their neighbours are", () => {
    expect(databar({ headers: { Authorization: unknown, "X-Api-Key": "k" } }).secrets).toEqual([
      ["headers", "X-Api-Key"],
    ]);
  });
  test("deep inside a document leave the rest of it to be marked", () => {
    expect(
      supermetrics({ configuration: { a: { url: unknown }, b: { token: "t" } } }).secrets,
    ).toEqual([["configuration", "b", "token"]]);
  });
});

test("every fault of a resource comes at once, by full path", () => {
  const { diagnostics } = databar({
    name: "",
    method: "fetch",
    url: "no url",
    headers: { "odd name": "x", Accept: "a\nb" },
    rateLimit: 0,
    bodyTempalte: "x",
  });
  expect(diagnostics.map(({ path }) => path).sort()).toEqual([
    "bodyTempalte",
    "headers.Accept",
    'headers["odd name"]',
    "method",
    "name",
    "rateLimit",
    "url",
  ]);
});

test("credentials are marked secret even if the program forgot", () => {
  expect(databar({ headers: { Authorization: "Bearer x", Accept: "json" } }).secrets).toEqual([
    ["headers", "Authorization"],
  ]);
});

test("what the program wrote is not changed in place", () => {
  const mine = Object.freeze({ ...written, onConflict: "fail", rateLimit: null });
  expect(check(databarFields, mine, { ...written, onConflict: "adopt" }).inputs).toEqual({
    ...written,
    onConflict: "adopt",
  });
});
