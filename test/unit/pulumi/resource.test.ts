/**
 * What a program's resources register with the engine. The engine is the SDK's own mock monitor.
 */
import * as pulumi from "@pulumi/pulumi";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import {
  DatabarConnector,
  DatabarProvider,
  SupermetricsConnector,
  SupermetricsProvider,
} from "../../../provider";
import { providerText } from "../../../provider/pulumi/program/provider-text";
import { databarFields } from "../../../provider/vendors/databar/fields";
import { supermetricsFields } from "../../../provider/vendors/supermetrics/fields";

const registered: pulumi.runtime.MockResourceArgs[] = [];

beforeEach(async () => {
  registered.splice(0);
  await pulumi.runtime.setMocks({
    newResource: (args) => {
      registered.push(args);
      return {
        id: args.id === "" || args.id === undefined ? ID : args.id,
        state: args.inputs as Record<string, unknown>,
      };
    },
    call: () => ({}),
  });
});

const ID = "936506/T3S70";

function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

/** What was registered last, once it is there. */
async function last(
  resource: pulumi.CustomResource | pulumi.ProviderResource,
): Promise<pulumi.runtime.MockResourceArgs> {
  await valueOf(resource.urn);
  return registered.at(-1)!;
}

describe("a connector resource", () => {
  test("registers its arguments and the provider's text under the type that every URN holds", async () => {
    const { type, name, inputs } = await last(
      new DatabarConnector("scoring", {
        name: "A",
        method: "get",
        url: "https://example.com",
        headers: { A: "1" },
      }),
    );
    expect([type, name]).toEqual(["pulumi-nodejs:dynamic/databar:DatabarConnector", "scoring"]);
    expect(inputs).toEqual({
      name: "A",
      method: "get",
      url: "https://example.com",
      headers: { A: "1" },
      __provider: providerText("databar"),
    });
  });
  test("of Supermetrics has a type of its own", async () => {
    const { type, inputs } = await last(
      new SupermetricsConnector("awin", { name: "A", secrets: { k: "v" } }),
    );
    expect(type).toBe("pulumi-nodejs:dynamic/supermetrics:SupermetricsConnector");
    expect(inputs).toMatchObject({ name: "A", __provider: providerText("supermetrics") });
  });
  test("has every property and output of its table", () => {
    const args = { name: "A", method: "get", url: "https://example.com" } as const;
    const names = (table: typeof databarFields): string[] =>
      [...table.fields, ...table.computed].map(({ name }) => name);
    expect(
      names(databarFields).filter((name) => !(name in new DatabarConnector("a", args))),
    ).toEqual([]);
    expect(
      names(supermetricsFields).filter((name) => !(name in new SupermetricsConnector("a", args))),
    ).toEqual([]);
  });
  test("knows its connector's id from the resource's", async () => {
    const connector = new SupermetricsConnector("a", { name: "A" });
    expect(await valueOf(connector.connectorIdentifier)).toBe("T3S70");
    const read = DatabarConnector.get("b", 42);
    expect(await valueOf(read.connectorId)).toBe(42);
  });
});

describe("get", () => {
  test("reads by id, with the provider's text and nothing else", async () => {
    const { id, inputs } = await last(DatabarConnector.get("existing", 42));
    expect(id).toBe("42");
    expect(inputs).toEqual({ __provider: providerText("databar") });
    expect((await last(SupermetricsConnector.get("existing", "936506/AAAAA"))).id).toBe(
      "936506/AAAAA",
    );
  });
});

describe("a logo", () => {
  const folder = mkdtempSync(join(tmpdir(), "resource-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test("is sent as its path and digest, not its content", async () => {
    const path = join(folder, "a.png");
    writeFileSync(path, Buffer.from("89504e470d0a1a0a", "hex"));
    const { inputs } = await last(new SupermetricsConnector("a", { name: "A", logo: path }));
    expect(inputs).toMatchObject({
      logo: {
        path: relative(process.cwd(), path),
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    });
  });
  test("that cannot be used is sent with its fault, for check to report with all others", async () => {
    expect(
      (
        await last(
          new SupermetricsConnector("a", {
            name: "A",
            logo: pulumi.output(join(folder, "none.png")),
          }),
        )
      ).inputs,
    ).toMatchObject({ logo: { fault: expect.stringContaining("does not exist") } });
  });
  test("that is null, as a definition file may write it, is not sent", async () => {
    for (const logo of [null, pulumi.output(null)]) {
      const args = { name: "A", logo: logo as unknown as string };
      const { inputs } = await last(new SupermetricsConnector("a", args));
      expect(inputs["logo"] ?? undefined).toBeUndefined();
    }
  });
});

describe("an explicit provider", () => {
  const config = (values: Record<string, string>, secretKeys: string[] = []): void =>
    pulumi.runtime.setAllConfig(values, secretKeys);
  beforeEach(() => config({}));

  test("registers its arguments as settings, as text", async () => {
    const { type, inputs } = await last(
      new DatabarProvider("emea", { apiKey: "key", requestsPerSecond: 5, backoffSeconds: 0.5 }),
    );
    expect(type).toBe("pulumi:providers:pulumi-nodejs");
    expect(inputs).toMatchObject({
      "databar:requestsPerSecond": "5",
      "databar:backoffSeconds": "0.5",
    });
    expect(JSON.stringify(inputs)).toContain("key");
  });
  test("takes what it leaves out from the stack: the engine gives it nothing of that", async () => {
    config({
      "supermetrics:apiKey": "stack-key",
      "supermetrics:teamId": "7",
      "supermetrics:baseUrl": "https://example.com",
      "supermetrics:maxConcurrentRequests": "3",
      "databar:baseUrl": "https://other.example.com",
    });
    const { inputs } = await last(new SupermetricsProvider("emea", { teamId: "8" }));
    expect(inputs).toMatchObject({
      "supermetrics:teamId": "8",
      "supermetrics:baseUrl": "https://example.com",
      "supermetrics:maxConcurrentRequests": "3",
    });
    expect(JSON.stringify(inputs)).toContain("stack-key");
    expect(Object.keys(inputs as object)).not.toContain("databar:baseUrl");
  });
  test("marks its key secret, wherever it comes from", async () => {
    const envelope = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
    config({ "databar:apiKey": "stack-key" });
    for (const args of [{ apiKey: "key" }, {}]) {
      const { inputs } = await last(new DatabarProvider("p", args));
      expect((inputs as Record<string, unknown>)["databar:apiKey"]).toMatchObject(envelope);
    }
  });
  describe.each<[string, () => unknown]>([
    ["null", () => null],
    ["an output of nothing", () => pulumi.output(undefined)],
    ["a secret output of null", () => pulumi.secret(null)],
  ])("takes %s", (_, nothing) => {
    const registeredFor = async (): Promise<string> =>
      JSON.stringify(
        (
          await last(
            new SupermetricsProvider("p", {
              apiKey: nothing() as string,
              teamId: nothing() as string,
            }),
          )
        ).inputs,
      );
    test("for left out: the stack's stands in", async () => {
      config({ "supermetrics:apiKey": "stack-key", "supermetrics:teamId": "7" });
      const inputs = await registeredFor();
      expect(inputs).toContain('"stack-key"');
      expect(inputs).toMatch(/"supermetrics:teamId":.*"7"/);
    });
    test("for nothing where the stack says nothing, never for a word", async () =>
      expect(await registeredFor()).not.toMatch(/undefined|null/));
  });
  test("registers nothing else than that it is explicit", async () =>
    expect((await last(new DatabarProvider("p"))).inputs).toEqual({
      "pulumi-connectors:provider": "databar:p",
    }));
});

describe("a component's providers", () => {
  const component = (name: string, opts: pulumi.ComponentResourceOptions): pulumi.Resource =>
    new pulumi.ComponentResource("shop:index:Component", name, {}, opts);
  const providerOf = async (resource: pulumi.CustomResource): Promise<string> =>
    ((await last(resource)).provider ?? "").split("::").at(-2) ?? "";
  class Bucket extends pulumi.CustomResource {
    constructor(name: string, opts: pulumi.CustomResourceOptions) {
      super("aws:s3/bucket:Bucket", name, {}, opts);
    }
  }
  class Aws extends pulumi.ProviderResource {
    constructor(name: string) {
      super("aws", name, {});
    }
  }
  class Dynamic extends pulumi.ProviderResource {
    constructor(name: string) {
      super("pulumi-nodejs", name, { "databar:apiKey": "key" });
    }
  }

  test("of other packages serve their own resources, and no connector", async () => {
    const parent = component("c", { providers: [new Aws("aws"), new DatabarProvider("d")] });
    expect(await providerOf(new Bucket("b", { parent }))).toBe("aws");
    expect(await providerOf(new DatabarConnector("a", {} as never, { parent }))).toBe("d");
    expect(await providerOf(new SupermetricsConnector("a", {} as never, { parent }))).toBe("");
  });
  test("of Pulumi's own class for dynamic resources serve connectors without one of their vendor", async () => {
    const parent = component("c", { providers: [new Dynamic("own"), new DatabarProvider("d")] });
    expect(await providerOf(new DatabarConnector("a", {} as never, { parent }))).toBe("d");
    expect(await providerOf(new SupermetricsConnector("a", {} as never, { parent }))).toBe("own");
  });
  test("of a component in a process of its own are known by key", async () => {
    const parent = component("c", { providers: { databar: new Dynamic("by-key") } });
    expect(await providerOf(new DatabarConnector("a", {} as never, { parent }))).toBe("by-key");
    expect(await providerOf(new SupermetricsConnector("a", {} as never, { parent }))).toBe("");
  });
  test("of one vendor, several under names, are refused", () => {
    const [one, two] = [new DatabarProvider("one"), new DatabarProvider("two")];
    const parent = component("c", { providers: { one, two } });
    expect(() => new DatabarConnector("a", {} as never, { parent })).toThrow(
      'DatabarConnector "a" gets DatabarProvider "one" and DatabarProvider "two" from its parents.',
    );
    new DatabarConnector("b", {} as never, { parent, provider: two });
  });
});
