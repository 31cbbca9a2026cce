/** Requests of work that was stopped: what queues or waits fails at once, what went out is waited for. */
import { type Bounds, type StopReason, withinBounds } from "../../../provider/http";
import { until } from "../../../harness/until";
import { closeAll, connect, json, rejection, serve } from "./support";

afterEach(closeAll);

const ok = json({});
const unavailable = json({}, 503);
const REASON: StopReason = { code: "cancelled", because: "the deployment was cancelled" };

/** Work to stop, and the number of requests that may have changed something. */
function stoppable() {
  const controller = new AbortController();
  const writes: string[] = [];
  const bounds: Bounds = { signal: controller.signal, onWrite: () => void writes.push("write") };
  return {
    within: <T>(work: () => Promise<T>): Promise<T> => withinBounds(bounds, work),
    stop: (reason: StopReason = REASON): void => controller.abort(reason),
    writes,
  };
}

test("work that was stopped before sends nothing", async () => {
  const { origin, seen } = await serve(ok);
  const client = connect(origin);
  const { within, stop, writes } = stoppable();
  stop();
  const error = await rejection(within(() => client.send({ method: "POST", path: "/a" })));

  expect(error).toMatchObject({ code: "cancelled", outcomeUnknown: false });
  expect(error.message).toContain("POST /a was not sent, because the deployment was cancelled.");
  expect([seen, writes]).toEqual([[], []]);
});

test("the reason is the work's own", async () => {
  const { origin, seen } = await serve(ok);
  const client = connect(origin);
  const { within, stop } = stoppable();
  stop({ code: "timeout", because: "its time is over" });
  const error = await rejection(within(() => client.send({ method: "GET", path: "/a" })));

  expect(error.code).toBe("timeout");
  expect(error.message).toContain("GET /a was not sent, because its time is over.");
  expect(seen).toEqual([]);
});

test("what queues fails at once; what went out is waited for", async () => {
  let answer = (): void => undefined;
  const { origin, seen } = await serve((response, request) => {
    answer = () => ok(response, request);
  });
  const client = connect(origin, { maxConcurrentRequests: 1 });
  const { within, stop, writes } = stoppable();
  const first = within(() => client.send({ method: "PUT", path: "/first" }));
  const second = within(() => client.send({ method: "PUT", path: "/second" }));
  const other = client.send({ method: "GET", path: "/other" });
  await until(() => seen.length === 1);
  stop();

  expect((await rejection(second)).code).toBe("cancelled");
  answer();
  expect((await first).statusCode).toBe(200);
  await until(() => seen.length === 2);
  answer();
  // It is no part of the stopped work.
  expect((await other).statusCode).toBe(200);
  expect(seen.map(({ url }) => url)).toEqual(["/first", "/other"]);
  expect(writes).toEqual(["write"]);
});

test("what waits for another attempt ends as its last attempt did", async () => {
  const { within, stop } = stoppable();
  const { origin, seen } = await serve((response, request) => {
    unavailable(response, request);
    setTimeout(stop, 20);
  });
  const client = connect(origin, {}, { sleep: () => new Promise<void>(() => undefined) });
  const reply = await within(() => client.send({ method: "GET", path: "/a" }));

  expect(reply.statusCode).toBe(503);
  expect(seen).toHaveLength(1);
});

test("a stop between attempts ends the same way", async () => {
  const { within, stop } = stoppable();
  const stopInstead = (): Promise<void> => {
    stop();
    return Promise.resolve();
  };
  const { origin, seen } = await serve(unavailable);
  const client = connect(origin, { maxAttempts: 3 }, { sleep: stopInstead });
  const reply = await within(() => client.send({ method: "GET", path: "/a" }));

  expect(reply.statusCode).toBe(503);
  expect(seen).toHaveLength(1);
});

test("each attempt of a write is told, a read is not", async () => {
  const { origin } = await serve(unavailable, ok);
  const client = connect(origin, {}, { sleep: () => Promise.resolve() });
  const { within, writes } = stoppable();
  await within(async () => {
    await client.send({ method: "PUT", path: "/a" });
    expect(writes).toHaveLength(2);
    await client.send({ method: "GET", path: "/a" });
    expect(writes).toHaveLength(2);
  });
});

test("a request that others wait for too has no bounds", async () => {
  const { origin, seen } = await serve(ok);
  const client = connect(origin);
  const { within, stop, writes } = stoppable();
  stop();
  const reply = await within(() => client.send({ method: "POST", path: "/a", shared: true }));

  expect(reply.statusCode).toBe(200);
  expect([seen.length, writes]).toEqual([1, []]);
});
