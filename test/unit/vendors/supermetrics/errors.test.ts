import { type HttpResponse } from "../../../../provider/http";
import { redactor } from "../../../../provider/http/redact/redact";
import { type CallContext } from "../../../../provider/lifecycle/adapter";
import { without } from "../../../../provider/model/state";
import {
  propertyPath,
  readErrorBody,
  saysGone,
  supermetricsErrors,
  supermetricsRefusal,
} from "../../../../provider/vendors/supermetrics/errors";

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
  ref: { scope: "", key: "T3S70" },
  sensitive: [],
};
const envelope = (code: string | undefined, parts: object = {}): object => ({
  meta: { request_id: "req-12345678" },
  error: { code, ...parts },
});

describe("every row of the table", () => {
  test.each(
    supermetricsErrors.map((row) => [`${row.status} ${row.vendorCode ?? ""}`, row] as const),
  )("%s: code, meaning and remedy", (_, row) => {
    const status = row.status === "4xx" ? 418 : row.status === "5xx" ? 507 : row.status;
    const vendorCode = row.vendorCode?.replace("*", "ANYTHING");
    const error = supermetricsRefusal(response(status, envelope(vendorCode)), context);
    const fault = status >= 500 && row.code !== "plan_limit";
    expect(error).toMatchObject({
      code: row.code,
      statusCode: status,
      vendor: "Supermetrics",
      requestId: "req-12345678",
      retryable: status === 429 || fault,
      outcomeUnknown: status === 408 || fault,
    });
    expect(error.vendorCode).toBe(vendorCode);
    expect(error.message).toContain(
      `: ${row.means} [HTTP ${status}${vendorCode === undefined ? "" : `, ${vendorCode}`}, request req-12345678]. ${row.fix}.`,
    );
  });
  test("the status decides first: a code that belongs to another status does not", () => {
    expect(supermetricsRefusal(response(500, envelope("NOT_FOUND")), context).code).toBe(
      "unavailable",
    );
    expect(supermetricsRefusal(response(404, envelope("UNAUTHORIZED")), context).code).toBe(
      "not_found",
    );
    expect(supermetricsRefusal(response(401, envelope("LICENSE_EXPIRED")), context).code).toBe(
      "unauthorized",
    );
  });
  test("the code decides second, also by its beginning", () => {
    expect(
      supermetricsRefusal(response(403, envelope("LICENSE_ROW_LIMIT_EXCEEDED")), context).code,
    ).toBe("plan_limit");
    expect(supermetricsRefusal(response(403, envelope("MY_LICENSE_X")), context).code).toBe(
      "forbidden",
    );
    expect(
      supermetricsRefusal(response(502, envelope("DUPLICATION_FAILED")), context).message,
    ).toContain("could not be copied");
  });
});

describe("readErrorBody survives any body", () => {
  test.each<[unknown, object]>([
    [
      envelope("BAD_REQUEST", { message: "m.", description: "d" }),
      { requestId: "req-12345678", vendorCode: "BAD_REQUEST", text: "m. d" },
    ],
    [{ error: { code: "X", message: "m" } }, { vendorCode: "X", text: "m" }],
    [{ meta: { request_id: "r" } }, { requestId: "r" }],
    [{ error: "UNAUTHORIZED" }, { vendorCode: "UNAUTHORIZED" }],
    [{ error: "invalid_grant", error_description: "expired" }, { text: "expired" }],
    [{ error: "plain words" }, { text: "plain words" }],
    [{ message: "m" }, { text: "m" }],
    [{ error: { code: "lower case", message: 5 } }, {}],
    [{ meta: [], error: [] }, {}],
  ])("%j", (body, errorBody) => {
    expect(without({ ...readErrorBody(response(400, body)) }, "details", "documented")).toEqual(
      errorBody,
    );
  });
  test.each([undefined, null, "text", ["list"], 5])("%j says nothing", (body) =>
    expect(readErrorBody(response(400, body))).toEqual({ details: [] }),
  );
  test("the request's id comes from the body first, from the header second", () => {
    const headers = { "x-request-id": "from-header" };
    expect(readErrorBody(response(400, envelope("X"), headers)).requestId).toBe("req-12345678");
    expect(readErrorBody(response(400, undefined, headers)).requestId).toBe("from-header");
  });
});

describe("whose words a body holds", () => {
  test.each<[boolean, boolean, unknown]>([
    [true, true, { error: { code: "NOT_FOUND" } }],
    [true, true, { error: { code: "CONNECTOR_NOT_FOUND", message: "m" } }],
    [true, true, { error: { code: "SECRET_NOT_FOUND" } }],
    [true, true, { error: { message: "m" } }],
    [true, false, { error: { code: "LOG_NOT_FOUND" } }],
    [true, false, { error: { code: "TEAM_NOT_FOUND" } }],
    [false, false, { error: { code: 404, message: "m", status: "NOT_FOUND" } }],
    [false, false, { error: "NOT_FOUND" }],
    [false, false, { error: "Not Found", message: "m" }],
    [false, false, { message: "no Route matched with those values" }],
    [false, false, {}],
    [false, false, ["NOT_FOUND"]],
    [false, false, undefined],
  ])(
    "documented by Supermetrics: %j, means that something is gone: %j: %j",
    (documented, gone, body) => {
      expect(readErrorBody(response(404, body)).documented ?? false).toBe(documented);
      expect(saysGone(body)).toBe(gone);
      expect(supermetricsRefusal(response(404, body), context).code).toBe(
        documented ? "not_found" : "unexpected_response",
      );
      expect(supermetricsRefusal(response(500, body), context)).toMatchObject({
        code: "unavailable",
        outcomeUnknown: true,
      });
    },
  );
});

describe("the property that a refusal is about", () => {
  const details = (description: string, about = {}) =>
    readErrorBody(
      response(422, envelope("X", { message: "Validation failed.", description })),
      about,
    ).details ?? [];
  test("is the field that the description names", () => {
    expect(details("The field 'display_name' must not be empty.")).toEqual([
      { path: "name", message: "Validation failed. The field 'display_name' must not be empty." },
    ]);
  });
  test("may stand behind more than one space", () =>
    expect(details("The fields  'name'.").map(({ path }) => path)).toEqual(["name"]));
  test("may be several", () => {
    expect(
      details("The field 'connector.name' is bad. The field \"connector.description\" too.").map(
        ({ path }) => path,
      ),
    ).toEqual(["name", "description"]);
    expect(details("The field 'a' is bad. The field 'b' too.")[1]!.message).toBe("see above");
  });
  test("is what the request carried when the description names none", () => {
    expect(details("It is not valid.", { property: "configuration" })).toEqual([
      { path: "configuration", message: "Validation failed. It is not valid." },
    ]);
  });
  test("is the named field rather than what the request carried", () =>
    expect(
      details("The field 'secret_value' is too long.", { secret: "k", property: "secrets.k" })[0]!
        .path,
    ).toBe("secrets.k"));
  test("is not known when nothing says so", () => {
    expect(details("It is not valid.")).toEqual([]);
    expect(readErrorBody(response(422, {}), { property: "logo" }).details).toEqual([]);
  });

  test.each<[string, string | undefined, string]>([
    ["title", undefined, "name"],
    ["name", undefined, "name"],
    ["display_name", undefined, "name"],
    ["connector.name", undefined, "name"],
    ["connector.description", undefined, "description"],
    ["description", undefined, "description"],
    ["connector_identifier", undefined, "connectorIdentifier"],
    ["team_id", undefined, "teamId"],
    ["configuration_json", undefined, "configuration"],
    ["configuration.configuration_json", undefined, "configuration"],
    [
      "configuration_json.reporting.reportTypes[0].id",
      undefined,
      "configuration.reporting.reportTypes[0].id",
    ],
    ["configuration.configuration_json.a", undefined, "configuration.a"],
    ["secret_value", "k", "secrets.k"],
    ["secret_name", "odd name", 'secrets["odd name"]'],
    ["secret_name", undefined, "secrets"],
    ["secret_names", "k", "secret_names"],
    ["my_secret_name", "k", "my_secret_name"],
    ["titles", undefined, "titles"],
    ["my_connector.name", undefined, "my_connector.name"],
    ["anything", undefined, "anything"],
  ])("%s (secret %s) is %s", (field, secret, path) =>
    expect(propertyPath(field, secret === undefined ? {} : { secret })).toBe(path),
  );

  test("in a create, the connector that is named is the one to copy", () =>
    expect(propertyPath("connector_identifier", { creates: true })).toBe("duplicateOf"));
  test.each([
    ["authentication.type", "configuration.authentication.type"],
    ["reporting.reportTypes[0].id", "configuration.reporting.reportTypes[0].id"],
    ["name", "configuration.name"],
    ["configurations", "configuration.configurations"],
    ["authentication.configuration", "configuration.authentication.configuration"],
    ["configuration_json", "configuration"],
    ["configuration", "configuration"],
    ["configuration_json.authentication.type", "configuration.authentication.type"],
    ["configuration.configuration_json.a", "configuration.a"],
    ["connector.name", "name"],
    ["team_id", "teamId"],
    ["connector_identifier", "connectorIdentifier"],
  ])("in a request that carries a configuration alone, %s is %s", (field, path) => {
    expect(
      details(`The field '${field}' is not valid.`, { property: "configuration" }).map(
        (detail) => detail.path,
      ),
    ).toEqual([path]);
  });
});

test.each([
  [429, "LICENSE_DAILY_QUERY_LIMIT_EXCEEDED", "plan_limit"],
  [429, "TOO_MANY_REQUESTS", "rate_limited"],
  [503, "SERVICE_UNAVAILABLE", "unavailable"],
])(
  "%d %s keeps the vendor's code, words and request id beside the wait that it asks for",
  (status, vendorCode, code) => {
    const error = supermetricsRefusal(
      response(status, envelope(vendorCode, { message: "Come back later." }), {
        "retry-after": "7200",
      }),
      context,
    );
    expect(error).toMatchObject({
      code,
      vendorCode,
      requestId: "req-12345678",
      retryAfter: 7200,
      retryable: true,
    });
    expect(error.message).toContain(
      `: Come back later [HTTP ${status}, ${vendorCode}, request req-12345678]. Supermetrics asks to wait 7200 s. Run pulumi up again `,
    );
  },
);

test.each([
  ["a word", "x".repeat(1_000_000)],
  ["fields", "The field 'a.b' is bad. ".repeat(40_000)],
  ["a secret, again and again", "secret-17-abcdefghij ".repeat(50_000)],
])("an error text of a megabyte, %s, does not block the process", (_, description) => {
  const sensitive = Array.from({ length: 40 }, (__, index) => `secret-${index}-abcdefghij`);
  const start = performance.now();
  const { message } = supermetricsRefusal(
    { ...response(422, envelope("X", { description })), redact: redactor(sensitive) },
    context,
  );
  expect(performance.now() - start).toBeLessThan(20_000);
  expect(message.length).toBeLessThan(2000);
  expect(message).not.toContain("abcdefghij");
});

test("a secret that stands where a long text is cut is taken out", () => {
  const secret = "abcdefghijklmnopqrstuvwxyz";
  const description = `${" ".repeat(16_384 - 12)}${secret} is wrong`;
  expect(
    supermetricsRefusal(
      { ...response(422, envelope("X", { description })), redact: redactor([secret]) },
      context,
    ).message,
  ).not.toContain("abcdefgh");
});

test("that an earlier attempt may have taken effect is not hidden by a later refusal", () => {
  expect(supermetricsRefusal(response(422, envelope("X")), context).outcomeUnknown).toBe(false);
  expect(
    supermetricsRefusal({ ...response(422, envelope("X")), outcomeUnknown: true }, context)
      .outcomeUnknown,
  ).toBe(true);
});

test("the message says what was context on which connector, the vendor's words, the property, and what to do", () => {
  const body = envelope("UNPROCESSABLE_ENTITY", {
    message: "Validation failed for the request parameters.",
    description: "The field 'connector.description' must not be longer than 1000 characters.",
  });
  expect(supermetricsRefusal(response(422, body), context).message).toBe(
    "[invalid] Supermetrics rejected connector \"A\" (update, id T3S70): description: Validation failed for the request parameters. The field 'connector.description' must not be longer than 1000 characters " +
      "[HTTP 422, UNPROCESSABLE_ENTITY, request req-12345678]. Fix description in the definition.",
  );
});
