/** The transport of native providers, called with the frames of HTTP/2 themselves. */
import { type ClientHttp2Stream, connect, type IncomingHttpHeaders } from "node:http2";
import { UnaryServer } from "../../../provider/plugin/unary-server";

const PATH = "/service/Method";
const open: { close(): void }[] = [];
afterEach(() => open.splice(0).forEach((each) => each.close()));

interface Caller {
  (path?: string): ClientHttp2Stream;
  readonly server: UnaryServer;
}

async function callOf(
  method: (message: Buffer) => Promise<Buffer>,
  details?: Buffer,
): Promise<Caller> {
  const server = new UnaryServer(new Map([[PATH, method]]), (error) => ({
    message: (error as Error).message,
    details,
  }));
  const session = connect(`http://127.0.0.1:${await server.listen()}`);
  open.push(server, { close: () => session.destroy() });
  const call = (path = PATH): ClientHttp2Stream =>
    session.request({ ":method": "POST", ":path": path, "content-type": "application/grpc" });
  return Object.assign(call, { server });
}

/** A message with its head. */
function framed(message: Buffer, announced = message.length, compressed = 0): Buffer {
  const head = Buffer.alloc(5);
  head[0] = compressed;
  head.writeUInt32BE(announced, 1);
  return Buffer.concat([head, message]);
}

interface Answer {
  readonly status: string;
  readonly text: string | undefined;
  readonly details: Buffer;
  readonly message: Buffer;
}

async function answerTo(stream: ClientHttp2Stream): Promise<Answer> {
  let headers: IncomingHttpHeaders = {};
  const parts: Buffer[] = [];
  stream.on("response", (sent) => (headers = { ...headers, ...sent }));
  stream.on("trailers", (sent) => (headers = { ...headers, ...(sent as IncomingHttpHeaders) }));
  stream.on("data", (part: Buffer) => parts.push(part));
  await new Promise((resolve) => stream.once("close", resolve));
  return {
    status: String(headers["grpc-status"]),
    text: headers["grpc-message"] as string | undefined,
    details: Buffer.from(String(headers["grpc-status-details-bin"] ?? ""), "base64"),
    message: Buffer.concat(parts),
  };
}

const echo = (message: Buffer): Promise<Buffer> => Promise.resolve(message);

test("a message arrives whole, however it is cut", async () => {
  const call = await callOf(echo);
  const message = Buffer.alloc(70_000, "abc");
  const sent = framed(message);
  for (const cuts of [[], [1], [5], [3, 60_000], [4, 5, 6], [50_000]]) {
    const stream = call();
    const answer = answerTo(stream);
    for (const [at, cut] of [...cuts, sent.length].entries()) {
      stream.write(sent.subarray(cuts[at - 1] ?? 0, cut));
      await new Promise((resolve) => setImmediate(resolve));
    }
    stream.end();
    const { status, message: echoed } = await answer;
    expect([status, echoed.equals(sent)]).toEqual(["0", true]);
  }
});
test("an empty message is one", async () => {
  const call = await callOf(echo);
  const stream = call();
  stream.end(framed(Buffer.alloc(0)));
  expect(await answerTo(stream)).toMatchObject({ status: "0", message: framed(Buffer.alloc(0)) });
});
test.each([
  ["another path", PATH.toLowerCase(), framed(Buffer.alloc(1)), "12"],
  ["a compressed message", PATH, framed(Buffer.alloc(1), 1, 1), "12"],
  ["a message above the engine's limit", PATH, framed(Buffer.alloc(1), 2 ** 32 - 1), "8"],
  ["a message that ends too early", PATH, framed(Buffer.alloc(1), 2), "13"],
  ["a message that ends too late", PATH, framed(Buffer.alloc(3), 2), "13"],
  ["nothing", PATH, Buffer.alloc(0), "13"],
])("%s is refused with its code, and reaches no method", async (_, path, sent, status) => {
  let calls = 0;
  const call = await callOf((message) => {
    calls += 1;
    return echo(message);
  });
  const stream = call(path);
  stream.end(sent);
  expect(await answerTo(stream)).toMatchObject({ status });
  expect(calls).toBe(0);
});
test("a failure has its text and its details", async () => {
  const details = Buffer.alloc(30_000, "d");
  const message = "100 % »failed«:\n  a: \ud83d\udd11 \ud800";
  const call = await callOf(() => Promise.reject(new Error(message)), details);
  const stream = call();
  stream.end(framed(Buffer.alloc(1)));
  const answer = await answerTo(stream);
  expect(answer.status).toBe("2");
  expect(decodeURIComponent(answer.text!)).toBe(message.replace("\ud800", "\ufffd"));
  expect(answer.details.equals(details)).toBe(true);
});
test("a caller that gives up disturbs no other call", async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const call = await callOf((message) => held.then(() => message));
  const [given, other] = [call(), call()];
  const answer = answerTo(other);
  given.end(framed(Buffer.from("one")));
  other.end(framed(Buffer.from("two")));
  await new Promise((resolve) => given.once("close", resolve).close(8));
  release();
  expect(await answer).toMatchObject({ status: "0", message: framed(Buffer.from("two")) });
});
test("a server that finishes answers the calls that run", async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  let isRunning = (): void => undefined;
  const running = new Promise<void>((resolve) => (isRunning = resolve));
  const call = await callOf((message) => {
    isRunning();
    return held.then(() => message);
  });
  const stream = call();
  const answer = answerTo(stream);
  stream.end(framed(Buffer.from("one")));
  await running;
  const finished = call.server.finish();
  release();
  await finished;
  expect(await answer).toMatchObject({ status: "0", message: framed(Buffer.from("one")) });
});
