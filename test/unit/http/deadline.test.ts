import { type Dispatcher } from "undici";
import { asMessage } from "../../../provider/message";
import { Budget, type Call } from "../../../provider/http/interceptor";
import { Exchange } from "../../../provider/http/wire/exchange";
import {
  type Answer,
  closeAll,
  connect,
  json,
  rejection,
  serve,
  serveTcp,
  silence,
  status,
} from "./support";

afterEach(closeAll);

function callWith(parts: Partial<Call>): Call {
  return {
    vendor: "Acme",
    namespace: "acme",
    origin: "https://api.example.com",
    request: { method: "POST", path: "/", target: "/", headers: {}, body: undefined },
    maxResponseBytes: 1000,
    attempt: 1,
    budget: new Budget(1000),
    redact: asMessage,
    ...parts,
  };
}

/** Sends one byte at a time, endlessly. */
const drip: Answer = (response) => {
  response.writeHead(200, { "content-type": "application/json" });
  const timer = setInterval(() => response.write(" "), 20);
  response.on("close", () => clearInterval(timer));
};

it.each([
  ["a silent server", silence],
  ["a body that drips", drip],
])("the deadline ends %s", async (_, answer) => {
  const { origin } = await serve(answer);
  const start = performance.now();
  const error = await rejection(
    connect(origin, { requestTimeout: 200, maxAttempts: 1 }).send({
      method: "GET",
      path: "/v1/x",
      query: { q: "private" },
    }),
  );
  expect(performance.now() - start).toBeLessThan(20_000);
  expect(error).toMatchObject({
    code: "timeout",
    vendor: "Acme",
    retryable: true,
    outcomeUnknown: false,
  });
  expect(error.message).toBe(
    "[timeout] Acme did not finish answering GET /v1/x within 0.2 s. If this persists, raise requestTimeoutSeconds.",
  );
});

it("the deadline ends a head that drips", async () => {
  const server = await serveTcp((socket) => {
    const timer = setInterval(() => socket.write("x"), 20);
    socket.on("close", () => clearInterval(timer)).write("HTTP/1.1 200 OK\r\nx-slow: ");
  });
  expect(
    await rejection(
      connect(server.origin, { requestTimeout: 200, maxAttempts: 1 }).send({
        method: "GET",
        path: "/",
      }),
    ),
  ).toMatchObject({ code: "timeout" });
});

it("a write that reached its deadline may have taken effect", async () => {
  const { origin } = await serve(silence);
  const error = await rejection(
    connect(origin, { requestTimeout: 100, maxAttempts: 1 }).send({ method: "DELETE", path: "/" }),
  );
  expect(error).toMatchObject({ code: "timeout", outcomeUnknown: true });
});

it("a write that reached its deadline before there was a connection had no effect", async () => {
  let tunnels = 0;
  const server = await serveTcp(() => tunnels++);
  const https = server.origin.replace("http", "https");
  const error = await rejection(
    connect(https, { requestTimeout: 150, maxAttempts: 2 }).send({ method: "POST", path: "/" }),
  );
  expect(error).toMatchObject({ code: "timeout", outcomeUnknown: false });
  expect(error.message).toContain("could not be reached for POST /");
  expect(tunnels).toBe(2);
});

it("a request whose connection comes after its deadline is not sent", () => {
  const deadline = new AbortController();
  const sent = jest.fn();
  const failed = jest.fn();
  // Real: undici's order of calls. Not real: the connection, because the kernel of this machine
  // accepts at once.
  const exchange = new Exchange(
    callWith({ signal: deadline.signal, onSent: sent }),
    jest.fn(),
    failed,
  );
  deadline.abort(100);
  const abort = jest.fn();
  exchange.onRequestStart({ abort } as unknown as Dispatcher.DispatchController);
  expect(abort).toHaveBeenCalledTimes(1);
  expect(sent).not.toHaveBeenCalled();
  expect(failed).toHaveBeenCalledWith(
    expect.objectContaining({ code: "timeout", outcomeUnknown: false }),
  );
});

it("the last attempt gets what is left of the operation's budget", async () => {
  const { origin } = await serve(silence);
  const start = performance.now();
  const error = await rejection(
    connect(origin, { requestTimeout: 30_000, operationTimeout: 200 }).send({
      method: "GET",
      path: "/",
    }),
  );
  expect(performance.now() - start).toBeLessThan(20_000);
  expect(error.message).toContain("within 0.2 s");
});

it("the operation's budget limits all attempts together", async () => {
  const { origin, seen } = await serve(silence);
  const error = await rejection(
    connect(origin, { requestTimeout: 1_000, operationTimeout: 2_500, backoff: 1 }).send({
      method: "GET",
      path: "/",
    }),
  );
  expect(error).toMatchObject({ code: "timeout" });
  expect(seen).toHaveLength(3);
});

it("the waits between attempts count towards the budget", async () => {
  const { origin, seen } = await serve(status(503, { "retry-after": "1" }));
  const client = connect(origin, { operationTimeout: 2500, maxAttempts: 100 });
  expect(await client.send({ method: "GET", path: "/" })).toMatchObject({
    statusCode: 503,
    attempts: 3,
  });
  expect(client.waits).toEqual([1000, 1000]);
  expect(seen).toHaveLength(3);
});

it("a connection is closed after its deadline, and the next request gets another one", async () => {
  const { origin, seen } = await serve(silence, json({ id: 2 }));
  const client = connect(origin, { requestTimeout: 150 });
  await rejection(client.send({ method: "POST", path: "/1" }));
  expect(await client.send({ method: "POST", path: "/2" })).toMatchObject({ json: { id: 2 } });
  expect(seen).toHaveLength(2);
});
