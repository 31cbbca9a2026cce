import { diff } from "../../../provider/model/replacements";
import { digest } from "../../../provider/model/document";
import { without } from "../../../provider/model/state";
import { Unknown } from "../../../provider/model/unknown";
import { databarFields } from "../../../provider/vendors/databar/fields";
import { supermetricsFields } from "../../../provider/vendors/supermetrics/fields";

const state = {
  name: "A",
  method: "get",
  url: "https://api.example.com/",
  headers: { a: "1" },
  claim: "0",
};
const inputs = without(state, "claim");
const databar = (
  news: Record<string, unknown>,
  olds: typeof state & Record<string, unknown> = state,
) => diff(databarFields, { connectorId: "42" }, olds as never, news, () => ({}));
const place = { teamId: "1", connectorIdentifier: "T3S70" };
const supermetrics = (news: Record<string, unknown>, olds: Record<string, unknown>) => {
  const configuration = news["configuration"];
  const mark =
    configuration === undefined || configuration instanceof Unknown
      ? undefined
      : digest(configuration as never);
  return diff(supermetricsFields, place, olds as never, news, () => ({
    configuration: ["configurationDigest", mark],
  }));
};

describe("a replacement", () => {
  test("is another connector to adopt", () =>
    expect(databar({ ...inputs, connectorId: 43 }).replaces).toEqual(["connectorId"]));
  test("is not the connector that is there, whether its id is a number or a text", () => {
    expect(databar({ ...inputs, connectorId: 42 }).replaces).toEqual([]);
    expect(databar({ ...inputs, connectorId: "42" }).replaces).toEqual([]);
  });
  test("is another team, another identifier, or both", () => {
    expect(supermetrics({ name: "A", teamId: "2" }, { name: "A", teamId: "1" }).replaces).toEqual([
      "teamId",
    ]);
    expect(
      supermetrics({ name: "A", teamId: "1", connectorIdentifier: "X" }, { name: "A", teamId: "1" })
        .replaces,
    ).toEqual(["connectorIdentifier"]);
    expect(
      supermetrics({ name: "A", teamId: "2", connectorIdentifier: "X" }, { name: "A", teamId: "1" })
        .replaces,
    ).toEqual(["teamId", "connectorIdentifier"]);
    expect(
      supermetrics(
        { name: "A", teamId: "1", connectorIdentifier: "T3S70" },
        { name: "A", teamId: "1" },
      ).replaces,
    ).toEqual([]);
  });
  test("is nothing else", () =>
    expect(
      databar({ ...inputs, name: "B", type: "exporter", onConflict: "fail" }).replaces,
    ).toEqual([]));
  test("is not what is not known yet", () =>
    expect(databar({ ...inputs, connectorId: new Unknown("mark") }).replaces).toEqual([]));
});

describe("nothing differs", () => {
  test("when the only news is the id of the connector that is there", () =>
    expect(databar({ ...inputs, connectorId: 42 }).nothing).toBe(true));
  test("is the engine's to say when there is no such news", () =>
    expect(databar(inputs).nothing).toBe(false));
  test("is the engine's to say when the id was there before", () =>
    expect(databar({ ...inputs, connectorId: 42 }, { ...state, connectorId: 42 }).nothing).toBe(
      false,
    ));
  test("is the engine's to say of a create-only input that names no connector", () =>
    expect(databar({ ...inputs, onConflict: "adopt" }).nothing).toBe(false));
  test("not when the id is another one", () =>
    expect(databar({ ...inputs, connectorId: 43 }).nothing).toBe(false));
  test.each([
    { name: "B" },
    { headers: { a: "2" } },
    { headers: {} },
    { rateLimit: 5 },
    { headers: { a: new Unknown("mark") } },
    { body: new Unknown("mark") },
  ])("not when %j differs too", (change) => {
    expect(databar({ ...inputs, connectorId: 42, ...change }).nothing).toBe(false);
  });
  test("not when something was removed", () =>
    expect(databar({ name: "A", method: "get", url: state.url, connectorId: 42 }).nothing).toBe(
      false,
    ));
  test("null and missing are alike", () =>
    expect(databar({ ...inputs, connectorId: 42 }, { ...state, rateLimit: null }).nothing).toBe(
      true,
    ));
  test("outputs and another create-only input do not count", () =>
    expect(
      databar({ ...inputs, connectorId: 42, onConflict: "adopt" }, { ...state, createdAt: "x" })
        .nothing,
    ).toBe(true));

  describe("of a document that the state holds as a mark", () => {
    const configuration = { a: 1, b: 2 };
    const olds = { name: "A", teamId: "1", configurationDigest: digest(configuration) };
    const news = { name: "A", teamId: "1", connectorIdentifier: "T3S70" };
    test("the mark decides", () => {
      expect(supermetrics({ ...news, configuration: { b: 2, a: 1 } }, olds).nothing).toBe(true);
      expect(supermetrics({ ...news, configuration: { a: 1, b: 3 } }, olds).nothing).toBe(false);
      expect(supermetrics(news, olds).nothing).toBe(false);
    });
    test("an unknown one differs", () =>
      expect(
        supermetrics({ ...news, configuration: new Unknown("mark") }, { name: "A", teamId: "1" })
          .nothing,
      ).toBe(false));
  });
});
