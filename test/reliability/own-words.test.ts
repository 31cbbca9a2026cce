/**
 * R8, the other side: a secret that is one of our own words hides none of them. Each failure says
 * the same as with secrets that are no words, and no secret of the vendor's answer comes out.
 */
import { isolate } from "../../harness/jest/isolate";
import { EVERY_ROW, THOROUGH } from "./generated-cases";
import { FAULTS, type FaultRow, LOST_AFTER_COMMIT } from "./fault-matrix";
import { FORMS } from "./fleets";
import { closeWorlds, openSandbox } from "./open-sandbox";
import { type Program, type Run } from "./stack";

isolate();
afterEach(closeWorlds);

const VENDORS = ["databar", "supermetrics"] as const;

/** Words of our messages: short and long, names, codes, units. */
const WORDS = [
  "conflict",
  "Databar",
  "Supermetrics",
  "connector",
  "deployment",
  "pulumi",
  "t",
  "s",
];
/** As many texts that stand in no message. */
const NEUTRAL = WORDS.map((_, index) => `zq${index}-qzqzq`);

/** Each text is a secret in every place: headers, parameters, secrets and credentials by name. */
function program(texts: readonly string[], suffix = ""): Program {
  const named = (prefix: string): Record<string, string> =>
    Object.fromEntries(texts.map((text, index) => [`${prefix}${index}-token`, text + suffix]));
  return {
    databar: {
      vendor: "databar",
      args: { name: "Ours", method: "get", url: "https://api.example.com/", headers: named("x") },
    },
    supermetrics: {
      vendor: "supermetrics",
      args: { name: "Ours", configuration: { oauth: named("y") }, secrets: named("z") },
    },
  };
}

const REFUSAL: FaultRow = { name: "422 without a text", fault: { status: 422 } };
const ROWS = [REFUSAL, ...FAULTS];

type Act = (texts: readonly string[], row: FaultRow) => Promise<Run["failures"][]>;

/**
 * Messages without what differs from run to run, the vendors' ids, and without the path of the
 * request: it holds ids, so that all of it counts as text from outside.
 */
function comparable(failures: readonly Run["failures"][]): Run["failures"][] {
  return failures.map((each) =>
    Object.fromEntries(
      Object.entries(each).map(([name, message]) => [
        name,
        message
          .replace(/\bid \w+|connectorIdentifier: "\w+"/g, "ID")
          .replace(/request [\w-]{20,}/g, "request ID")
          .replace(/within [\d.]+ s/g, "within TIME")
          .replace(/(GET|POST|PUT|DELETE) \/\S*/g, "$1 PATH"),
      ]),
    ),
  );
}

describe.each(FORMS)("R8 no word of ours is hidden$form", ({ form, open }) => {
  const failing: Act = async (texts, { fault }) => {
    const sandbox = await openSandbox();
    const settings = { apiKey: texts[0], operationTimeoutSeconds: 1 };
    const stack = open(sandbox, settings);
    const during = async (method: string, run: () => Promise<Run>): Promise<Run["failures"]> => {
      VENDORS.forEach((vendor) => sandbox[vendor].fault({ ...fault, method, times: Infinity }));
      const { failures } = await run();
      sandbox.clearFaults();
      return failures;
    };
    const all = [await during("POST", () => stack.up(program(texts)))];
    const { failures } = await stack.up(program(texts));
    expect(failures).toEqual({});
    all.push(await during("PUT", () => stack.up(program(texts, " 2"))));
    all.push(await during("GET", () => stack.refresh()));
    all.push(await during("DELETE", () => stack.destroy()));
    return all;
  };

  const isWhole = THOROUGH || (form === "" && EVERY_ROW);
  const rows = isWhole ? ROWS : [REFUSAL, ...LOST_AFTER_COMMIT.slice(0, 3)];
  test.each(rows.map((row) => [row.name, row] as const))("%s", async (_, row) => {
    const words = comparable(await failing(WORDS, row));
    expect(words).toEqual(comparable(await failing(NEUTRAL, row)));
    expect(JSON.stringify(words)).not.toContain("[redacted]");
  });

  test("in a conflict with another connector of the name", async () => {
    const conflict: Act = async (texts) => {
      const sandbox = await openSandbox();
      sandbox.databar.seed({ name: "Ours" });
      sandbox.supermetrics.seed({ name: "Ours" });
      const { failures } = await open(sandbox, { apiKey: texts[0] }).up(program(texts));
      expect(sandbox.databar.connectors.length + sandbox.supermetrics.connectors.length).toBe(2);
      return [failures];
    };
    const words = comparable(await conflict(WORDS, REFUSAL));
    expect(words).toEqual(comparable(await conflict(NEUTRAL, REFUSAL)));
    expect(words[0]!["databar"]).toContain("[conflict] Databar already has a connector named");
  });
});
