/** The small parts of the client, each by itself. */
import { version } from "../../../package.json";
import { ConnectorError, type ErrorCode } from "../../../provider/errors";
import {
  accept,
  findRow,
  phrase,
  sendFor,
  unexpected,
} from "../../../provider/vendors/shared/error-table";
import { asMessage, own } from "../../../provider/message";
import { isLoopback, parseBaseUrl } from "../../../provider/http/options";
import { Budget, type Call, type Outcome } from "../../../provider/http/interceptor";
import { mayHaveTakenEffect } from "../../../provider/http/call-error";
import { parseJson } from "../../../provider/http/wire/response-checks";
import { encodeRequest, userAgent } from "../../../provider/http/wire/encode-request";
import { shouldRetry } from "../../../provider/http/interceptors/retry";
import { ProxyError } from "../../../provider/http/wire/dispatcher";
import { deadlineError, transportError } from "../../../provider/http/wire/transport-errors";
import { type HttpResponse } from "../../../provider/http/types";
import { type CallContext } from "../../../provider/lifecycle/adapter";
import { notSent } from "../../../provider/http/interceptors/rate-limit";
import { closeAll, connect, deadOrigin, METHODS, rejection } from "./support";

afterEach(closeAll);

describe("a base URL", () => {
  const parse = (value: string): string =>
    parseBaseUrl(value, { vendor: "Acme", setting: "acme:baseUrl" });
  test.each([
    ["https://api.example.com", "https://api.example.com"],
    [" https://api.example.com/ ", "https://api.example.com"],
    ["https://api.example.com/v1", "https://api.example.com"],
    ["https://api.example.com:8443/v1/", "https://api.example.com:8443"],
    ["http://127.0.10.255:80", "http://127.0.10.255"],
    ["http://localhost:1", "http://localhost:1"],
    ["http://[::1]:1", "http://[::1]:1"],
  ])("%s is the origin %s", (value, origin) => expect(parse(value)).toBe(origin));
  test.each([
    ["key-123", "is not a URL"],
    ["", "is not a URL"],
    ["ftp://example.com", "does not begin with https://"],
    ["https://user@example.com", "holds a user name or a password"],
    ["https://:pass@example.com", "holds a user name or a password"],
    ["https://example.com/?a", "holds a query or a fragment"],
    ["https://example.com/#a", "holds a query or a fragment"],
    ["https://example.com/v2", "holds a path"],
    ["https://example.com/api/v1", "holds a path"],
    ["https://example.com/v1/x", "holds a path"],
    ["http://example.com", "would send the credential over plain http"],
  ])("%j %s, and is not repeated", (value, fault) => {
    expect(() => parse(value)).toThrow(
      `[configuration] acme:baseUrl ${fault}. Write the origin of the Acme API, for example https://api.example.com`,
    );
  });
  test.each([
    ["127.0.0.1", true],
    ["127.255.0.10", true],
    ["127.0.0", false],
    ["x127.0.0.1", false],
    ["127.0.0.1.example.com", false],
    ["example.com", false],
  ])("the host %s is this machine: %s", (host, local) => expect(isLoopback(host)).toBe(local));
});

describe("JSON", () => {
  const nested = (depth: number): string => `${"[".repeat(depth)}${"]".repeat(depth)}`;
  test.each([
    ["", undefined],
    ["{", undefined],
    ["<html>", undefined],
    ['{"a": [1, null]}', { a: [1, null] }],
    ["5", 5],
    ['"[[["', "[[["],
  ])("%j is %j", (text, value) => expect(parseJson(text)).toEqual(value));
  test("is read to 200 levels", () => {
    expect(parseJson(nested(200))).toBeDefined();
    expect(parseJson(nested(201))).toBeUndefined();
    expect(parseJson(`${'{"a":'.repeat(201)}1${"}".repeat(201)}`)).toBeUndefined();
  });
  test("counts open brackets only, and none in strings", () => {
    expect(parseJson(`[${Array.from({ length: 300 }, () => "[]").join()}]`)).toHaveLength(300);
    expect(parseJson(`[${Array.from({ length: 300 }, () => "{}").join()}]`)).toHaveLength(300);
    expect(
      parseJson(JSON.stringify(["[".repeat(300), '\\"'.repeat(300), `"${"{".repeat(300)}`])),
    ).toHaveLength(3);
    expect(parseJson(JSON.stringify({ ["]".repeat(300)]: "}" }))).toBeDefined();
    expect(parseJson(`["a", ${nested(200)}]`)).toBeUndefined();
  });
});

describe("whether a request may have had an effect", () => {
  test.each([undefined, 200, 299, 303, 408, 500, 599])(
    "a write that was answered %s: yes",
    (status) => {
      for (const method of METHODS) {
        expect(mayHaveTakenEffect(method, status)).toBe(method !== "GET");
      }
    },
  );
  test.each([300, 302, 304, 307, 400, 409, 429, 499])(
    "a write that was answered %s: no",
    (status) => {
      for (const method of METHODS) {
        expect(mayHaveTakenEffect(method, status)).toBe(false);
      }
    },
  );
});

test("PATCH is repeated like POST: sent twice, it can have another effect", () => {
  const replied = (statusCode: number): Outcome => ({
    reply: { statusCode, headers: {}, text: "", attempt: 1 },
  });
  const failed = (code: ErrorCode, outcomeUnknown: boolean): Outcome => ({
    error: new ConnectorError(code, "", { outcomeUnknown }),
  });
  const outcomes = [
    ...[200, 400, 408, 429, 500, 503].map(replied),
    failed("network", true),
    failed("network", false),
    failed("timeout", true),
    failed("timeout", false),
  ];
  expect(outcomes.map((outcome) => shouldRetry("PATCH", outcome))).toEqual(
    outcomes.map((outcome) => shouldRetry("POST", outcome)),
  );
  expect(
    outcomes.filter((outcome) => shouldRetry("PUT", outcome) && !shouldRetry("PATCH", outcome)),
  ).toHaveLength(5);
});

const request = {
  method: "POST",
  path: "/v1/x",
  target: "/v1/x",
  headers: {},
  body: undefined,
} as const;
const call: Call = {
  vendor: "Acme",
  namespace: "acme",
  origin: "https://api.acme.example",
  request,
  maxResponseBytes: 1,
  attempt: 1,
  budget: new Budget(120_000),
  redact: asMessage,
};
const failed = (
  code: string | undefined,
  message = "",
  progress: { sent: boolean; head?: { statusCode: number; headers: Record<string, string> } } = {
    sent: false,
  },
) =>
  transportError(
    call,
    { head: undefined, ...progress },
    Object.assign(new Error(message), code === undefined ? {} : { code }),
  );

describe("a connection that fails", () => {
  const NETWORK =
    "Check this machine's network and that acme:baseUrl is right; behind a proxy, set HTTPS_PROXY";
  const TLS =
    "If a proxy re-signs traffic, set NODE_EXTRA_CA_CERTS to its certificate; otherwise check acme:baseUrl";
  test.each([
    ["ENOTFOUND", "the host name could not be resolved (ENOTFOUND)", NETWORK],
    ["EAI_AGAIN", "the host name could not be resolved (EAI_AGAIN)", NETWORK],
    [
      "ECONNREFUSED",
      "the connection was refused (ECONNREFUSED)",
      "Check that the server is running and that acme:baseUrl is right; behind a proxy, set HTTPS_PROXY",
    ],
    [
      "CERT_HAS_EXPIRED",
      "the TLS handshake failed (CERT_HAS_EXPIRED)",
      "Check this machine's clock and acme:baseUrl; otherwise the server must renew its certificate",
    ],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "the TLS handshake failed (DEPTH_ZERO_SELF_SIGNED_CERT)", TLS],
    ["UND_ERR_CONNECT_TIMEOUT", "no answer in time (UND_ERR_CONNECT_TIMEOUT)", NETWORK],
    ["NO_CERT_LIKE_IT", "NO_CERT_LIKE_IT", NETWORK],
    ["EPIPE", "EPIPE", NETWORK],
  ])("%s says why and what to check", (code, reason, nextStep) =>
    expect(failed(code).rawMessage).toBe(
      `No connection to https://api.acme.example for POST /v1/x: ${reason}. ${nextStep}.`,
    ),
  );
  test("a client without a namespace names the setting alone", () =>
    expect(
      transportError({ ...call, namespace: "" }, { sent: false, head: undefined }, undefined)
        .rawMessage,
    ).toContain(" and that baseUrl is right;"));
  test("a tunnel that a proxy refuses", () => {
    const progress = { sent: false, head: undefined };
    expect(transportError(call, progress, new ProxyError(407)).rawMessage).toContain(
      ": the proxy of HTTPS_PROXY refused with status 407. Check HTTPS_PROXY and NO_PROXY.",
    );
    expect(transportError(call, progress, new ProxyError(undefined)).rawMessage).toContain(
      ": the proxy of HTTPS_PROXY closed the connection.",
    );
    expect(
      failed("UND_ERR_ABORTED", "Proxy response (407) !== 200 when HTTP Tunneling").rawMessage,
    ).toContain(": UND_ERR_ABORTED.");
  });
  test.each([null, "text", 5, {}, { code: 7 }])(
    "a thrown value that is not an error: %j",
    (thrown) =>
      expect(transportError(call, { sent: false, head: undefined }, thrown)).toMatchObject({
        code: "network",
        rawMessage: `No connection to https://api.acme.example for POST /v1/x: unknown. ${NETWORK}.`,
      }),
  );
  test("names the progress, and whether the request may have had an effect", () => {
    expect(failed("ECONNRESET", "", { sent: true })).toMatchObject({
      code: "network",
      outcomeUnknown: true,
      retryable: true,
      rawMessage:
        "The connection to Acme broke before POST /v1/x was answered: the connection was closed (ECONNRESET). Whether it took effect is not known. If this persists, check the network and any proxy in between.",
    });
    expect(
      failed("ECONNRESET", "", {
        sent: true,
        head: { statusCode: 404, headers: { "x-request-id": "r-1" } },
      }),
    ).toMatchObject({
      outcomeUnknown: false,
      statusCode: 404,
      requestId: "r-1",
      rawMessage:
        "The answer of Acme to POST /v1/x was cut off: the connection was closed (ECONNRESET). If this persists, check the network and any proxy in between.",
    });
    expect(failed("ECONNRESET").outcomeUnknown).toBe(false);
  });
  test.each([
    ["UND_ERR_CONNECT_TIMEOUT", "timeout"],
    ["ETIMEDOUT", "timeout"],
    ["EPIPE", "network"],
  ])("%s before anything was sent is a %s", (code, kind) => expect(failed(code).code).toBe(kind));
  test("a timeout after the request was sent is the deadline's, not the connection's", () => {
    expect(failed("ETIMEDOUT", "", { sent: true }).code).toBe("network");
    expect(deadlineError(call, { sent: true, head: undefined }, 1500)).toMatchObject({
      code: "timeout",
      outcomeUnknown: true,
      rawMessage:
        "Acme did not finish answering POST /v1/x within 1.5 s. Whether it took effect is not known. If this persists, raise acme:requestTimeoutSeconds.",
    });
    expect(deadlineError(call, { sent: false, head: undefined }, 1500).rawMessage).toBe(
      `Acme could not be reached for POST /v1/x within 1.5 s. ${NETWORK}.`,
    );
  });
});

test("a request that is not sent, because every answer was a 429, names the time", () => {
  const error = notSent(call, 0, 0);
  expect(error).toMatchObject({
    code: "rate_limited",
    statusCode: 429,
    retryable: true,
    outcomeUnknown: false,
    retryAfter: undefined,
    rawMessage:
      "Acme has answered all requests with 429 (too many requests) for the 120 s that an operation may take; POST /v1/x was not sent.",
  });
});

describe("a wait that is longer than the operation may take", () => {
  const at = Date.UTC(2026, 10, 22, 23, 30, 30);
  test.each([
    [600_000, "asks to wait 600 s (until 23:41 UTC)"],
    [29_500, "asks to wait 30 s (until 23:31 UTC)"],
    [3_600_000, "asks to wait 3600 s (until 2026-11-23 00:31 UTC)"],
  ])("%d ms %s", (ms, words) => {
    expect(notSent(call, ms, at)).toMatchObject({
      code: "rate_limited",
      statusCode: 429,
      retryable: true,
      retryAfter: Math.ceil(ms / 1000),
      rawMessage: `Acme ${words} before POST /v1/x, longer than what is left of the 120 s that an operation may take.`,
    });
  });
});

describe("answers and refusals", () => {
  const response = (statusCode: number, text: string, json?: unknown): HttpResponse => ({
    statusCode,
    headers: {},
    text,
    json,
    attempts: 1,
    redact: asMessage,
  });
  const refuse = (): never => {
    throw new Error("refused");
  };
  test.each([
    [200, "{}", {}],
    [204, "", undefined],
    [299, " \n", undefined],
  ])("%d with %j is success", (status, text, json) =>
    expect(accept(response(status, text, json), refuse).statusCode).toBe(status),
  );
  test.each([
    [199, "{}", {}],
    [200, "<html>", undefined],
    [300, "{}", {}],
    [404, "", undefined],
  ])("%d with %j is a refusal", (status, text, json) =>
    expect(() => accept(response(status, text, json), refuse)).toThrow("refused"),
  );
  test("an answer without a content type is reported so, and its write may have taken effect", () => {
    const error = unexpected("Acme", response(200, ""), own`a list was expected`, {
      verb: "list",
      sensitive: [],
    });
    expect(error).toMatchObject({ outcomeUnknown: true });
    expect(error.message).toContain(
      "a request to list connectors with something else than its API documents: a list was expected [HTTP 200, no content type]",
    );
    expect(
      unexpected("Acme", response(400, ""), own`x`, { verb: "list", sensitive: [] }).outcomeUnknown,
    ).toBe(false);
  });
  test.each<[CallContext, string]>([
    [{ verb: "list", sensitive: [] }, "list connectors"],
    [{ verb: "create", name: "A", sensitive: [] }, 'create connector "A"'],
    [{ verb: "read", ref: { scope: "", key: "42" }, sensitive: [] }, "read connector (id 42)"],
    [
      { verb: "read", name: "A", ref: { scope: "", key: "42" }, sensitive: [] },
      'read connector "A" (id 42)',
    ],
  ])("%j is %j", (attempted, words) => expect(String(phrase(attempted))).toBe(words));
  test("a request without an answer names the connector", async () => {
    const client = connect(await deadOrigin(), { maxAttempts: 1 });
    const error = await rejection(
      sendFor(client, { method: "GET", path: "/" }, { verb: "read", name: "A", sensitive: [] }),
    );
    expect(error).toMatchObject({ code: "network", vendor: "Acme" });
    expect(error.rawMessage).toMatch(/^Could not read connector "A": No connection to http:/);
  });
  test.each([
    [{ retryAfter: 60 }, "Run `pulumi up` again then."],
    [{}, "Run `pulumi up` again later."],
  ])(
    "a request that was not sent after a 429 (%j) names when to try again",
    async (options, step) => {
      const failed = new ConnectorError("rate_limited", "Wait.", options);
      const http = {
        origin: "",
        close: () => Promise.resolve(),
        send: () => Promise.reject(failed),
      };
      const error = await rejection(
        sendFor(http, { method: "GET", path: "/" }, { verb: "read", name: "A", sensitive: [] }),
      );
      expect(error).toBe(failed);
      expect(error.message).toBe(`[rate_limited] Could not read connector "A": Wait. ${step}`);
    },
  );
  test("an internal fault passes unchanged", async () => {
    const broken = {
      origin: "",
      close: () => Promise.resolve(),
      send: () => Promise.reject(new TypeError("ours")),
    };
    await expect(
      sendFor(broken, { method: "GET", path: "/" }, { verb: "list", sensitive: [] }),
    ).rejects.toThrow(TypeError);
  });
  test("a row is found by status before class, and by code before none", () => {
    const row = (status: number | "4xx" | "5xx", vendorCode?: string) =>
      ({
        status,
        ...(vendorCode !== undefined && { vendorCode }),
        code: "invalid",
        means: "",
        fix: "",
      }) as const;
    const rows = [row("4xx"), row("4xx", "A*"), row(400), row(400, "AB"), row("5xx")];
    expect([
      findRow(rows, 400, "AB"),
      findRow(rows, 400, "ABC"),
      findRow(rows, 418, "ABC"),
      findRow(rows, 418, "B"),
      findRow(rows, 500, undefined),
      findRow([], 400, "AB"),
    ]).toEqual([rows[3], rows[2], rows[1], rows[0], rows[4], undefined]);
  });
});

test.each(["image/png\r\nx: y", "image/png\n", "\timage/png", ""])(
  "an upload of the media type %j is refused",
  async (mediaType) => {
    const body = {
      kind: "multipart",
      part: "logo",
      fileName: "a.png",
      mediaType,
      content: new Uint8Array(),
    } as const;
    await expect(
      encodeRequest({ method: "POST", path: "/", body }, ["x-apikey", "key"]),
    ).rejects.toThrow(
      "[configuration] The media type of an upload holds a character that no header may hold.",
    );
  },
);

test("requests name the package and its version", () =>
  expect(userAgent()).toBe(`pulumi-connectors/${version} (+node/${process.version})`));
