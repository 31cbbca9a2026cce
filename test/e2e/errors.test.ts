/** What a vendor's refusal, or an answer that is none, looks like as a failed deployment; and that the state is kept. */
import { type FaultOptions, type RequestLogEntry, type Sandbox } from "pulumi-connectors/sandbox";
import { type ErrorRow } from "../../provider/http/refusal";
import { databarErrors } from "../../provider/vendors/databar/errors";
import { supermetricsErrors } from "../../provider/vendors/supermetrics/errors";
import { type RunResult, type StateResource } from "../engine/types";
import { type Gate, openGate } from "./gate";
import { type Declared, engineLine, expectOk, type Program, startWorld, type World } from "./world";

const SECRET = "canary-value-9f8e7d6c";
const PAGE = "<!DOCTYPE html><html><body>Gateway page</body></html>";

// Many operations of an engine each; on a busy machine one takes seconds.
jest.setTimeout(180_000);

/** One answer to an update, and what the deployment failure says of it. */
interface Case {
  readonly title: string;
  readonly answer: FaultOptions;
  /** Parts of the message. */
  readonly says: readonly string[];
}

interface Vendor {
  readonly name: "Databar" | "Supermetrics";
  readonly sandbox: (sandbox: Sandbox) => Sandbox["databar"] | Sandbox["supermetrics"];
  readonly declare: (name: string, version: string) => Declared;
}

const DATABAR: Vendor = { name: "Databar", sandbox: ({ databar }) => databar, declare: databar };
const SUPERMETRICS: Vendor = { name: "Supermetrics", sandbox: ({ supermetrics }) => supermetrics, declare: supermetrics };

describe(`${engineLine}. Databar refuses an update`, () => {
  failures(DATABAR, [
    ...databarErrors.map((row) => ({
      title: titleOf(row),
      answer: { status: statusOf(row), body: databarBody(row) },
      says: [`[${row.code}] Databar `, `[HTTP ${statusOf(row)}`, `${row.fix}.`],
    })),
    ...databarLocations(),
    ...strangeAnswers("Databar", { status: "fine" }),
  ]);
});

describe(`${engineLine}. Supermetrics refuses an update`, () => {
  failures(SUPERMETRICS, [
    ...supermetricsErrors.map((row) => {
      const code = (row.vendorCode ?? "NOT_DOCUMENTED").replace("*", "OTHER");
      return {
        title: titleOf(row),
        answer: { status: statusOf(row), body: { meta: { request_id: "req-1" }, error: { code, message: "In the vendor's words." } } },
        says: [`[${row.code}] Supermetrics `, `: In the vendor's words [HTTP ${statusOf(row)}, ${code}, request req-1]. ${row.fix}.`],
      };
    }),
    {
      title: "422: the field that the description names is a property of the definition",
      answer: supermetricsInvalid("The field 'connector.description' must not be longer than 1000 characters."),
      says: ["[invalid] Supermetrics rejected connector ", "(update, id ", "description: ", "Fix description in the definition."],
    },
    {
      title: "422: a field inside the configuration keeps its path",
      answer: supermetricsInvalid("The field 'configuration_json.reporting.reportTypes[0].id' must not be null."),
      says: ["configuration.reporting.reportTypes[0].id: ", "Fix configuration.reporting.reportTypes[0].id in the definition."],
    },
    ...strangeAnswers("Supermetrics", undefined),
  ]);
});

describe(`${engineLine}. A create is refused`, () => {
  test("nothing is created, nothing is recorded, and the next deployment creates it", async () => {
    const world = await startWorld();
    const gate = await openGate(world);
    try {
      const { sandbox, stack } = world;
      const sends = (name: string) => ({ body }: RequestLogEntry) => JSON.stringify(body).includes(name);
      sandbox.databar.fault({ method: "POST", when: sends("Refused"), status: 422, body: { detail: [{ loc: ["body", "url"], msg: "is blocked" }] } });
      sandbox.databar.fault({ method: "POST", when: sends("Page"), html: PAGE, status: 200, times: Infinity });
      sandbox.supermetrics.fault({ method: "POST", ...supermetricsInvalid("The field 'title' must not be empty.") });
      world.program({ refused: databar("Refused", "1"), page: databar("Page", "1"), titled: supermetrics("Titled", "1") });
      gate.hold("POST", 3);
      const failed = await stack.up({ parallel: 8 });
      expect(failed.ok).toBe(false);
      expect(messageOf(failed, "refused")).toContain('[invalid] Databar rejected connector "Refused" (create): url: is blocked [HTTP 422]. Fix url in the definition.');
      expect(messageOf(failed, "titled")).toContain('[invalid] Supermetrics rejected connector "Titled" (create): name: ');
      expect(messageOf(failed, "page")).toContain('[ambiguous_create] It is unknown whether Databar created connector "Page": ');
      expect(await managed(world)).toEqual([]);
      expect(count(sandbox, "POST")).toBe(3);
      expect(sandbox.databar.connectors).toEqual([]);
      expect(sandbox.supermetrics.connectors).toEqual([]);

      sandbox.clearFaults();
      expectOk(await stack.up());
      expect(sandbox.databar.connectors.map(({ name }) => name).sort()).toEqual(["Page", "Refused"]);
      expect(sandbox.supermetrics.connectors.map(({ name }) => name)).toEqual(["Titled"]);
    } finally {
      await gate.close();
      await world.close();
    }
  });
});

describe(`${engineLine}. A look-up or a delete fails`, () => {
  let world: World;
  let gate: Gate;
  let before: readonly StateResource[];

  beforeAll(async () => {
    world = await startWorld();
    gate = await openGate(world);
    world.program({ scoring: databar("Scoring", "1"), awin: supermetrics("Awin", "1") });
    expectOk(await world.stack.up());
    before = await managed(world);
  });
  afterEach(() => world.sandbox.clearFaults());
  afterAll(async () => {
    await gate.close();
    await world.close();
  });

  async function expectKept(): Promise<void> {
    expect(before).toHaveLength(2);
    expect(await managed(world)).toEqual(before);
    expect(world.sandbox.databar.connectors).toHaveLength(1);
    expect(world.sandbox.supermetrics.connectors).toHaveLength(1);
  }

  const lookUps: [string, FaultOptions, string, string][] = [
    ["a fault on the vendor's side", { status: 500 }, "[unavailable] Databar failed to list connectors: ", "[unavailable] Supermetrics failed to list connectors: "],
    ["a refused key", { status: 403 }, "[forbidden] Databar refused to list connectors: ", "[forbidden] Supermetrics refused to list connectors: "],
    ["a page that says 404", { status: 404, html: PAGE }, "[unexpected_response] Databar ", "[unexpected_response] Supermetrics "],
    ["a list that is cut off", { truncate: true }, "[network] The answer of Databar to GET /v1/connectors/ was cut off", "[network] The answer of Supermetrics to GET "],
  ];

  test.each(lookUps)("%s is not absence: a refresh fails and keeps the state", async (_, answer, databarSays, supermetricsSays) => {
    for (const vendor of [world.sandbox.databar, world.sandbox.supermetrics]) vendor.fault({ method: "GET", ...answer, times: Infinity });
    gate.hold("GET", 2);
    const failed = await world.stack.refresh({ parallel: 8 });
    expect(failed.ok).toBe(false);
    expect(messageOf(failed, "scoring")).toContain(databarSays);
    expect(messageOf(failed, "awin")).toContain(supermetricsSays);
    await expectKept();
  });

  test("a connector that a list lacks is asked for by its id, and a page in place of that answer is not absence", async () => {
    world.sandbox.databar.fault({ method: "GET", path: "/v1/connectors/", body: [], times: Infinity });
    world.sandbox.databar.fault({ method: "GET", status: 404, html: PAGE, times: Infinity });
    world.sandbox.supermetrics.fault({ method: "GET", path: /connectors$/, body: { count: 1, connectors: [] }, times: Infinity });
    world.sandbox.supermetrics.fault({ method: "GET", status: 404, html: PAGE, times: Infinity });
    gate.hold("GET", 2);
    const failed = await world.stack.refresh({ parallel: 8 });
    expect(failed.ok).toBe(false);
    expect(messageOf(failed, "scoring")).toContain('Databar answered a request to read connector "Scoring" (id ');
    expect(messageOf(failed, "awin")).toContain('Supermetrics answered a request to read connector "Awin" (id ');
    await expectKept();
  });

  test.each([
    ["refresh", "GET"],
    ["destroy", "DELETE"],
  ] as const)("a key refused in a %s names --run-program, because Pulumi uses the stored configuration there", async (command, method) => {
    world.sandbox.databar.fault({ method, status: 401, times: Infinity });
    world.sandbox.supermetrics.fault({ method, status: 403, times: Infinity });
    gate.hold(method, 2);
    const failed = await world.stack[command]({ parallel: 8 });
    expect(failed.ok).toBe(false);
    expect(messageOf(failed, "scoring")).toMatch(/\[unauthorized\] Databar did not accept the credential .*databar:apiKey.*--run-program/s);
    expect(messageOf(failed, "awin")).toMatch(/\[forbidden\] Supermetrics refused .*--run-program/s);
    await expectKept();
  });

  test("a wait that the vendor asks for and that does not fit is named", async () => {
    world.program({ scoring: databar("Scoring", "2"), awin: supermetrics("Awin", "2") });
    world.sandbox.databar.fault({ method: "PUT", status: 429, headers: { "retry-after": "30" }, times: Infinity });
    world.sandbox.supermetrics.fault({ method: "PUT", status: 503, headers: { "retry-after": "7200" }, times: Infinity });
    await world.stack.setConfig({ "databar:operationTimeoutSeconds": "5", "supermetrics:operationTimeoutSeconds": "5" });
    world.sandbox.clearLogs();
    gate.hold("PUT", 2);
    const failed = await world.stack.up({ parallel: 8 });
    expect(failed.ok).toBe(false);
    expect(messageOf(failed, "scoring")).toMatch(/\[rate_limited\] Databar asks to wait 30 s \(until \d\d:\d\d UTC\) before PUT .*, longer than what is left of the 5 s/);
    expect(messageOf(failed, "awin")).toMatch(/\[unavailable\] Supermetrics asks to wait 7200 s \(until .*\) before PUT /);
    expect(count(world.sandbox, "PUT")).toBe(2);
    expect(world.sandbox.databar.connectors[0]?.url).toContain("/1/");
  });
});

/** Creates a connector per case, changes all of them, and answers every change with its case: one deployment, all failures. */
function failures(vendor: Vendor, cases: readonly Case[]): void {
  let world: World;
  let failed: RunResult;
  let created: readonly StateResource[];
  let kept: readonly StateResource[];
  const resource = (index: number): string => `case-${index}`;
  const program = (version: string): Program => Object.fromEntries(cases.map((_, index) => [resource(index), vendor.declare(`Case ${index}`, version)]));

  beforeAll(async () => {
    world = await startWorld();
    const gate = await openGate(world);
    try {
      world.program(program("1"));
      expectOk(await world.stack.up({ parallel: cases.length }));
      created = await managed(world);
      cases.forEach(({ answer }, index) => {
        const id = created.find(({ urn }) => urn.endsWith(`::${resource(index)}`))?.id ?? "none";
        vendor.sandbox(world.sandbox).fault({ method: "PUT", path: new RegExp(`/${id.replace(/^.*\//, "")}$`), times: Infinity, ...answer });
      });
      world.program(program("2"));
      gate.hold("PUT", cases.length);
      failed = await world.stack.up({ parallel: cases.length });
      kept = await managed(world);
    } finally {
      await gate.close();
    }
  });
  afterAll(() => world.close());

  test.each(cases.map((each, index) => [each.title, each, index] as const))("%s", (_, { says }, index) => {
    const message = messageOf(failed, resource(index));
    for (const part of says) expect(message).toContain(part);
    expect(message).toMatch(new RegExp(`connector "Case ${index}" \\(|/v1/`));
  });

  test("the deployment fails, the state keeps every connector as it was, and the vendor too", () => {
    expect(failed.ok).toBe(false);
    expect(failed.text).not.toContain(SECRET);
    expect(kept).toEqual(created);
    expect(JSON.stringify(vendor.sandbox(world.sandbox).connectors)).not.toContain("/2/");
  });
}

function databar(name: string, version: string): Declared {
  const args = {
    ...{ name, method: "post", url: `https://api.example.com/${version}/score`, bodyTemplate: "{}", maxConcurrency: 2 },
    ...{ headers: { Authorization: `Bearer ${SECRET}`, "X-Region": "emea" }, parameters: { domain: "" } },
  };
  return { type: "DatabarConnector", args };
}

function supermetrics(name: string, version: string): Declared {
  return { type: "SupermetricsConnector", args: { name, description: `Version /${version}/.` } };
}

function titleOf({ status, vendorCode, means }: ErrorRow): string {
  return `${status}${vendorCode === undefined ? "" : ` ${vendorCode}`}: ${means}`;
}

function statusOf({ status }: ErrorRow): number {
  if (typeof status === "number") return status;
  return status === "4xx" ? 418 : 504;
}

/** Databar has no codes: two of its refusals are told by their words, or by the place that they complain about. */
function databarBody({ vendorCode }: ErrorRow): unknown {
  if (vendorCode === "PLAN") return { detail: "SDK is not available on your current plan" };
  if (vendorCode === "KEY") return { detail: [{ type: "missing", loc: ["header", "x-apikey"], msg: "Field required" }] };
  return { detail: "In the vendor's words" };
}

function databarLocations(): Case[] {
  const location = (loc: readonly (string | number)[], path: string): Case => ({
    title: `422: the location ${JSON.stringify(loc)} is the property ${path}`,
    answer: { status: 422, body: { detail: [{ type: "value_error", loc, msg: "is not allowed" }] } },
    says: ["[invalid] Databar rejected connector ", "(update, id ", `: ${path}: is not allowed [HTTP 422]. Fix ${path} in the definition.`],
  });
  return [
    location(["body", "headers", 0, "value"], "headers.Authorization"),
    location(["body", "headers", 1], "headers.X-Region"),
    location(["body", "parameters", 0, "name"], "parameters.domain"),
    location(["body", "body_template"], "bodyTemplate"),
    location(["body", "max_concurrency"], "maxConcurrency"),
    {
      title: "422: a limit below 1, in words of ours",
      answer: { status: 422, body: { detail: [{ loc: ["body", "rate_limit"], msg: "Input should be greater than or equal to 1", input: 0 }] } },
      says: ["): rateLimit: must be at least 1 [HTTP 422]. Fix rateLimit in the definition."],
    },
    {
      title: "422: all faults of one answer are told",
      answer: { status: 422, body: { detail: [{ loc: ["body", "name"], msg: "is taken" }, { loc: ["body", "url"], msg: "is blocked" }] } },
      says: ["): name: is taken; url: is blocked [HTTP 422]. Fix name, url in the definition."],
    },
    {
      title: "422: a secret that the vendor repeats is taken out",
      answer: { status: 422, body: { detail: [{ loc: ["body", "headers", 0, "value"], msg: `Bearer ${SECRET} is not allowed`, input: `Bearer ${SECRET}` }] } },
      says: ["headers.Authorization: ", "Fix headers.Authorization in the definition."],
    },
  ];
}

function supermetricsInvalid(description: string): FaultOptions {
  const error = { code: "UNPROCESSABLE_ENTITY", message: "Validation failed for the request parameters.", description };
  return { status: 422, body: { meta: { request_id: "req-2" }, error } };
}

/**
 * What proxies and gateways put in a vendor's place.
 *
 * @param wrongShape a JSON body that is no answer to an update; `undefined` when the vendor's is not read.
 */
function strangeAnswers(vendor: string, wrongShape: unknown): Case[] {
  const read = wrongShape !== undefined;
  return [
    { title: "a page with 502", answer: { html: PAGE }, says: [`[unavailable] ${vendor} failed to update connector `, "[HTTP 502]. Run pulumi up again later."] },
    { title: "a page with 404", answer: { status: 404, html: PAGE }, says: [`[unexpected_response] ${vendor} answered a request to update connector `, "[HTTP 404, text/html]"] },
    { title: "an answer that is cut off", answer: { truncate: true, body: { a: "x".repeat(999) } }, says: ["[network] ", `The answer of ${vendor} to PUT `, " was cut off"] },
    { title: "an answer of 65 MiB", answer: { hugeBytes: 65 * 1024 * 1024 }, says: ["[unexpected_response] ", " with more than 67108864 bytes"] },
    { title: "a redirect", answer: { redirect: "https://elsewhere.example/?token=1" }, says: ["[unexpected_response] ", " with a redirect (307) to https://elsewhere.example. Redirects are refused"] },
    ...[{ title: "a page with 200", answer: { status: 200, html: PAGE } }, { title: "bytes that are no JSON", answer: { garbage: true } }, { title: "JSON of another shape", answer: { body: wrongShape } }]
      .filter(() => read)
      .map((each) => ({ ...each, says: [`[unexpected_response] ${vendor} answered a request to update connector `, "something else than its API documents", "[HTTP 200, "] })),
  ];
}

/** Everything that the engine says against a resource. */
function messageOf(result: RunResult, name: string): string {
  const messages = result.diagnostics.filter(({ severity, urn }) => severity === "error" && urn?.endsWith(`::${name}`));
  if (messages.length === 0) throw new Error(`Nothing is said against ${name}:\n${result.text}`);
  return messages.map(({ message }) => message).join("\n");
}

/** The connectors that the state holds. */
async function managed({ stack }: World): Promise<readonly StateResource[]> {
  return (await stack.exportState()).resources.filter(({ type }) => type.includes("Connector"));
}

function count({ databar: first, supermetrics: second }: Sandbox, method: string): number {
  return [...first.log, ...second.log].filter((entry) => entry.method === method).length;
}
