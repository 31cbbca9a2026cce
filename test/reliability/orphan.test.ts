/** A provider process whose CLI was killed: its output pipes are broken, and no engine listens. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { loadProject } from "../../harness/engine/local/project";
import { encodeStruct } from "../../harness/engine/local/struct";
import { deleteTempFolder } from "../../harness/engine/temp-folder";
import { projectFolder } from "../../harness/e2e/project";
import { providerText } from "../../provider/pulumi/program/provider-text";

const folder = projectFolder(join(__dirname, "../../harness/e2e/program"));
afterAll(() => deleteTempFolder(folder));

let engine: Server;
let child: ChildProcessByStdio<null, Readable, Readable>;
beforeEach(async () => {
  engine = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
  await once(engine, "listening");
});
afterEach(() => {
  child.kill("SIGKILL");
  engine.close();
});

/** Starts a provider of a vendor, and resolves when it has loaded this package. */
async function start(vendor: string): Promise<{ diff: () => Promise<unknown> }> {
  const project = loadProject(folder);
  const { port: enginePort } = engine.address() as { port: number };
  child = spawn(
    process.execPath,
    [project.resolveModule("@pulumi/pulumi/cmd/dynamic-provider"), `127.0.0.1:${enginePort}`],
    { cwd: folder, stdio: ["ignore", "pipe", "pipe"] },
  );
  const [port] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const client = new ResourceProviderClient(
    `127.0.0.1:${port.trim()}`,
    credentials.createInsecure(),
  );
  child.once("exit", () => client.close());
  const properties = encodeStruct({ __provider: providerText(vendor) }, { secrets: false });
  const configuration = new rpc.ConfigureRequest();
  configuration.setArgs(encodeStruct({}, { secrets: false }));
  await new Promise((resolve) => client.configure(configuration, resolve));
  const request = new rpc.DiffRequest();
  request.setId("/");
  request.setOlds(properties);
  request.setNews(properties);
  const diff = (): Promise<unknown> => new Promise((resolve) => client.diff(request, resolve));
  // Loads this package; its failure writes, while somebody reads.
  expect(await diff()).toMatchObject({ details: expect.stringContaining("connector id") });
  return { diff };
}

const VENDORS = ["databar", "supermetrics"];

test.each(VENDORS)(
  "a provider of %s whose CLI was killed ends at its next write",
  async (vendor) => {
    const { diff } = await start(vendor);
    child.stdout.destroy();
    child.stderr.destroy();
    const ended = once(child, "exit");
    void diff();
    expect(await Promise.race([ended, delay(5_000, "still running", { ref: false })])).toEqual([
      1,
      null,
    ]);
  },
);

test.each(VENDORS)(
  "a provider of %s whose CLI was killed while it was idle ends",
  async (vendor) => {
    await start(vendor);
    const ended = once(child, "exit");
    // It has seen its engine once.
    await once(engine, "connection");
    engine.close();
    child.stdout.destroy();
    child.stderr.destroy();
    expect(await Promise.race([ended, delay(15_000, "still running", { ref: false })])).toEqual([
      1,
      null,
    ]);
  },
);
