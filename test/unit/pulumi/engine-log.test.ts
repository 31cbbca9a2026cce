import { type sendUnaryData, Server, ServerCredentials, type ServerUnaryCall } from "@grpc/grpc-js";
import { type LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { until } from "../../../harness/until";
import { about, engineReporter } from "../../../provider/pulumi/provider/engine-log";

let written: string[];
beforeEach(() => {
  written = [];
  jest
    .spyOn(process.stderr, "write")
    .mockImplementation((text) => (written.push(String(text)), true));
});
afterEach(() => jest.restoreAllMocks());

async function startEngine(): Promise<{
  address: string;
  logged: [severity: number, message: string][];
  passing: string[];
  urns: string[];
  close: () => void;
}> {
  const logged: [number, string][] = [];
  const passing: string[] = [];
  const urns: string[] = [];
  const server = new Server();
  server.addService(EngineService, {
    log: (call: ServerUnaryCall<LogRequest, Empty>, callback: sendUnaryData<Empty>) => {
      urns.push(call.request.getUrn());
      logged.push([call.request.getSeverity(), call.request.getMessage()]);
      if (call.request.getEphemeral()) {
        passing.push(call.request.getMessage());
      }
      callback(null, new Empty());
    },
    getRootResource: () => undefined,
    setRootResource: () => undefined,
    startDebugging: () => undefined,
    requirePulumiVersion: () => undefined,
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return {
    address: `127.0.0.1:${port}`,
    logged,
    passing,
    urns,
    close: () => server.forceShutdown(),
  };
}

test("says things as the engine's own log where the engine can be reached, each once", async () => {
  const engine = await startEngine();
  const reporter = engineReporter(engine.address);
  reporter.warn("Careful.");
  reporter.info("By the way.");
  reporter.warn("Careful.");
  reporter.warn("x".repeat(10_000));
  await until(() => engine.logged.length === 3);
  expect(engine.logged).toEqual(
    expect.arrayContaining([
      [2, "Careful."],
      [1, "By the way."],
      [2, "x".repeat(8_000)],
    ]),
  );
  expect(written).toEqual([]);
  engine.close();
});

test("stands on the resource that the work is about, where that is known", async () => {
  const engine = await startEngine();
  const reporter = engineReporter(engine.address);
  await about("urn:one", async () => {
    await Promise.resolve();
    reporter.warn("Of one.");
  });
  reporter.warn("Of none.");
  await until(() => engine.urns.length === 2);
  expect(engine.urns).toEqual(["urn:one", ""]);
  engine.close();
});

test("shows the log of requests on their resource where the engine hides standard error", async () => {
  const engine = await startEngine();
  const reporter = engineReporter(engine.address, false);
  await about("urn:one", async () => {
    await Promise.resolve();
    reporter.log?.("GET /v1/connectors/ 200");
    reporter.log?.("GET /v1/connectors/ 200");
  });
  await reporter.flush();
  const line = [1, "GET /v1/connectors/ 200"];
  expect([engine.logged, engine.urns]).toEqual([
    [line, line],
    ["urn:one", "urn:one"],
  ]);
  expect(engineReporter(engine.address).log).toBeUndefined();
  engine.close();
});

test("marks as passing what is of interest now only, and knows when everything has arrived", async () => {
  const engine = await startEngine();
  const reporter = engineReporter(engine.address);
  await reporter.flush();
  reporter.progress("Wait a moment.");
  reporter.info("That was that.");
  await reporter.flush();
  expect([engine.logged, engine.passing]).toEqual([
    expect.arrayContaining([
      [1, "Wait a moment."],
      [1, "That was that."],
    ]),
    ["Wait a moment."],
  ]);
  engine.close();
  reporter.info("Nobody hears this.");
  await reporter.flush();
  expect(written).toEqual(["Nobody hears this.\n"]);
});

test("falls back to standard error when the engine cannot be reached", async () => {
  const engine = await startEngine();
  engine.close();
  const reporter = engineReporter(engine.address);
  reporter.warn("Careful.");
  await until(() => written.length > 0);
  expect(written).toEqual(["warning: Careful.\n"]);
});

test("uses standard error where there is no engine, each message once", () => {
  const reporter = engineReporter(undefined);
  reporter.warn("Careful.");
  reporter.info("By the way.");
  reporter.warn("Careful.");
  expect(written).toEqual(["warning: Careful.\n", "By the way.\n"]);
});

test.each(["127.0.0.1:5", "localhost:5", "[::1]:5"])(
  "finds the engine's address %s among the arguments",
  async (address) => {
    const argv = process.argv;
    try {
      process.argv = [
        "node",
        "provider",
        "--option",
        "https://example.com:1",
        "127.0.0.1:x",
        address,
      ];
      engineReporter().warn("Careful.");
      await until(() => written.length > 0);
      process.argv = ["node", address];
      engineReporter().warn("Nobody there.");
    } finally {
      process.argv = argv;
    }
    expect(written).toEqual(["warning: Careful.\n", "warning: Nobody there.\n"]);
  },
);
