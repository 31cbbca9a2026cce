import { checkedBefore } from "../../../provider/model/check";
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
) => diff(databarFields, { connectorId: "42" }, olds, checkedBefore(news));
const place = { teamId: "1", connectorIdentifier: "T3S70" };
const supermetrics = (news: Record<string, unknown>, olds: Record<string, unknown>) =>
  diff(supermetricsFields, place, olds, checkedBefore(news));

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
  describe("when a file is at another path, with the same content", () => {
    const olds = { name: "A", logo: { path: "/elsewhere/logo.png", sha256: "1" } };
    const logo = (sha256: string, path = "logo.png"): Record<string, unknown> => ({
      name: "A",
      logo: { path, sha256 },
    });
    test("and nothing else", () => expect(supermetrics(logo("1"), olds).isNothing).toBe(true));
    test("but not when its content changed, or it is new, or something else did", () => {
      expect(supermetrics(logo("2"), olds).isNothing).toBe(false);
      expect(supermetrics(logo("1"), { name: "A" }).isNothing).toBe(false);
      expect(supermetrics({ name: "A" }, olds).isNothing).toBe(false);
      expect(supermetrics({ ...logo("1"), name: "B" }, olds).isNothing).toBe(false);
    });
  });
  test("when the only news is the id of the connector that is there", () =>
    expect(databar({ ...inputs, connectorId: 42 }).isNothing).toBe(true));
  test("is the engine's to say when there is no such news", () =>
    expect(databar(inputs).isNothing).toBe(false));
  test("is the engine's to say when the id was there before", () =>
    expect(databar({ ...inputs, connectorId: 42 }, { ...state, connectorId: 42 }).isNothing).toBe(
      false,
    ));
  test("is the engine's to say of a create-only input that names no connector", () =>
    expect(databar({ ...inputs, onConflict: "adopt" }).isNothing).toBe(false));
  test("not when the id is another one", () =>
    expect(databar({ ...inputs, connectorId: 43 }).isNothing).toBe(false));
  test.each([
    { name: "B" },
    { headers: { a: "2" } },
    { headers: {} },
    { rateLimit: 5 },
    { headers: { a: new Unknown("mark") } },
    { body: new Unknown("mark") },
  ])("not when %j differs too", (change) => {
    expect(databar({ ...inputs, connectorId: 42, ...change }).isNothing).toBe(false);
  });
  test("not when something was removed", () =>
    expect(databar({ name: "A", method: "get", url: state.url, connectorId: 42 }).isNothing).toBe(
      false,
    ));
  test("null and missing are alike", () =>
    expect(databar({ ...inputs, connectorId: 42 }, { ...state, rateLimit: null }).isNothing).toBe(
      true,
    ));
  test("outputs and another create-only input do not count", () =>
    expect(
      databar({ ...inputs, connectorId: 42, onConflict: "adopt" }, { ...state, createdAt: "x" })
        .isNothing,
    ).toBe(true));

  describe("of a document that the state holds as a mark", () => {
    const configuration = { a: 1, b: 2 };
    const olds = { name: "A", teamId: "1", configurationDigest: digest(configuration) };
    const news = { name: "A", teamId: "1", connectorIdentifier: "T3S70" };
    test("the mark decides", () => {
      expect(supermetrics({ ...news, configuration: { b: 2, a: 1 } }, olds).isNothing).toBe(true);
      expect(supermetrics({ ...news, configuration: { a: 1, b: 3 } }, olds).isNothing).toBe(false);
      expect(supermetrics(news, olds).isNothing).toBe(false);
    });
    test("an unknown one differs", () =>
      expect(
        supermetrics({ ...news, configuration: new Unknown("mark") }, { name: "A", teamId: "1" })
          .isNothing,
      ).toBe(false));
  });
});
