import {
  type Answer,
  closeAll,
  connect,
  CREDENTIAL,
  hangUp,
  json,
  rejection,
  serve,
  serveTcp,
} from "./support";

afterEach(closeAll);

const GET = { method: "GET", path: "/v1/connectors/" } as const;

function text(body: string, headers: Record<string, string> = {}): Answer {
  return (response) => response.writeHead(200, headers).end(body);
}

/** Writes as long as the client reads. */
const endless: Answer = (response) => {
  response.writeHead(200, { "content-type": "application/json" });
  const write = (): void => {
    while (!response.destroyed && response.write("[".repeat(16_384))) {}
  };
  response.on("drain", write);
  write();
};

describe("a redirect", () => {
  it.each([300, 301, 302, 303, 304, 307, 308])("%i is refused and not followed", async (code) => {
    const elsewhere = await serve(json({}));
    const { origin, seen } = await serve((response) =>
      response.writeHead(code, { location: `${elsewhere.origin}/v1/connectors?token=abc` }).end(),
    );
    const error = await rejection(connect(origin).send(GET));
    expect(error).toMatchObject({
      code: "unexpected_response",
      statusCode: code,
      retryable: false,
    });
    expect(error.message).toContain(`(${code}) to ${elsewhere.origin}.`);
    expect(error.message).toContain(`sent to ${origin} only`);
    expect(error.message).toContain("baseUrl");
    expect(error.message).not.toContain("token");
    expect(seen).toHaveLength(1);
    expect(elsewhere.seen).toEqual([]);
  });

  it("without a usable address is refused too", async () => {
    const { origin } = await serve((response) => response.writeHead(302).end());
    expect((await rejection(connect(origin).send(GET))).message).toContain("to no usable address");
  });

  it("to the same origin is refused too", async () => {
    const { origin, seen } = await serve(
      (response) => response.writeHead(307, { location: "/v1/connectors" }).end(),
      json({}),
    );
    expect((await rejection(connect(origin).send(GET))).message).toContain(`to ${origin}.`);
    expect(seen).toHaveLength(1);
  });

  it.each([
    [303, true],
    [307, false],
  ])("%i to a write: whether it may have taken effect is %s", async (code, outcomeUnknown) => {
    const { origin } = await serve((response) =>
      response.writeHead(code, { location: "/x" }).end(),
    );
    expect(await rejection(connect(origin).send({ method: "POST", path: "/" }))).toMatchObject({
      outcomeUnknown,
    });
  });
});

describe("a body larger than the limit", () => {
  it("is refused by its Content-Length, unread", async () => {
    const { origin } = await serve((response) =>
      response.writeHead(200, { "content-length": "1000001" }).write("x"),
    );
    const error = await rejection(connect(origin, { maxResponseBytes: 1_000_000 }).send(GET));
    expect(error).toMatchObject({ code: "unexpected_response", statusCode: 200 });
    expect(error.message).toContain("more than 1000000 bytes");
  });

  it("is refused while it is read, and the connection is closed", async () => {
    let closed: Promise<unknown> | undefined;
    const { origin } = await serve((response, seen) => {
      closed = new Promise((resolve) => response.socket?.on("close", resolve));
      endless(response, seen);
    });
    expect(await rejection(connect(origin, { maxResponseBytes: 100_000 }).send(GET))).toMatchObject(
      { code: "unexpected_response" },
    );
    await closed;
  });

  it("is accepted when the request allows it", async () => {
    const { origin } = await serve(json("x".repeat(2000)));
    const client = connect(origin, { maxResponseBytes: 1000 });
    expect((await client.send({ ...GET, maxResponseBytes: 3000 })).text).toHaveLength(2002);
    expect(await rejection(client.send(GET))).toMatchObject({ code: "unexpected_response" });
  });

  it("leaves a successful write of unknown outcome, and a refused one without effect", async () => {
    const { origin } = await serve(json("x".repeat(2000), 201), json("x".repeat(2000), 422));
    const client = connect(origin, { maxResponseBytes: 1000 });
    expect(await rejection(client.send({ method: "POST", path: "/" }))).toMatchObject({
      statusCode: 201,
      outcomeUnknown: true,
    });
    expect(await rejection(client.send({ method: "POST", path: "/" }))).toMatchObject({
      statusCode: 422,
      outcomeUnknown: false,
    });
  });
});

it("a flood of headers is refused", async () => {
  const server = await serveTcp((socket) =>
    socket.once("data", () =>
      socket.write(`HTTP/1.1 200 OK\r\n${"x-flood: 0123456789\r\n".repeat(10_000)}`),
    ),
  );
  const error = await rejection(connect(server.origin).send({ method: "POST", path: "/" }));
  expect(error).toMatchObject({ code: "unexpected_response", outcomeUnknown: true });
  expect(error.message).toContain("more headers than are accepted");
});

it("an answer that is not HTTP is a network error", async () => {
  const server = await serveTcp((socket) =>
    socket.once("data", () => socket.end("SSH-2.0-OpenSSH_9.7\r\n")),
  );
  expect(await rejection(connect(server.origin, { maxAttempts: 2 }).send(GET))).toMatchObject({
    code: "network",
  });
  expect(server.connections()).toBe(2);
});

it("early hints are skipped", async () => {
  const { origin } = await serve((response, seen) => {
    response.writeEarlyHints({ link: "</style.css>; rel=preload" });
    json({ id: 1 })(response, seen);
  });
  expect(await connect(origin).send(GET)).toMatchObject({ statusCode: 200, json: { id: 1 } });
});

it("early hints alone are not an answer", async () => {
  const { origin } = await serve((response, seen) => {
    response.writeEarlyHints({ link: "</style.css>; rel=preload" });
    setTimeout(() => hangUp(response, seen), 50);
  });
  expect(await rejection(connect(origin, { maxAttempts: 1 }).send(GET))).toMatchObject({
    code: "network",
    statusCode: undefined,
  });
});

it("a compressed body is refused, because it was not requested", async () => {
  const { origin, seen } = await serve(text("\u001f\u008b", { "content-encoding": "gzip" }));
  expect(await rejection(connect(origin).send(GET))).toMatchObject({ code: "unexpected_response" });
  expect(seen[0]!.headers["accept-encoding"]).toBe("identity");
});

describe("the parsed body", () => {
  it.each([
    ["null", null],
    ["[]", []],
    ['{"a":"]]]]"}', { a: "]]]]" }],
    ['"\\"[["', '"[['],
    ["\ufeff[1]", [1]],
  ])("of %j is its value", async (body, value) => {
    const { origin } = await serve(text(body));
    expect((await connect(origin).send(GET)).json).toEqual(value);
  });

  it.each(["", "<html><body>502</body></html>", '{"a":', "[1,]", "undefined"])(
    "of %j is undefined",
    async (body) => {
      const { origin } = await serve(text(body, { "content-type": "application/json" }));
      const response = await connect(origin).send(GET);
      expect(response.json).toBeUndefined();
      expect(response.text).toBe(body);
    },
  );

  it("nested 200 levels deep is its value, deeper is undefined", async () => {
    const nested = (depth: number): Answer => text("[".repeat(depth) + "]".repeat(depth));
    const { origin } = await serve(nested(200), nested(201), nested(1_000_000));
    const client = connect(origin);
    expect((await client.send(GET)).json).toBeDefined();
    expect((await client.send(GET)).json).toBeUndefined();
    expect((await client.send(GET)).json).toBeUndefined();
  });

  it("does not reach any prototype", async () => {
    const { origin } = await serve(
      text('{"__proto__":{"polluted":true}}', { __proto__: "x", "x-a": "1" }),
    );
    const response = await connect(origin).send(GET);
    expect(Object.getPrototypeOf(response.json)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(Object.getPrototypeOf(response.headers)).toBeNull();
  });

  it("replaces bytes that are not UTF-8", async () => {
    const { origin } = await serve((response) => response.end(Buffer.from([0x22, 0xff, 0x22])));
    expect((await connect(origin).send(GET)).json).toBe("\ufffd");
  });
});

it("headers have lower-case names, and repeated ones are joined", async () => {
  const { origin } = await serve((response) =>
    response.writeHead(200, { "X-Request-Id": "r1", "X-Many": ["a", "b"] }).end(),
  );
  expect((await connect(origin).send(GET)).headers).toMatchObject({
    "x-request-id": "r1",
    "x-many": "a, b",
  });
});

it("no message holds the credential, a sensitive value or the query, even if the server repeats them", async () => {
  const { origin } = await serve((response) =>
    response.writeHead(302, { location: "https://body-secret.example.com/" }).end(),
  );
  const client = connect(origin, { sensitive: ["client-secret"] });
  const request = {
    method: "POST",
    path: `/${encodeURIComponent(CREDENTIAL)}/client-secret`,
    query: { q: "query-value" },
    sensitive: ["body-secret"],
  } as const;
  const { message } = await rejection(client.send(request));
  for (const secret of [
    CREDENTIAL,
    encodeURIComponent(CREDENTIAL),
    "client-secret",
    "body-secret",
    "query-value",
  ]) {
    expect(message).not.toContain(secret);
  }
  expect(message).toContain("POST /[redacted]/[redacted]");
});
