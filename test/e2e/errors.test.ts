/**
 * Deployments that fail with a vendor's error or an invalid answer: the message, and that the state
 * is kept.
 */
import { type FaultOptions, type RequestLogEntry, type Sandbox } from "pulumi-connectors/sandbox";
import { type ErrorRow } from "../../provider/vendors/shared/error-table";
import { databarErrors } from "../../provider/vendors/databar/errors";
import { supermetricsErrors } from "../../provider/vendors/supermetrics/errors";
import { type RunResult, type StateResource } from "../../harness/engine/types";
import { count, databar, managed, messageOf, PAGE, SECRET, supermetrics } from "./failures";
import { openGate } from "./gate";
import {
  type Declared,
  engineLine,
  expectOk,
  type Program,
  startWorld,
  type World,
} from "../../harness/e2e/world";

// Each test runs many engine operations, which can take seconds on a busy machine.
jest.setTimeout(180_000);

/** An answer to an update, and the resulting error message. */
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
const SUPERMETRICS: Vendor = {
  name: "Supermetrics",
  sandbox: ({ supermetrics }) => supermetrics,
  declare: supermetrics,
};

describe(`${engineLine}. Databar rejects an update`, () => {
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

describe(`${engineLine}. Supermetrics rejects an update`, () => {
  failures(SUPERMETRICS, [
    ...supermetricsErrors.map((row) => {
      const code = (row.vendorCode ?? "NOT_DOCUMENTED").replace("*", "OTHER");
      return {
        title: titleOf(row),
        answer: {
          status: statusOf(row),
          body: {
            meta: { request_id: "req-1" },
            error: { code, message: "In the vendor's words." },
          },
        },
        says: [
          `[${row.code}] Supermetrics `,
          `: In the vendor's words [HTTP ${statusOf(row)}, ${code}, request req-1]. ${row.fix.replace("teamId", "supermetrics:teamId")}.`,
        ],
      };
    }),
    {
      title: "422: a field in the description is mapped to its property",
      answer: supermetricsInvalid(
        "The field 'connector.description' must not be longer than 1000 characters.",
      ),
      says: [
        "[invalid] Supermetrics rejected connector ",
        "(update, id ",
        "description: ",
        "Fix description in the definition.",
      ],
    },
    {
      title: "422: a field in the configuration keeps its path",
      answer: supermetricsInvalid(
        "The field 'configuration_json.reporting.reportTypes[0].id' must not be null.",
      ),
      says: [
        "configuration.reporting.reportTypes[0].id: ",
        "Fix configuration.reporting.reportTypes[0].id in the definition.",
      ],
    },
    ...strangeAnswers("Supermetrics", undefined),
  ]);
});

describe(`${engineLine}. A rejected create`, () => {
  test("creates and records nothing, and the next deployment creates the connector", async () => {
    const world = await startWorld();
    const gate = await openGate(world);
    try {
      const { sandbox, stack } = world;
      const sends =
        (name: string) =>
        ({ body }: RequestLogEntry) =>
          JSON.stringify(body).includes(name);
      sandbox.databar.fault({
        method: "POST",
        when: sends("Refused"),
        status: 422,
        body: { detail: [{ loc: ["body", "url"], msg: "is blocked" }] },
      });
      sandbox.databar.fault({
        method: "POST",
        when: sends("Page"),
        html: PAGE,
        status: 200,
        times: Infinity,
      });
      sandbox.supermetrics.fault({
        method: "POST",
        ...supermetricsInvalid("The field 'title' must not be empty."),
      });
      world.program({
        refused: databar("Refused", "1"),
        page: databar("Page", "1"),
        titled: supermetrics("Titled", "1"),
      });
      gate.hold("POST", 3);
      const failed = await stack.up({ parallel: 8 });
      expect(failed.ok).toBe(false);
      expect(messageOf(failed, "refused")).toContain(
        '[invalid] Databar rejected connector "Refused" (create): url: is blocked [HTTP 422]. Fix url in the definition.',
      );
      expect(messageOf(failed, "titled")).toContain(
        '[invalid] Supermetrics rejected connector "Titled" (create): name: ',
      );
      expect(messageOf(failed, "page")).toContain(
        '[ambiguous_create] It is unknown whether Databar created connector "Page": ',
      );
      expect(await managed(world)).toEqual([]);
      expect(count(sandbox, "POST")).toBe(3);
      expect(sandbox.databar.connectors).toEqual([]);
      expect(sandbox.supermetrics.connectors).toEqual([]);

      sandbox.clearFaults();
      expectOk(await stack.up());
      expect(sandbox.databar.connectors.map(({ name }) => name).sort()).toEqual([
        "Page",
        "Refused",
      ]);
      expect(sandbox.supermetrics.connectors.map(({ name }) => name)).toEqual(["Titled"]);
    } finally {
      await gate.close();
      await world.close();
    }
  });
});

/**
 * Creates a connector per case and changes all in one deployment, in which each change fails with
 * its case.
 */
function failures(vendor: Vendor, cases: readonly Case[]): void {
  let world: World;
  let failed: RunResult;
  let created: readonly StateResource[];
  let kept: readonly StateResource[];
  const resource = (index: number): string => `case-${index}`;
  const program = (version: string): Program =>
    Object.fromEntries(
      cases.map((_, index) => [resource(index), vendor.declare(`Case ${index}`, version)]),
    );

  beforeAll(async () => {
    // A 429 is retried and pauses all requests until the retry budget is used up.
    world = await startWorld({
      config: {
        "databar:operationTimeoutSeconds": "15",
        "supermetrics:operationTimeoutSeconds": "15",
      },
    });
    const gate = await openGate(world);
    try {
      world.program(program("1"));
      expectOk(await world.stack.up({ parallel: cases.length }));
      created = await managed(world);
      cases.forEach(({ answer }, index) => {
        const id = created.find(({ urn }) => urn.endsWith(`::${resource(index)}`))?.id ?? "none";
        vendor.sandbox(world.sandbox).fault({
          method: "PUT",
          path: new RegExp(`/${id.replace(/^.*\//, "")}$`),
          times: Infinity,
          ...answer,
        });
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

  test.each(cases.map((each, index) => [each.title, each, index] as const))(
    "%s",
    (_, { says }, index) => {
      const message = messageOf(failed, resource(index));
      for (const part of says) {
        expect(message).toContain(part);
      }
      expect(message).toMatch(new RegExp(`connector "Case ${index}" \\(|/v1/`));
    },
  );

  test("the deployment fails; state and vendor keep every connector, and the state records updates with an unknown outcome", () => {
    expect(failed.ok).toBe(false);
    expect(failed.text).not.toContain(SECRET);
    const inOrder = (resources: readonly StateResource[]) =>
      cases.map((_, index) => resources.find(({ urn }) => urn.endsWith(`::${resource(index)}`)));
    const before = inOrder(created);
    const open = cases.map(isOpen);
    expect(inOrder(kept).filter((_, index) => !open[index])).toEqual(
      before.filter((_, index) => !open[index]),
    );
    expect(inOrder(kept).filter((_, index) => open[index])).toEqual(
      before
        .filter((_, index) => open[index])
        .map((each): unknown =>
          expect.objectContaining({ id: each?.id, initErrors: [expect.stringMatching(/^\[/)] }),
        ),
    );
    expect(JSON.stringify(vendor.sandbox(world.sandbox).connectors)).not.toContain("/2/");
  });
}

/**
 * Whether the outcome of the update is unknown. If so, the next deployment must not assume either
 * outcome.
 */
function isOpen({ answer: { status, html, redirect } }: Case): boolean {
  const answered = status ?? (html === undefined ? (redirect === undefined ? 200 : 307) : 502);
  return answered < 300 || answered === 408 || answered >= 500;
}

function titleOf({ status, vendorCode, means }: ErrorRow): string {
  return `${status}${vendorCode === undefined ? "" : ` ${vendorCode}`}: ${means}`;
}

function statusOf({ status }: ErrorRow): number {
  if (typeof status === "number") {
    return status;
  }
  return status === "4xx" ? 418 : 504;
}

/** Databar has no error codes: two errors are recognized by their text or location. */
function databarBody({ vendorCode }: ErrorRow): unknown {
  if (vendorCode === "PLAN") {
    return { detail: "SDK is not available on your current plan" };
  }
  if (vendorCode === "KEY") {
    return { detail: [{ type: "missing", loc: ["header", "x-apikey"], msg: "Field required" }] };
  }
  return { detail: "In the vendor's words" };
}

function databarLocations(): Case[] {
  const location = (loc: readonly (string | number)[], path: string): Case => ({
    title: `422: the location ${JSON.stringify(loc)} is the property ${path}`,
    answer: {
      status: 422,
      body: { detail: [{ type: "value_error", loc, msg: "is not allowed" }] },
    },
    says: [
      "[invalid] Databar rejected connector ",
      "(update, id ",
      `: ${path}: is not allowed [HTTP 422]. Fix ${path} in the definition.`,
    ],
  });
  return [
    location(["body", "headers", 0, "value"], "headers.Authorization"),
    location(["body", "headers", 1], "headers.X-Region"),
    location(["body", "parameters", 0, "name"], "parameters.domain"),
    location(["body", "body_template"], "bodyTemplate"),
    location(["body", "max_concurrency"], "maxConcurrency"),
    {
      title: "422: a limit below 1, with our own message",
      answer: {
        status: 422,
        body: {
          detail: [
            {
              loc: ["body", "rate_limit"],
              msg: "Input should be greater than or equal to 1",
              input: 0,
            },
          ],
        },
      },
      says: ["): rateLimit: must be at least 1 [HTTP 422]. Fix rateLimit in the definition."],
    },
    {
      title: "422: all errors of an answer are reported",
      answer: {
        status: 422,
        body: {
          detail: [
            { loc: ["body", "name"], msg: "is taken" },
            { loc: ["body", "url"], msg: "is blocked" },
          ],
        },
      },
      says: ["): name: is taken; url: is blocked [HTTP 422]. Fix name, url in the definition."],
    },
    {
      title: "422: a secret in the vendor's answer is redacted",
      answer: {
        status: 422,
        body: {
          detail: [
            {
              loc: ["body", "headers", 0, "value"],
              msg: `Bearer ${SECRET} is not allowed`,
              input: `Bearer ${SECRET}`,
            },
          ],
        },
      },
      says: ["headers.Authorization: ", "Fix headers.Authorization in the definition."],
    },
  ];
}

function supermetricsInvalid(description: string): FaultOptions {
  const error = {
    code: "UNPROCESSABLE_ENTITY",
    message: "Validation failed for the request parameters.",
    description,
  };
  return { status: 422, body: { meta: { request_id: "req-2" }, error } };
}

/**
 * Answers of proxies and gateways.
 *
 * @param wrongShape a JSON body that is not a valid answer to an update; `undefined` if the client
 *   does not read the body.
 */
function strangeAnswers(vendor: string, wrongShape: unknown): Case[] {
  const read = wrongShape !== undefined;
  return [
    {
      title: "an HTML page with 502",
      answer: { html: PAGE },
      says: [
        `[unavailable] ${vendor} failed to update connector `,
        "[HTTP 502]. Run pulumi up again later.",
      ],
    },
    {
      title: "an HTML page with 404",
      answer: { status: 404, html: PAGE },
      says: [
        `[unexpected_response] ${vendor} answered a request to update connector `,
        "[HTTP 404, text/html]",
      ],
    },
    {
      title: "a truncated answer",
      answer: { truncate: true, body: { a: "x".repeat(999) } },
      says: ["[network] ", `The answer of ${vendor} to PUT `, " was cut off"],
    },
    {
      title: "an answer of 65 MiB",
      answer: { hugeBytes: 65 * 1024 * 1024 },
      says: ["[unexpected_response] ", " with more than 67108864 bytes"],
    },
    {
      title: "a redirect",
      answer: { redirect: "https://elsewhere.example/?token=1" },
      says: [
        "[unexpected_response] ",
        " with a redirect (307) to https://elsewhere.example. Redirects are refused",
      ],
    },
    ...[
      { title: "an HTML page with 200", answer: { status: 200, html: PAGE } },
      { title: "bytes that are not JSON", answer: { garbage: true } },
      { title: "JSON with a wrong shape", answer: { body: wrongShape } },
    ]
      .filter(() => read)
      .map((each) => ({
        ...each,
        says: [
          `[unexpected_response] ${vendor} answered a request to update connector `,
          "something else than its API documents",
          "[HTTP 200, ",
        ],
      })),
  ];
}
