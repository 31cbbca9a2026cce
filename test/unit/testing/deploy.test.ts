/** A program in a test, deployed into the sandbox by the provider's own code. */
import * as pulumi from "@pulumi/pulumi";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  ConnectorDefinitions,
  DatabarConnector,
  DatabarFleet,
  DatabarProvider,
  SupermetricsConnector,
  SupermetricsProvider,
} from "../../../provider";
import { type Sandbox } from "../../../provider/sandbox";
import {
  deployToSandbox,
  SandboxDeploymentError,
  type SandboxDeployOptions,
} from "../../../provider/testing";
import { failureOf } from "../../../harness/errors";
import { closeWorlds, openSandbox } from "../../../harness/lifecycle-world";
import { databarFile, folderOf, removeFolders } from "../../../harness/definition-folder";
import { setConnectorMocks } from "./connector-mocks";

const SCORING = { method: "post", url: "https://api.example.com/v1/score" } as const;

function databar(
  name: string,
  args: object = {},
  options?: pulumi.CustomResourceOptions,
): DatabarConnector {
  return new DatabarConnector(name, { ...SCORING, name, ...args }, options);
}

let sandbox: Sandbox;
beforeEach(async () => void (sandbox = await openSandbox()));
afterEach(async () => {
  await closeWorlds();
  removeFolders();
});

const failure = async (
  program: () => unknown,
  options?: SandboxDeployOptions,
): Promise<SandboxDeploymentError> => {
  const error = await failureOf(deployToSandbox(sandbox, program, options));
  expect(error).toBeInstanceOf(SandboxDeploymentError);
  return error as SandboxDeploymentError;
};
const names = (): string[] => sandbox.databar.connectors.map(({ name }) => name);

describe("a program's connectors", () => {
  test("are created with the vendor's ids and limits, and with the warnings that a user sees", async () => {
    sandbox.databar.settings.plan = { rateLimit: 30 };
    const { outputs, resources, warnings } = await deployToSandbox(sandbox, () => {
      const scoring = databar("scoring", { rateLimit: 60 });
      const orders = new SupermetricsConnector("orders", { name: "Orders" });
      return {
        id: scoring.connectorId,
        granted: scoring.effectiveRateLimit,
        orders: orders.connectorIdentifier,
      };
    });
    const [scoring] = sandbox.databar.connectors;
    const [orders] = sandbox.supermetrics.connectors;
    expect(outputs).toEqual({ id: scoring!.id, granted: 30, orders: orders!.connector_identifier });
    expect(warnings).toEqual([expect.stringContaining("rateLimit")]);
    expect(resources).toEqual([
      {
        type: "pulumi-nodejs:dynamic/supermetrics:SupermetricsConnector",
        name: "orders",
        id: `936506/${orders!.connector_identifier}`,
        inputs: { name: "Orders" },
      },
      {
        type: "pulumi-nodejs:dynamic/databar:DatabarConnector",
        name: "scoring",
        id: String(scoring!.id),
        inputs: { ...SCORING, name: "scoring", rateLimit: 60 },
      },
    ]);
  });
  test("can use outputs of other connectors", async () => {
    await deployToSandbox(sandbox, () =>
      databar("second", { body: { first: pulumi.interpolate`${databar("first").connectorId}` } }),
    );
    const [first, second] = sandbox.databar.connectors;
    expect(second).toMatchObject({
      name: "second",
      body: [{ name: "first", value: String(first!.id) }],
    });
  });
  test("send secret values to the vendor and return them to the program as secrets", async () => {
    const secrecy: Promise<boolean>[] = [];
    await deployToSandbox(
      sandbox,
      () => {
        const { headers, body } = databar("scoring", {
          headers: {
            Authorization: "Bearer 1",
            "X-Plain": new pulumi.Config().requireSecret("key"),
          },
          body: { a: "b" },
        });
        secrecy.push(
          ...[headers, body].map(
            (output) => (output as unknown as { isSecret: Promise<boolean> }).isSecret,
          ),
        );
      },
      { config: { key: { value: "k3y", secret: true } } },
    );
    expect(sandbox.databar.connectors[0]?.headers).toEqual([
      { name: "Authorization", value: "Bearer 1" },
      { name: "X-Plain", value: "k3y" },
    ]);
    expect(await Promise.all(secrecy)).toEqual([true, false]);
  });
  test("in a fleet have their ids and effective limits by key", async () => {
    const { outputs } = await deployToSandbox(sandbox, () => {
      const { ids, computed } = new DatabarFleet("all", {
        connectors: { a: { name: "A", ...SCORING, rateLimit: 5 }, b: { name: "B", ...SCORING } },
      });
      return { ids, limit: computed.apply(({ a }) => a?.effectiveRateLimit) };
    });
    expect(outputs).toEqual({
      ids: Object.fromEntries(
        sandbox.databar.connectors.map(({ name, id }) => [name.toLowerCase(), String(id)]),
      ),
      limit: 5,
    });
    expect(Object.keys(outputs["ids"] as object)).toEqual(["a", "b"]);
  });
  test.each(["resources", "fleet"] as const)(
    "may be definition files, as %s, with the overlays of the stack",
    async (as) => {
      const path = folderOf({
        "a.json": databarFile({ a: { headers: { Key: "${config.key}" } } }),
        "a.prod.json": databarFile({ a: { method: "put" } }),
      });
      const { outputs } = await deployToSandbox(
        sandbox,
        () => ({ ids: new ConnectorDefinitions("all", { path, as }).ids }),
        { config: { "gitops:key": "v" }, project: "gitops", stack: "prod" },
      );
      expect(sandbox.databar.connectors).toMatchObject([
        { name: "a", method: "put", headers: [{ name: "Key", value: "v" }] },
      ]);
      expect(outputs).toEqual({ ids: { a: String(sandbox.databar.connectors[0]!.id) } });
    },
  );
  test("that are read with get are not written", async () => {
    const { id } = sandbox.databar.seed({ name: "There", url: "https://api.example.com/there" });
    const { outputs, resources } = await deployToSandbox(sandbox, () => ({
      url: DatabarConnector.get("there", id).url,
    }));
    expect(outputs).toEqual({ url: "https://api.example.com/there" });
    expect(resources).toMatchObject([{ name: "there", id: String(id), inputs: {} }]);
    expect(sandbox.databar.log.map(({ method }) => method)).toEqual(["GET"]);
  });
  test("are compared with existing connectors", async () => {
    await deployToSandbox(sandbox, () => databar("scoring"));
    expect((await deployToSandbox(sandbox, () => databar("scoring"))).warnings).toEqual([
      expect.stringContaining("Adopting the existing"),
    ]);
    expect((await failure(() => databar("scoring", { method: "get" }))).message).toContain(
      "[conflict]",
    );
    expect(names()).toEqual(["scoring"]);
  });
});

describe("an explicit provider", () => {
  test("has its own workspace, but always the sandbox's base URL", async () => {
    sandbox.databar.settings.workspacePerKey = true;
    await deployToSandbox(sandbox, () => {
      for (const key of ["emea", "amer"]) {
        databar(
          key,
          {},
          {
            provider: new DatabarProvider(key, {
              apiKey: `${key}-key`,
              baseUrl: "https://api.databar.ai",
            }),
          },
        );
      }
      databar("default");
    });
    const all = ["emea-key", "amer-key", sandbox.stackConfig["databar:apiKey"]!.value].map((key) =>
      sandbox.databar.connectorsOf(key).map(({ name }) => name),
    );
    expect(all).toEqual([["emea"], ["amer"], ["default"]]);
  });
  test("has its own team", async () => {
    sandbox.supermetrics.settings.teams = ["1", "2"];
    await deployToSandbox(
      sandbox,
      () =>
        new SupermetricsConnector(
          "a",
          { name: "A" },
          { provider: new SupermetricsProvider("two", { teamId: "2" }) },
        ),
    );
    expect(sandbox.supermetrics.connectorsOf("2")).toHaveLength(1);
  });
});

describe("a deployment fails", () => {
  test("with all diagnostics of all definitions, before any request is sent", async () => {
    const { failures, message } = await failure(() => {
      databar("one", { method: "delete", headers: { Accept: 5 } });
      databar("two", { url: "ftp://example.com" });
    });
    expect(failures.map(({ name }) => name)).toEqual(["one", "two"]);
    expect(failures[0]?.message).toMatch(/^method: .*\nheaders\.Accept: /s);
    expect(message).toMatch(
      /^The deployment failed:\n {2}one \(DatabarConnector\): method: .*\n {4}headers\.Accept: .*\n {2}two \(DatabarConnector\): url: /,
    );
    expect(sandbox.databar.log).toEqual([]);
  });
  test("with the vendor's error, and skips resources that depend on the failed connector", async () => {
    const fault = sandbox.databar.fault({
      method: "POST",
      status: 406,
      when: ({ body }) => (body as { name: string }).name === "first",
    });
    const { failures } = await failure(() => {
      databar("needs first", { body: { id: pulumi.interpolate`${databar("first").connectorId}` } });
      databar("other");
    });
    expect(failures).toEqual([
      {
        name: "first",
        type: expect.stringContaining("DatabarConnector"),
        message: expect.stringContaining("[HTTP 406]"),
      },
    ]);
    expect([fault.met, names()]).toEqual([1, ["other"]]);
  });
  test("without secrets in the message", async () => {
    sandbox.databar.fault({
      method: "POST",
      status: 400,
      body: { detail: "k3y-value is not good" },
    });
    const { message } = await failure(() =>
      databar("scoring", { headers: { Authorization: "Bearer k3y-value" } }),
    );
    expect(message).toContain("[HTTP 400]");
    expect(message).not.toContain("k3y-value");
  });
  test("if a connector to read does not exist", async () => {
    expect((await failure(() => DatabarConnector.get("gone", 5))).message).toContain("[not_found]");
  });
  test("with the error that the program throws", async () => {
    await expect(
      deployToSandbox(sandbox, () => new pulumi.Config().require("missing")),
    ).rejects.toThrow("project:missing");
    await expect(deployToSandbox(sandbox, () => Promise.reject(new Error("own")))).rejects.toThrow(
      "own",
    );
    await expect(
      deployToSandbox(
        sandbox,
        () =>
          new ConnectorDefinitions("all", {
            path: folderOf({ "a.json": databarFile({ a: { methd: 1 } }) }),
          }),
      ),
    ).rejects.toThrow("in the connector definitions");
  });
  test("if another deployment is running in the same process", async () => {
    const first = deployToSandbox(sandbox, () => databar("scoring"));
    await expect(deployToSandbox(sandbox, () => undefined)).rejects.toThrow(
      "Another deployment is running",
    );
    await first;
  });
});

describe("settings", () => {
  test("from the environment and the program cannot point outside the sandbox", async () => {
    const kept = { ...process.env };
    Object.assign(process.env, {
      DATABAR_API_KEY: "real",
      DATABAR_BASE_URL: "https://api.databar.ai",
    });
    sandbox.databar.settings.keys = ["only"];
    try {
      await deployToSandbox(sandbox, () => databar("scoring"), {
        config: { "databar:baseUrl": "https://api.databar.ai" },
      });
    } finally {
      for (const name of ["DATABAR_API_KEY", "DATABAR_BASE_URL"]) {
        if (kept[name] === undefined) {
          Reflect.deleteProperty(process.env, name);
        }
      }
      Object.assign(process.env, kept);
    }
    expect(sandbox.databar.log.map(({ keyIndex }) => keyIndex)).toEqual([0, 0]);
  });
  test("come from the sandbox by default", async () => {
    sandbox.supermetrics.settings.teams = ["1", "2"];
    const program = (): unknown => new SupermetricsConnector("a", { name: "A" });
    await deployToSandbox(sandbox, program);
    await deployToSandbox(sandbox, program, { config: { "supermetrics:teamId": "2" } });
    expect(["1", "2"].map((team) => sandbox.supermetrics.connectorsOf(team).length)).toEqual([
      1, 1,
    ]);
  });
});

describe("a program", () => {
  test.each<[string, unknown]>([
    ["named exports", { a: 1 }],
    ["a default export", { default: { a: 1 } }],
    ["a function", () => Promise.resolve({ a: pulumi.secret(1) })],
    [
      "a default export that is a function",
      { default: { default: () => ({ a: Promise.resolve(1) }) } },
    ],
  ])("exports %s", async (_, exported) =>
    expect((await deployToSandbox(sandbox, () => exported)).outputs).toEqual({ a: 1 }),
  );

  describe("with resources of other packages", () => {
    class Other extends pulumi.CustomResource {
      declare readonly address: pulumi.Output<string>;
      constructor(name: string) {
        super("aws:s3:Bucket", name, { password: pulumi.secret("p"), address: undefined });
      }
    }
    test("gives them an id", async () => {
      const { resources, outputs } = await deployToSandbox(sandbox, () => ({
        id: new Other("bucket").id,
      }));
      expect([outputs, resources]).toMatchObject([
        { id: "bucket-id" },
        [{ type: "aws:s3:Bucket", inputs: { password: "p" } }],
      ]);
    });
    test("calls the mocks with plain values", async () => {
      const mocks: SandboxDeployOptions["mocks"] = {
        newResource: ({ inputs }) => ({
          id: "b",
          state: { address: `https://${(inputs as { password: string }).password}` },
        }),
        call: ({ token }) => ({ token }),
      };
      const program = async (): Promise<object> => ({
        url: databar("a", { url: new Other("bucket").address }).url,
        called: await pulumi.runtime.invoke("aws:index:getRegion", {}),
      });
      expect((await deployToSandbox(sandbox, program, { mocks })).outputs).toEqual({
        url: "https://p",
        called: { token: "aws:index:getRegion" },
      });
    });
    test("fails on a function without a mock", async () => {
      expect(
        (
          await failure(async () => ({
            called: await pulumi.runtime.invoke("aws:index:getRegion", {}),
          }))
        ).failures,
      ).toMatchObject([{ name: "aws:index:getRegion", message: expect.stringContaining("mocks") }]);
    });
  });
});

describe("the mocks that docs/testing.md shows", () => {
  test("are the ones tested here", () => {
    const [page, tested] = ["../../../docs/testing.md", "connector-mocks.ts"].map((path) =>
      readFileSync(join(__dirname, path), "utf8"),
    );
    expect(page).toContain(`\`\`\`ts\n${tested!}\`\`\`\n`);
  });
  test("return the same shapes as the provider", async () => {
    const path = folderOf({ "a.json": databarFile({ a: {} }) });
    const program = (): Record<string, pulumi.Output<unknown>> => {
      const provider = new DatabarProvider("emea", { apiKey: "key" });
      const headers = { Authorization: pulumi.secret("Bearer 1") };
      const { connectorId, effectiveRateLimit } = databar(
        "scoring",
        { rateLimit: 5, headers },
        { provider },
      );
      const { connectorIdentifier, teamId } = new SupermetricsConnector("orders", {
        name: "Orders",
      });
      const { ids, computed } = new DatabarFleet("all", {
        connectors: { x: { ...SCORING, name: "X", rateLimit: 5, headers } },
      });
      const [resources, fleet] = (["resources", "fleet"] as const).map(
        (as) => new ConnectorDefinitions(as, { path, as }),
      );
      return {
        connectorId,
        effectiveRateLimit,
        connectorIdentifier,
        teamId,
        ids,
        limit: computed.apply(({ x }) => x?.effectiveRateLimit),
        resources: resources!.ids,
        fleet: fleet!.ids,
      };
    };
    const { outputs } = await deployToSandbox(sandbox, program);
    await setConnectorMocks("project", "test");
    const mocked = await new Promise((resolve) => pulumi.output(program()).apply(resolve));
    expect(formOf(mocked)).toEqual(formOf(outputs));
    expect(formOf(outputs)).toMatchObject({
      connectorId: "number",
      connectorIdentifier: "text",
      ids: { x: "digits" },
      limit: "number",
      fleet: { a: "digits" },
    });
  });
});

/** Values by their kinds. */
function formOf(value: unknown): unknown {
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, formOf(item)]));
  }
  return typeof value !== "string" ? typeof value : /^\d+$/.test(value) ? "digits" : "text";
}
