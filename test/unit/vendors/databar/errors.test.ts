import { type HttpResponse } from "../../../../provider/http";
import { redactor } from "../../../../provider/http/redact/redact";
import { type CallContext } from "../../../../provider/lifecycle/adapter";
import {
  databarErrors,
  databarRefusal,
  propertyPath,
  readErrorBody,
  saysGone,
} from "../../../../provider/vendors/databar/errors";

const response = (
  statusCode: number,
  json: unknown,
  headers: Record<string, string> = {},
): HttpResponse => ({
  statusCode,
  headers,
  text: JSON.stringify(json),
  json,
  attempts: 1,
  redact: redactor([]),
});
const context: CallContext = {
  verb: "update",
  name: "A",
  ref: { scope: "", key: "42" },
  sensitive: [],
};

describe("every row of the table", () => {
  test.each(databarErrors.map((row) => [`${row.status} ${row.vendorCode ?? ""}`, row] as const))(
    "%s: code, meaning and remedy",
    (_, row) => {
      const status = row.status === "4xx" ? 418 : row.status === "5xx" ? 507 : row.status;
      const bodies: Record<string, unknown> = {
        PLAN: { detail: "Not available on your current plan" },
        KEY: { detail: [{ loc: ["header", "x-apikey"], msg: "Field required" }] },
      };
      const error = databarRefusal(
        response(
          status,
          bodies[row.vendorCode ?? ""] ?? (status === 404 ? { detail: row.means } : {}),
        ),
        context,
      );
      expect(error).toMatchObject({
        code: row.code,
        statusCode: status,
        vendor: "Databar",
        retryable: status === 429 || status >= 500,
        outcomeUnknown: status === 408 || status >= 500,
      });
      expect(error.message).toContain(`${row.fix}.`);
      expect(error.vendorCode).toBeUndefined();
      expect(error.message).toContain(`[HTTP ${status}]`);
      if (row.vendorCode === undefined) {
        expect(error.message).toContain(`: ${row.means} [HTTP ${status}]`);
      }
    },
  );
  test.each(["SDK is not available", "This is NOT AVAILABLE ON YOUR CURRENT PLAN."])(
    "403 with %j is the plan",
    (detail) => expect(databarRefusal(response(403, { detail }), context).code).toBe("plan_limit"),
  );
  test("403 with other words is the key; other statuses are what they are, whatever their words", () => {
    expect(databarRefusal(response(403, { detail: "no" }), context).code).toBe("forbidden");
    expect(
      databarRefusal(response(400, { detail: "not available on your current plan" }), context).code,
    ).toBe("invalid");
  });
  test("422 on a header is the key, 422 elsewhere is the definition", () => {
    expect(
      databarRefusal(
        response(422, { detail: [{ loc: ["header", "x-apikey"], msg: "Field required" }] }),
        context,
      ).code,
    ).toBe("unauthorized");
    expect(
      databarRefusal(
        response(422, {
          detail: [
            { loc: ["body", "url"], msg: "m" },
            { loc: ["header", "x-apikey"], msg: "m" },
          ],
        }),
        context,
      ).code,
    ).toBe("unauthorized");
    expect(
      databarRefusal(response(422, { detail: [{ loc: ["body", "header"], msg: "m" }] }), context)
        .code,
    ).toBe("invalid");
    expect(
      databarRefusal(
        response(400, { detail: [{ loc: ["header", "x-apikey"], msg: "m" }] }),
        context,
      ).vendorCode,
    ).toBeUndefined();
  });
});

describe("readErrorBody survives any body", () => {
  test.each<[unknown, object]>([
    [{ detail: "oops" }, { text: "oops", details: [] }],
    [
      { detail: ["a", "b"] },
      {
        details: [
          { path: "", message: "a" },
          { path: "", message: "b" },
        ],
      },
    ],
    [
      { detail: { loc: ["body", "url"], msg: "bad" } },
      { details: [{ path: "url", message: "bad" }] },
    ],
    [
      { detail: [{ loc: ["body", "name"], message: "m" }, { detail: "d" }, { type: "x" }, 5] },
      {
        details: [
          { path: "name", message: "m" },
          { path: "", message: "d" },
        ],
      },
    ],
    [
      { error: "BATCH_TOO_LARGE", detail: "too many" },
      { vendorCode: "BATCH_TOO_LARGE", text: "too many" },
    ],
    [{ error: "Something", details: "more" }, { text: "more" }],
    [{ message: "m" }, { text: "m" }],
    [{ error: "plain words" }, { text: "plain words" }],
    [{ error: "see E1" }, { text: "see E1" }],
    [{ error: "E1 again" }, { text: "E1 again" }],
    [{ detail: "", error: "E1" }, { text: "E1" }],
  ])("%j", (body, errorBody) => {
    const read = readErrorBody(response(400, body));
    expect(read).toMatchObject(errorBody);
    if (!("vendorCode" in errorBody)) {
      expect(read.vendorCode).toBe((body as { error?: string }).error === "E1" ? "E1" : undefined);
    }
  });
  test.each([undefined, null, "text", ["list"], 5])("%j says nothing", (body) =>
    expect(readErrorBody(response(400, body))).toEqual({}),
  );
  test("the request's id comes from its header", () =>
    expect(readErrorBody(response(400, undefined, { "x-request-id": "r-1" }))).toEqual({
      requestId: "r-1",
    }));
  test("at most fifty parts", () =>
    expect(
      readErrorBody(response(422, { detail: Array.from({ length: 60 }, () => "m") })).details,
    ).toHaveLength(50));
  test("pydantic's words become ours", () => {
    const messages = [
      "Input should be greater than or equal to 1",
      "Value should be greater than or equal to 10",
      "String should have at most 256 characters",
      "String should have at most 1 character",
      "Field required",
      "The Input should be greater than or equal to 1",
      "Value should be greater than or equal to 10 or so",
      "A String should have at most 9 characters",
      "String should have at most 9 characters or so",
    ];
    expect(
      readErrorBody(response(422, { detail: messages.map((msg) => ({ msg })) })).details!.map(
        ({ message }) => message,
      ),
    ).toEqual([
      "must be at least 1",
      "must be at least 10",
      "must have at most 256 characters",
      "must have at most 1 characters",
      ...messages.slice(4),
    ]);
  });
});

describe("whose words a body holds", () => {
  test.each<[boolean, boolean, unknown]>([
    [true, true, { detail: "not found" }],
    [true, true, { error: "CONNECTOR_NOT_FOUND", detail: "Not Found" }],
    [true, true, { error: "not found", details: "no connector of this id" }],
    [
      true,
      false,
      { detail: [{ loc: ["path", "connector_id"], msg: "Input should be a valid integer" }] },
    ],
    [true, false, { detail: { msg: "m" } }],
    [false, false, { detail: "Not Found" }],
    [
      false,
      false,
      { type: "about:blank", title: "Not Found", status: 404, detail: "No such host" },
    ],
    [false, false, { message: "no Route matched with those values" }],
    [false, false, { timestamp: 1, status: 404, error: "Not Found", path: "/v1/connectors/42" }],
    [false, false, { detail: "" }],
    [false, false, { detail: null }],
    [false, false, {}],
    [false, false, ["not found"]],
    [false, false, undefined],
  ])(
    "documented by Databar: %j, means that the connector is gone: %j: %j",
    (documented, gone, body) => {
      expect(readErrorBody(response(404, body)).documented ?? false).toBe(documented);
      expect(saysGone(body)).toBe(gone);
      expect(databarRefusal(response(404, body), context).code).toBe(
        documented ? "not_found" : "unexpected_response",
      );
      expect(databarRefusal(response(500, body), context)).toMatchObject({
        code: "unavailable",
        outcomeUnknown: true,
      });
    },
  );
});

describe("propertyPath: the vendor's location as ours", () => {
  const sent = {
    headers: [
      { name: "Accept", value: "x" },
      { name: "odd name", value: "y" },
    ],
    body: [],
  };
  test.each<[unknown, string]>([
    [["body", "name"], "name"],
    [["name"], "name"],
    [["body", "body_template"], "bodyTemplate"],
    [["body", "rate_limit"], "rateLimit"],
    [["body", "max_concurrency"], "maxConcurrency"],
    [["body", "headers"], "headers"],
    [["body", "headers", 0, "value"], "headers.Accept"],
    [["body", "headers", 1, "name"], 'headers["odd name"]'],
    [["body", "headers", "1"], 'headers["odd name"]'],
    [["body", "headers", 9, "value"], "headers[9]"],
    [["body", "body", 0], "body[0]"],
    [["body", "unheard", 0, "x"], "unheard[0].x"],
    [["body"], ""],
    [["body", 7], ""],
    [["header", "x-apikey"], ""],
    [["path", "connector_id"], ""],
    [["query", "q"], ""],
    [["cookie", "c"], ""],
    [[], ""],
    ["text", ""],
    [undefined, ""],
    [["body", null, "name"], "name"],
  ])("%j is %j", (loc, path) => expect(propertyPath(loc, sent)).toBe(path));
  test("without what was sent, entries are counted", () =>
    expect(propertyPath(["body", "headers", 0])).toBe("headers[0]"));
});

test("a 404 that is no JSON comes from something in front of Databar: it says nothing about the connector", () => {
  expect(databarRefusal({ ...response(404, undefined), text: "<html>" }, context)).toMatchObject({
    code: "unexpected_response",
    statusCode: 404,
  });
});

test("the row code of the plan stands beside the vendor's code, not in its place", () => {
  const error = databarRefusal(
    response(403, { error: "NO_PLAN", detail: "not available on your current plan" }),
    context,
  );
  expect(error).toMatchObject({ code: "plan_limit", vendorCode: "NO_PLAN" });
  expect(error.message).toContain("[HTTP 403, NO_PLAN]");
});

describe("the newer form, which names fields", () => {
  const refuse = (fields: unknown) =>
    databarRefusal(response(422, { error: "INVALID_DATA", detail: "bad", fields }), context, {
      headers: [{ name: "Accept", value: "x" }],
    });
  test.each<[unknown, string[]]>([
    [["rate_limit"], ["rateLimit"]],
    [
      ["name", "body_template"],
      ["name", "bodyTemplate"],
    ],
    [["headers.0.value"], ["headers.Accept"]],
    [
      ["unheard.12.x", "unheard.1a.x", "unheard.a1.x"],
      ["unheard[12].x", 'unheard["1a"].x', "unheard.a1.x"],
    ],
    [[["body", "max_concurrency"]], ["maxConcurrency"]],
    [["unheard", 5, null], ["unheard"]],
    ["rate_limit", []],
    [undefined, []],
  ])("%j concerns %j", (fields, paths) => {
    const error = refuse(fields);
    expect(error).toMatchObject({ code: "invalid", vendorCode: "INVALID_DATA" });
    expect(error.details.map(({ path }) => path)).toEqual(paths);
  });
  test("says what is wrong, and where", () => {
    expect(refuse(["rate_limit", "url"]).message).toBe(
      '[invalid] Databar rejected connector "A" (update, id 42): rateLimit: bad; url: see above [HTTP 422, INVALID_DATA]. Fix rateLimit, url in the definition.',
    );
  });
});

test("a request's id and the vendor's code are named, its words are short and tidy", () => {
  const body = { error: "INVALID_DATA", detail: `a\n\tb\u0000 ${"x".repeat(600)}.` };
  const { message } = databarRefusal(response(400, body, { "x-request-id": "r-1" }), context);
  expect(message).toMatch(
    /^\[invalid\] Databar rejected connector "A" \(update, id 42\): a b x+… \[HTTP 400, INVALID_DATA, request r-1\]\. Fix the definition\.$/,
  );
  expect(message.length).toBeLessThan(700);
});
