import { type Socket } from "node:net";
import { closeAll, connect, json, METHODS, rejection, serve, serveTcp } from "./support";

const NAMES = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"];
const before = { ...process.env };

beforeEach(() => NAMES.forEach((name) => Reflect.deleteProperty(process.env, name)));
afterEach(closeAll);
afterAll(() =>
  NAMES.forEach((name) =>
    before[name] === undefined
      ? Reflect.deleteProperty(process.env, name)
      : (process.env[name] = before[name]),
  ),
);

/** A proxy that records the first line of each connection and answers with `answer`. */
async function proxy(
  answer: (socket: Socket) => void,
): Promise<{ url: string; lines: string[]; connections: () => number }> {
  const lines: string[] = [];
  const server = await serveTcp((socket) =>
    socket.once("data", (data) => {
      lines.push(data.toString().split("\r\n")[0]!);
      answer(socket);
    }),
  );
  return { url: server.origin, lines, connections: server.connections };
}

const refuse = (socket: Socket): void =>
  void socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");

it.each(["HTTPS_PROXY", "https_proxy"])("an https origin is reached through %s", async (name) => {
  const { url, lines } = await proxy(refuse);
  process.env[name] = url;
  const error = await rejection(
    connect("https://api.example.com", { maxAttempts: 1 }).send({ method: "GET", path: "/" }),
  );
  expect(lines).toEqual(["CONNECT api.example.com:443 HTTP/1.1"]);
  expect(error).toMatchObject({ code: "network", outcomeUnknown: false });
  expect(error.message).toContain("the proxy of HTTPS_PROXY refused with status 403");
});

it.each(["example.com", ".example.com", "*", "other.org,example.com:443"])(
  "NO_PROXY=%s makes an exception",
  async (exceptions) => {
    const { url, lines } = await proxy(refuse);
    process.env["HTTPS_PROXY"] = url;
    process.env["NO_PROXY"] = exceptions;
    await rejection(
      connect("https://does-not-exist.example.com", { maxAttempts: 1, requestTimeout: 1000 }).send({
        method: "GET",
        path: "/",
      }),
    );
    expect(lines).toEqual([]);
  },
);

it("NO_PROXY for another host makes none", async () => {
  const { url, lines } = await proxy(refuse);
  process.env["HTTPS_PROXY"] = url;
  process.env["NO_PROXY"] = "example.org";
  await rejection(
    connect("https://api.example.com", { maxAttempts: 1 }).send({ method: "GET", path: "/" }),
  );
  expect(lines).toHaveLength(1);
});

it("this machine is reached directly", async () => {
  const { url, lines } = await proxy(refuse);
  NAMES.filter((name) => !name.toLowerCase().startsWith("no")).forEach(
    (name) => (process.env[name] = url),
  );
  const { origin, seen } = await serve(json({}));
  await connect(origin).send({ method: "GET", path: "/" });
  await connect(origin.replace("127.0.0.1", "localhost")).send({ method: "GET", path: "/" });
  expect(seen).toHaveLength(2);
  expect(lines).toEqual([]);
});

it("HTTP_PROXY alone is not for https", async () => {
  const { url, lines } = await proxy(refuse);
  process.env["HTTP_PROXY"] = url;
  await rejection(
    connect("https://does-not-exist.invalid", { maxAttempts: 1, requestTimeout: 1000 }).send({
      method: "GET",
      path: "/",
    }),
  );
  expect(lines).toEqual([]);
});

it.each(METHODS)(
  "a %s is repeated, not looped, when the proxy closes the connection",
  async (method) => {
    const { url, connections } = await proxy((socket) => socket.destroy());
    process.env["HTTPS_PROXY"] = url;
    const error = await rejection(
      connect("https://api.example.com", { maxAttempts: 3 }).send({ method, path: "/" }),
    );
    expect(error).toMatchObject({ code: "network", outcomeUnknown: false });
    expect(connections()).toBe(3);
  },
);

it("a proxy that never answers causes a timeout without effect", async () => {
  const { url } = await proxy(() => undefined);
  process.env["HTTPS_PROXY"] = url;
  const error = await rejection(
    connect("https://api.example.com", { maxAttempts: 1, requestTimeout: 200 }).send({
      method: "POST",
      path: "/",
    }),
  );
  expect(error).toMatchObject({ code: "timeout", outcomeUnknown: false });
});

it("a proxy's password is not repeated", async () => {
  process.env["HTTPS_PROXY"] = "http://user:pr0xy pass@:bad";
  const error = await rejection(
    connect("https://api.example.com").send({ method: "GET", path: "/" }),
  );
  expect(error).toMatchObject({ code: "configuration" });
  expect(error.message).toContain("HTTPS_PROXY");
  expect(error.message).not.toContain("pr0xy");
});
