/** What a new resource does about existing connectors: one decision that create and plan share. */
import {
  decideAdoption,
  type Existing,
  type Named,
  type Namesake,
  outcomeOf,
  type Verdict,
} from "../../../provider/lifecycle/adoption-decision";
import { own } from "../../../provider/message";
import { type OnConflict } from "../../../provider/model/field";
import { databarFields } from "../../../provider/vendors/databar/fields";
import { supermetricsFields } from "../../../provider/vendors/supermetrics/fields";

const nothing: Existing = { namesakes: [], isListComplete: true, isHolderUnknown: false };

function namesake(key: string, known: Partial<Namesake> = {}): Namesake {
  return { key, name: "A", isFree: true, isUnfinished: false, ...known };
}

function decide(
  existing: Partial<Existing>,
  onConflict?: OnConflict,
  table = databarFields,
): Omit<Verdict, "message"> & { readonly message?: string } {
  const verdict = decideAdoption(table, { name: "A", onConflict }, { ...nothing, ...existing });
  const { message, ...rest } = { message: undefined, ...verdict };
  return message === undefined ? rest : { ...rest, message: String(message) };
}

describe("a connector that the definition names", () => {
  const named = (known: Partial<Named>) => decide({ named: { key: "7", exists: true, ...known } });
  test("is adopted without a word", () => expect(named({})).toEqual({ action: "adopt", key: "7" }));
  test.each<[string, Partial<Named>, string]>([
    ["that does not exist", { exists: false }, "not_found"],
    ["that its own predecessor holds", { heldBy: "predecessor" }, "conflict"],
    ["that another resource holds", { heldBy: "another" }, "conflict"],
  ])("%s is refused", (_, known, code) =>
    expect(named(known)).toMatchObject({ action: "refuse", code }),
  );
});

describe("without a name in the definition", () => {
  test("no namesake: creates", () => expect(decide({})).toEqual({ action: "create" }));
  test("a namesake that is not free does not count", () =>
    expect(decide({ namesakes: [namesake("1", { isFree: false })] }, "fail")).toEqual({
      action: "create",
    }));
  test("none counts while it is unknown which one a resource holds", () =>
    expect(decide({ namesakes: [namesake("1")], isHolderUnknown: true }, "fail")).toEqual({
      action: "create",
    }));
  test.each<OnConflict | undefined>([undefined, "adopt", "fail"])(
    "an incomplete list is refused with onConflict %s, regardless of its items",
    (onConflict) =>
      expect(
        decide({ namesakes: [namesake("1")], isListComplete: false }, onConflict),
      ).toMatchObject({ action: "refuse", code: "unexpected_response" }),
  );
  test('an incomplete list is enough for onConflict "create"', () =>
    expect(decide({ isListComplete: false }, "create")).toEqual({ action: "create" }));
  test.each<OnConflict | undefined>([undefined, "adopt", "create", "fail"])(
    "a half-done one is finished with onConflict %s",
    (onConflict) =>
      expect(
        decide(
          {
            namesakes: [namesake("1", { differences: [] }), namesake("2", { isUnfinished: true })],
          },
          onConflict,
        ),
      ).toMatchObject({ action: "adopt", key: "2", message: expect.stringMatching(/^Finishing/) }),
  );
});

describe("with onConflict unset", () => {
  test("namesakes are compared one after the other, until one is identical", () => {
    const [first, second] = [namesake("1", { differences: ["url"] }), namesake("2")];
    expect(decide({ namesakes: [namesake("1"), second] })).toEqual({ action: "compare", key: "1" });
    expect(decide({ namesakes: [first, second] })).toEqual({ action: "compare", key: "2" });
    expect(
      decide({ namesakes: [first, { ...second, differences: [] }, namesake("3")] }),
    ).toMatchObject({ action: "adopt", key: "2" });
  });
  test("different ones are refused with the lines to write, at most ten", () => {
    const many = Array.from({ length: 12 }, (_, index) =>
      namesake(`K${index}`, { differences: ["url", "headers.A"] }),
    );
    const verdict = decide({ namesakes: many }, undefined, supermetricsFields);
    expect(verdict).toMatchObject({ action: "refuse", code: "conflict" });
    const lines = verdict.message?.split("\n") ?? [];
    expect(lines[0]).toMatch(/^Supermetrics already has 12 connectors .* in: url, headers\.A\.$/);
    expect(lines.filter((line) => /^ {4}connectorIdentifier: "K\d+",$/.test(line))).toHaveLength(
      10,
    );
  });
});

test.each<[Verdict, string | undefined]>([
  [{ action: "create" }, 'creates another one (onConflict: "create")'],
  [
    { action: "refuse", code: "conflict", message: own`m` },
    "refuses: write connectorId to take it over",
  ],
  [{ action: "adopt", key: "1" }, undefined],
])("in one line, %j", (verdict, expected) =>
  expect(outcomeOf(databarFields, verdict)).toBe(expected),
);
