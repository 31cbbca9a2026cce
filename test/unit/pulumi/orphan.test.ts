import { EventEmitter, once } from "node:events";
import { createServer, type Server } from "node:net";
import { Orphan, type ProviderProcess } from "../../../provider/pulumi/provider/orphan";

const PROVIDER = "/srv/node_modules/@pulumi/pulumi/cmd/dynamic-provider";
const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

interface Stand {
  readonly process: ProviderProcess & Readonly<Record<"stdout" | "stderr", EventEmitter>>;
  readonly exits: EventEmitter;
  readonly codes: number[];
}

function processOf(...argv: string[]): Stand {
  const exits = new EventEmitter();
  const codes: number[] = [];
  const exit = (code: number): void => {
    codes.push(code);
    exits.emit("exit");
  };
  const [stdout, stderr] = [new EventEmitter(), new EventEmitter()];
  return { process: { argv: ["node", ...argv], stdout, stderr, exit }, exits, codes };
}

/** A port that listens until the server is closed. */
async function engine(): Promise<{ server: Server; address: string }> {
  const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  return { server, address: `127.0.0.1:${port}` };
}

test.each(["stdout", "stderr"] as const)("a provider process exits when %s breaks", (name) => {
  const { process, codes } = processOf(PROVIDER);
  new Orphan(process).watch();
  process[name].emit("error", new Error("write EPIPE"));
  expect(codes).toEqual([1]);
});

test.each(["/srv/node_modules/.bin/jest", "/srv/dynamic-provider.test.js"])(
  "%s, which imports the package, keeps its own handling",
  (script) => {
    const { process } = processOf(script);
    new Orphan(process).watch();
    expect(process.stdout.listenerCount("error") + process.stderr.listenerCount("error")).toBe(0);
  },
);

test("an idle provider process exits when its engine no longer listens, and not before", async () => {
  const { server, address } = await engine();
  const { process, exits, codes } = processOf(PROVIDER, address);
  const orphan = new Orphan(process, 10);
  orphan.watch();
  await once(server, "connection");
  await once(server, "connection");
  expect(codes).toEqual([]);
  server.close();
  await once(exits, "exit");
  expect(codes[0]).toBe(1);
});

test("a provider process that runs a verb ends it first", async () => {
  const { server, address } = await engine();
  const { process, exits, codes } = processOf(PROVIDER, address);
  const orphan = new Orphan(process, 10);
  orphan.watch();
  await once(server, "connection");
  let end: () => void = () => undefined;
  const verb = orphan.during(() => new Promise<void>((resolve) => (end = resolve)));
  server.close();
  await once(server, "close");
  // Longer than several intervals.
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(codes).toEqual([]);
  end();
  await verb;
  await once(exits, "exit");
  expect(codes[0]).toBe(1);
});
