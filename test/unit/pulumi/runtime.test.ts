/** The verbs as the engine calls them: its marks in, plain JSON out. */
import { type DynamicProvider } from "../../../provider/pulumi/provider/runtime";
import { type DatabarSandbox } from "../../../provider/sandbox";
import { provider } from "../../../provider/vendors/databar/runtime";
import { failureOf } from "../../../harness/errors";
import { closeWorlds, openSandbox } from "../../../harness/lifecycle-world";
import { providerConfig } from "../../../harness/in-process/config";
import { isPlainJson, plain, secret, UNKNOWN } from "../../../harness/in-process/wire";
import { isolate } from "../../../harness/jest/isolate";

const inputs = {
  __provider: "text",
  name: "Scoring",
  method: "get",
  url: "https://api.example.com/",
  headers: { Authorization: "Bearer k3y-value", Accept: "json" },
};
const STORED =
  "In refresh and destroy, Pulumi uses the configuration that is stored in the stack's state. After a change of the settings, add --run-program to use the current ones.";

const { said } = isolate();
afterEach(closeWorlds);

interface World {
  readonly vendor: DatabarSandbox;
  readonly deploy: (values?: Record<string, unknown>) => DynamicProvider;
}

async function open(): Promise<World> {
  const { databar } = await openSandbox();
  return {
    vendor: databar,
    deploy: (values = {}) =>
      provider(providerConfig("databar", { apiKey: "key-1", baseUrl: databar.url, ...values })),
  };
}

async function created(
  { deploy }: World,
  props: typeof inputs = inputs,
): Promise<{ id: string; outs: Record<string, unknown> }> {
  const { id, outs } = await deploy().create(props);
  return { id, outs: { ...(plain(outs) as Record<string, unknown>), __provider: "text" } };
}

function messagesOf(attempts: readonly Promise<unknown>[]): Promise<string[]> {
  return Promise.all(
    attempts.map(async (attempt) => ((await failureOf(attempt)) as Error).message),
  );
}

test("one configuration is one deployment, another is another", () => {
  const config = providerConfig("databar", {});
  expect(provider(config)).toBe(provider(config));
  expect(provider(config)).not.toBe(provider(providerConfig("databar", {})));
  expect(provider(undefined)).toBe(provider(undefined));
});

describe("check", () => {
  test("hands the inputs back with credentials in envelopes, without the provider's text", async () => {
    const { deploy } = await open();
    const { inputs: checked, failures } = await deploy().check({}, inputs);
    expect(failures).toEqual([]);
    expect(checked).toEqual({
      name: "Scoring",
      method: "get",
      url: "https://api.example.com/",
      headers: { Authorization: secret("Bearer k3y-value"), Accept: "json" },
    });
  });
  test("hands unknown values back as they came", async () => {
    const { deploy } = await open();
    const news = {
      ...inputs,
      headers: { Authorization: UNKNOWN, Accept: [UNKNOWN] },
      bodyTemplate: UNKNOWN,
    };
    expect((await deploy().check({}, news)).inputs).toMatchObject({
      headers: { Authorization: UNKNOWN, Accept: [UNKNOWN] },
      bodyTemplate: UNKNOWN,
    });
  });
  test("reports every fault at once; no failure names a property, whose value the engine would print", async () => {
    const { deploy } = await open();
    const { failures } = await deploy().check(
      {},
      { ...inputs, method: "fetch", rateLimit: 0, headers: { Authorization: "s3cr3t\n" } },
    );
    expect(failures.map(({ property }) => property)).toEqual(["", "", ""]);
    expect(failures.map(({ reason }) => reason.split(":")[0]).sort()).toEqual([
      "headers.Authorization",
      "method",
      "rateLimit",
    ]);
    expect(JSON.stringify(failures)).not.toContain("s3cr3t");
    expect(said).toEqual([]);
  });
  test("reports in at most 8,000 characters, even with long property names", async () => {
    const { deploy } = await open();
    const { failures } = await deploy().check({}, { ...inputs, ["x".repeat(100_000)]: 1 });
    expect(failures.map(({ reason }) => reason.length)).toEqual([8_000]);
  });
  test("keeps create-only inputs on an update, takes them on create and replace", async () => {
    const { deploy } = await open();
    const olds = { ...inputs, onConflict: "adopt" };
    expect(
      (await deploy().check(olds, { ...inputs, onConflict: "fail" })).inputs["onConflict"],
    ).toBe("adopt");
    expect((await deploy().check({}, { ...inputs, onConflict: "fail" })).inputs["onConflict"]).toBe(
      "fail",
    );
  });

  describe("a missing key", () => {
    test("is reported by the first resource only, naming both ways to give it", async () => {
      const { deploy } = await open();
      const deployment = deploy({ apiKey: undefined });
      const failures = [await deployment.check({}, inputs), await deployment.check({}, inputs)].map(
        (checked) => checked.failures.map(({ reason }) => reason),
      );
      expect(failures[0]).toHaveLength(1);
      expect(failures[0]![0]).toMatch(
        /No Databar API key is configured\. Give it with `pulumi config set --secret databar:apiKey …`, or in the environment variable DATABAR_API_KEY\.$/,
      );
      expect(failures[1]).toEqual([]);
    });
    test("is found in the environment", async () => {
      process.env["DATABAR_API_KEY"] = "key-1";
      const { deploy } = await open();
      expect((await deploy({ apiKey: undefined }).check({}, inputs)).failures).toEqual([]);
    });
    test("that is not known yet is no fault, but nothing can be created with it", async () => {
      const { deploy } = await open();
      const deployment = deploy({ apiKey: UNKNOWN });
      expect((await deployment.check({}, inputs)).failures).toEqual([]);
      expect(((await failureOf(deployment.create(inputs))) as Error).message).toBe(
        "[configuration] The Databar API key is not known yet: the provider gets it from a resource that does not exist yet.",
      );
    });
  });
  test("a setting that cannot be used is a fault, reported once", async () => {
    const { deploy } = await open();
    const deployment = deploy({ baseUrl: "http://api.example.com" });
    expect((await deployment.check({}, inputs)).failures[0]!.reason).toContain(
      "databar:baseUrl would send the credential over plain http",
    );
    expect((await deployment.check({}, inputs)).failures).toEqual([]);
  });
});

test("check and diff make no call", async () => {
  const world = await open();
  const { id, outs } = await created(world);
  world.vendor.clearLog();
  const deployment = world.deploy();
  await deployment.check(inputs, { ...inputs, name: "B" });
  await deployment.diff(id, outs, { ...inputs, name: "B", connectorId: 7 });
  await deployment.diff(id, outs, inputs);
  expect(world.vendor.log).toEqual([]);
});

describe("diff", () => {
  test("names replacements and leaves changes to the engine", async () => {
    const world = await open();
    const { id, outs } = await created(world);
    expect(await world.deploy().diff(id, outs, { ...inputs, name: "B" })).toEqual({
      replaces: [],
      deleteBeforeReplace: false,
    });
    expect(await world.deploy().diff(id, outs, { ...inputs, connectorId: 7 })).toEqual({
      replaces: ["connectorId"],
      deleteBeforeReplace: false,
    });
  });
  test("sees no change where the id of the connector that is there was written down", async () => {
    const world = await open();
    const { id, outs } = await created(world);
    expect(await world.deploy().diff(id, outs, { ...inputs, connectorId: Number(id) })).toEqual({
      changes: false,
      replaces: [],
      deleteBeforeReplace: false,
    });
  });
  test("fails where two resources hold one connector", async () => {
    const world = await open();
    const { id, outs } = await created(world);
    const deployment = world.deploy();
    await deployment.check(inputs, inputs);
    await deployment.diff(id, outs, inputs);
    const error = (await failureOf(
      deployment.diff(id, { ...outs, claim: "ffffffff" }, inputs),
    )) as Error;
    expect(error.message).toContain(
      `[conflict] Databar connector ${id} is managed by two resources of this program`,
    );
  });
  test("says how to part two resources that hold one connector because one of them names it", async () => {
    const world = await open();
    const { id, outs } = await created(world);
    const deployment = world.deploy();
    const naming = { ...inputs, name: "B", connectorId: Number(id) };
    await deployment.check(naming, naming);
    await deployment.diff(id, { ...outs, claim: "ffffffff" }, naming);
    await deployment.check(inputs, inputs);
    const error = (await failureOf(deployment.diff(id, outs, inputs))) as Error;
    expect(error.message).toContain(
      "one of them names it, or adopted it because it looks the same",
    );
    expect(error.message).toContain("remove connectorId from its definition");
  });
});

test("a connector that is moved to another provider with its id fails to be adopted: the old provider would delete it", async () => {
  const world = await open();
  const { id } = world.vendor.seed({ name: "Other" });
  const adopting = { ...inputs, connectorId: id };
  await world.deploy().create(adopting);
  const other = world.deploy();
  await other.check(adopting, adopting);
  await other.check({}, adopting);
  expect(((await failureOf(other.create(adopting))) as Error).message).toContain(
    "Remove the resource from the state with `pulumi state delete`, then run pulumi up again",
  );
});

describe("what leaves is plain JSON with credentials in envelopes", () => {
  test("on create", async () => {
    const { vendor, deploy } = await open();
    const { id, outs } = await deploy().create({ ...inputs, rateLimit: null });
    expect(id).toBe(String(vendor.connectors[0]!.id));
    expect(isPlainJson(outs)).toBe(true);
    expect(outs).toMatchObject({
      name: "Scoring",
      headers: { Authorization: secret("Bearer k3y-value"), Accept: "json" },
      createdAt: expect.any(String),
    });
  });
  test("on update, all outputs, none missing", async () => {
    const world = await open();
    const { id, outs } = await created(world);
    const { outs: next } = await world.deploy().update(id, outs, { ...inputs, name: "B" });
    expect(isPlainJson(next)).toBe(true);
    expect(plain(next)).toEqual({ ...outs, name: "B", __provider: undefined });
    expect(next["headers"]).toEqual({ Authorization: secret("Bearer k3y-value"), Accept: "json" });
  });
  test("on read, in props and inputs, also what the vendor put in place of a credential", async () => {
    const world = await open();
    const { id, outs } = await created(world);
    world.vendor.change(id, {
      headers: [
        { name: "Authorization", value: "Bearer other" },
        { name: "Accept", value: "json" },
        { name: "X-Api-Key", value: "theirs" },
      ],
    });
    const read = await world.deploy().read(id, outs);
    expect(isPlainJson(read)).toBe(true);
    const headers = {
      Authorization: secret("Bearer other"),
      Accept: "json",
      "X-Api-Key": secret("theirs"),
    };
    expect(read).toMatchObject({ id, props: { headers }, inputs: { headers } });
    expect(read.inputs).not.toHaveProperty("claim");
  });
});

describe("read", () => {
  test("of a managed connector that is gone answers an empty id", async () => {
    const world = await open();
    const { id, outs } = await created(world);
    world.vendor.remove(id);
    expect(await world.deploy().read(id, outs)).toEqual({ id: "", props: {} });
  });
  test("by id alone of one that is not there fails: an empty id would be no error", async () => {
    const { deploy } = await open();
    expect(((await failureOf(deploy().read("42", { __provider: "text" }))) as Error).message).toBe(
      "[not_found] Databar has no connector 42. Correct the id, or remove the call of get",
    );
  });
});

describe("delete", () => {
  test("deletes, and is done when it is gone before", async () => {
    const world = await open();
    const { id, outs } = await created(world);
    await world.deploy().delete(id, outs);
    expect(world.vendor.connectors).toEqual([]);
    await expect(world.deploy().delete(id, outs)).resolves.toBeUndefined();
  });
});

describe("failures", () => {
  test.each([401, 403])(
    "%d during refresh and destroy says whose configuration was used",
    async (status) => {
      const world = await open();
      const { id, outs } = await created(world);
      world.vendor.fault({ status, times: Infinity });
      for (const message of await messagesOf([
        world.deploy().read(id, outs),
        world.deploy().delete(id, outs),
      ])) {
        expect(message).toContain(STORED);
      }
      for (const message of await messagesOf([
        world.deploy().update(id, outs, { ...inputs, name: "B" }),
        world.deploy().create(inputs),
        world.deploy().read(id, {}),
      ])) {
        expect(message).not.toContain(STORED);
      }
    },
  );
  test("of a list are whole for one read of a deployment, and one line for the others", async () => {
    const world = await open();
    const { id, outs } = await created(world);
    const deployment = world.deploy();
    world.vendor.fault({ status: 403, times: Infinity });
    const messages = await messagesOf([1, 2, 3].map(() => deployment.read(id, outs)));
    expect(messages[0]).toContain(STORED);
    expect(messages.slice(1)).toEqual(
      Array(2).fill(
        "[forbidden] The same error as for another resource of this deployment, which has the whole message.",
      ),
    );
    expect((await messagesOf([world.deploy().read(id, outs)]))[0]).toContain(STORED);
  });
  test("of the deletes of a deployment are whole, and only one says whose configuration was used", async () => {
    const world = await open();
    const both = [await created(world), await created(world, { ...inputs, name: "B" })];
    const deployment = world.deploy();
    world.vendor.fault({ method: "DELETE", status: 401, times: Infinity });
    const messages = await messagesOf(both.map(({ id, outs }) => deployment.delete(id, outs)));
    expect(messages).toEqual([
      expect.stringContaining('delete connector "Scoring" (id 1)'),
      expect.stringContaining('delete connector "B" (id 2)'),
    ]);
    expect(messages.map((message) => message.split(STORED).length - 1)).toEqual([1, 0]);
    expect(world.vendor.connectors).toHaveLength(2);
  });
  test("of create and update are fresh errors without an id, and repeat no credential", async () => {
    const world = await open();
    const { id, outs } = await created(world);
    world.vendor.fault({
      status: 400,
      body: { detail: "do not like Bearer k3y-value, nor key-1", id: "x" },
      times: Infinity,
      method: "PUT",
    });
    world.vendor.fault({
      status: 400,
      body: { detail: "do not like k3y-value, nor key-1", id: "x" },
      times: Infinity,
      method: "POST",
    });
    for (const attempt of [
      () => world.deploy().update(id, outs, { ...inputs, name: "B" }),
      () => world.deploy().create({ ...inputs, onConflict: "create" }),
    ]) {
      const error = (await failureOf(attempt())) as Error;
      expect(Object.keys(error)).toEqual([]);
      expect(error.message).toContain("do not like");
      expect(error.message).not.toMatch(/k3y|key-1/);
    }
  });
  test("of an update do not repeat the old credential either", async () => {
    const world = await open();
    const { id, outs } = await created(world);
    world.vendor.fault({ method: "PUT", status: 400, body: { detail: "had k3y-value before" } });
    const error = (await failureOf(
      world.deploy().update(id, outs, { ...inputs, headers: { Authorization: "Bearer another" } }),
    )) as Error;
    expect(error.message).toContain("had [");
    expect(error.message).not.toContain("k3y");
  });
  test("after the first call are recorded as a partial create, with the provider's text and envelopes", async () => {
    const { vendor, deploy } = await open();
    const { id } = vendor.seed({
      name: "Other",
      headers: [{ name: "Authorization", value: "Bearer old" }],
    });
    vendor.fault({ method: "PUT", status: 422 });
    const error = (await failureOf(deploy().create({ ...inputs, connectorId: id }))) as Error & {
      id: string;
      reasons: string[];
      properties: Record<string, unknown>;
    };
    expect(error).toMatchObject({
      id: String(id),
      reasons: [error.message],
      properties: {
        __provider: "text",
        name: "Other",
        headers: { Authorization: secret("Bearer old") },
        claim: expect.any(String),
      },
    });
    expect(isPlainJson(error.properties)).toBe(true);
  });
});

test("a lowered limit is a warning at the deployment", async () => {
  const { vendor, deploy } = await open();
  vendor.settings.plan = { rateLimit: 10 };
  await deploy().create({ ...inputs, rateLimit: 60 });
  expect(said).toEqual([
    expect.stringMatching(
      /^warning: Databar connector "Scoring": rateLimit is 10, not 60: the workspace's plan lowers it\./,
    ),
  ]);
});
