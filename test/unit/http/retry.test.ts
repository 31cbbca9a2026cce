import { type HttpMethod } from "../../../provider/http";
import {
  closeAll,
  connect,
  deadOrigin,
  hangUp,
  json,
  METHODS,
  rejection,
  serve,
  serveTcp,
  silence,
  status,
  truncate,
} from "./support";

afterEach(closeAll);

const IDEMPOTENT: readonly HttpMethod[] = ["GET", "PUT", "DELETE"];
const ok = json({ id: 1 });

describe.each(IDEMPOTENT)("%s", (method) => {
  it.each([408, 429, 500, 501, 502, 503, 504, 599])("is repeated after %i", async (code) => {
    const { origin, seen } = await serve(status(code), ok);
    const response = await connect(origin).send({ method, path: "/" });
    expect(response).toMatchObject({ statusCode: 200, json: { id: 1 }, attempts: 2 });
    expect(seen).toHaveLength(2);
  });

  it.each([
    ["a lost answer", hangUp],
    ["a truncated answer", truncate],
    ["a timeout", silence],
  ])("is repeated after %s", async (_, fault) => {
    const { origin, seen } = await serve(fault, ok);
    const response = await connect(origin, { requestTimeout: 1_000 }).send({ method, path: "/" });
    expect(response).toMatchObject({ statusCode: 200, attempts: 2 });
    expect(seen.map((request) => request.method)).toEqual([method, method]);
  });
});

describe("POST", () => {
  it.each([408, 500, 501, 502, 503, 504])(
    "is not repeated after %i, which is returned",
    async (code) => {
      const { origin, seen } = await serve(status(code), ok);
      const response = await connect(origin).send({ method: "POST", path: "/" });
      expect(response).toMatchObject({ statusCode: code, attempts: 1 });
      expect(seen).toHaveLength(1);
    },
  );

  it.each([
    ["a lost answer", hangUp, "network"],
    ["a truncated answer", truncate, "network"],
    ["a timeout", silence, "timeout"],
  ])("is not repeated after %s; its outcome is unknown", async (_, fault, code) => {
    const { origin, seen } = await serve(fault, ok);
    const error = await rejection(
      connect(origin, { requestTimeout: 1_000 }).send({ method: "POST", path: "/" }),
    );
    expect(error).toMatchObject({ code, outcomeUnknown: true, vendor: "Acme", retryable: true });
    expect(error.message).toContain("POST /");
    expect(seen).toHaveLength(1);
  });

  it("is repeated after 429, because it was not processed", async () => {
    const { origin, seen } = await serve(status(429), json({ id: 1 }, 201));
    const response = await connect(origin).send({
      method: "POST",
      path: "/",
      body: { kind: "json", value: { name: "a" } },
    });
    expect(response).toMatchObject({ statusCode: 201, attempts: 2 });
    expect(seen.map(({ body }) => body)).toEqual(['{"name":"a"}', '{"name":"a"}']);
  });

  it("does not repeat a body after the connection breaks in the middle of it", async () => {
    const server = await serveTcp((socket) => socket.once("data", () => socket.destroy()));
    const body = { kind: "json", value: "x".repeat(4_000_000) } as const;
    const error = await rejection(connect(server.origin).send({ method: "POST", path: "/", body }));
    expect(error).toMatchObject({ code: "network", outcomeUnknown: true });
    expect(server.connections()).toBe(1);
  });
});

it.each(METHODS)(
  "%s is repeated when there is no connection, and had no effect",
  async (method) => {
    const client = connect(await deadOrigin());
    const error = await rejection(client.send({ method, path: "/v1/connectors/" }));
    expect(error).toMatchObject({
      code: "network",
      outcomeUnknown: false,
      retryable: true,
      cause: { code: "ECONNREFUSED" },
    });
    expect(error.message).toContain(
      `for ${method} /v1/connectors/: the connection was refused (ECONNREFUSED)`,
    );
    expect(client.stats).toMatchObject({ calls: 1, attempts: 6, retries: 5 });
  },
);

it.each(METHODS)(
  "%s is repeated when the TLS handshake fails, and had no effect",
  async (method) => {
    const server = await serveTcp((socket) =>
      socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")),
    );
    const error = await rejection(
      connect(server.origin.replace("http", "https"), { maxAttempts: 3 }).send({
        method,
        path: "/",
      }),
    );
    expect(error).toMatchObject({ code: "network", outcomeUnknown: false });
    expect(error.message).toContain("the TLS handshake failed (ERR_SSL_WRONG_VERSION_NUMBER)");
    expect(server.connections()).toBe(3);
  },
);

it.each(METHODS)(
  "%s is repeated when the host name cannot be resolved, and had no effect",
  async (method) => {
    const client = connect("https://does-not-exist.invalid", {
      maxAttempts: 2,
      requestTimeout: 2000,
    });
    const error = await rejection(client.send({ method, path: "/" }));
    expect(error).toMatchObject({ outcomeUnknown: false });
    expect(client.stats.attempts).toBe(2);
  },
);

it.each([200, 201, 204, 400, 401, 403, 404, 409, 410, 413, 422])(
  "%i is returned at once",
  async (code) => {
    const { origin, seen } = await serve(status(code));
    expect(await connect(origin).send({ method: "PUT", path: "/" })).toMatchObject({
      statusCode: code,
      attempts: 1,
    });
    expect(seen).toHaveLength(1);
  },
);

it("the last answer is returned when the attempts are used up", async () => {
  const { origin, seen } = await serve(status(500), status(502), json({ detail: "oops" }, 503));
  const response = await connect(origin, { maxAttempts: 3 }).send({ method: "GET", path: "/" });
  expect(response).toMatchObject({ statusCode: 503, json: { detail: "oops" }, attempts: 3 });
  expect(seen).toHaveLength(3);
});

it("there are six attempts by default", async () => {
  const { origin, seen } = await serve(status(500));
  await connect(origin).send({ method: "GET", path: "/" });
  expect(seen).toHaveLength(6);
});

it("a write stays of unknown outcome when a later attempt finds no connection", async () => {
  const server = await serveTcp((socket) =>
    socket.once("data", () => {
      server.stopListening();
      socket.end("HTTP/1.1 500 Oops\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    }),
  );
  const put = await rejection(
    connect(server.origin, { maxAttempts: 2 }).send({ method: "PUT", path: "/" }),
  );
  expect(put).toMatchObject({
    code: "network",
    outcomeUnknown: true,
    cause: { code: "ECONNREFUSED" },
  });
  expect(put.message).toMatch(/Whether it took effect is not known\.$/);
});

it("a GET never has an unknown outcome", async () => {
  const { origin } = await serve(hangUp);
  expect(await rejection(connect(origin).send({ method: "GET", path: "/" }))).toMatchObject({
    code: "network",
    outcomeUnknown: false,
  });
});

describe("back-off", () => {
  it("doubles with each attempt, under full jitter", async () => {
    const { origin } = await serve(status(500));
    const client = connect(origin, { backoff: 500 });
    await client.send({ method: "GET", path: "/" });
    expect(client.waits).toEqual([250, 500, 1000, 2000, 4000]);
  });

  it("never waits longer than 20 s", async () => {
    const { origin } = await serve(status(500));
    const client = connect(
      origin,
      { backoff: 15_000, operationTimeout: 1_000_000 },
      { random: () => 0.999999 },
    );
    await client.send({ method: "GET", path: "/" });
    expect(Math.max(...client.waits)).toBeCloseTo(20_000, 0);
  });

  it("ends the operation with the last answer when the budget does not cover it", async () => {
    const { origin, seen } = await serve(status(500));
    const client = connect(origin, { backoff: 10_000, operationTimeout: 12_000 });
    expect(await client.send({ method: "GET", path: "/" })).toMatchObject({
      statusCode: 500,
      attempts: 2,
    });
    expect(client.waits).toEqual([5000]);
    expect(seen).toHaveLength(2);
  });

  it("really waits", async () => {
    const { origin, seen } = await serve(status(500), ok);
    const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
    await connect(origin, { backoff: 400 }, { sleep }).send({ method: "GET", path: "/" });
    expect(seen[1]!.at - seen[0]!.at).toBeGreaterThanOrEqual(199);
  });
});
