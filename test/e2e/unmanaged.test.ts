/**
 * Rule 4: what the program does not manage goes out as the vendor holds it, for single connectors
 * and in fleets.
 */
import { databar, supermetrics } from "../../harness/e2e/program";
import { closeWorlds, expectOk, ops, startWorld, TEAM } from "../../harness/e2e/world";

jest.setTimeout(180_000);
afterEach(closeWorlds);

const URL = "https://api.example.com/v1";

it("limits that no definition sets stay as people set them", async () => {
  const { sandbox, stack, program } = await startWorld();
  const declare = (method: string): void =>
    program({
      single: databar({ name: "Single", url: URL, method }),
      fleet: {
        type: "DatabarFleet",
        args: { connectors: { member: { name: "Member", url: URL, method } } },
      },
    });
  declare("get");
  expectOk(await stack.up());
  const limits = { rate_limit: 30, max_concurrency: 3 };
  sandbox.databar.connectors.forEach(({ id }) => sandbox.databar.change(id, limits));
  declare("post");
  expectOk(await stack.up());
  const expected = { method: "post", ...limits };
  expect(sandbox.databar.connectors).toMatchObject([expected, expected]);
  expectOk(await stack.refresh());
  sandbox.clearLogs();
  expectOk(await stack.up());
  expect(sandbox.databar.log).toEqual([]);
  expectOk(await stack.destroy());
  expect(sandbox.databar.connectors).toEqual([]);
});

it("limits under ignoreChanges stay as the last refresh found them, but for one that was lowered; those that no definition set stay in any case", async () => {
  const { sandbox, stack, program } = await startWorld();
  const declare = (method: string): void =>
    program({
      raised: databar(
        { name: "Raised", url: URL, method, rateLimit: 5 },
        { ignoreChanges: ["rateLimit"] },
      ),
      removed: databar(
        { name: "Removed", url: URL, method, rateLimit: 5 },
        { ignoreChanges: ["rateLimit"] },
      ),
      lowered: databar(
        { name: "Lowered", url: URL, method, rateLimit: 5 },
        { ignoreChanges: ["rateLimit"] },
      ),
      unset: databar({ name: "Unset", url: URL, method }),
    });
  declare("get");
  expectOk(await stack.up());
  const [raised, removed, lowered, unset] = ["Raised", "Removed", "Lowered", "Unset"].map(
    (name) => sandbox.databar.connectors.find((each) => each.name === name)!.id,
  );
  sandbox.databar.change(raised!, { rate_limit: 30 });
  sandbox.databar.change(removed!, { rate_limit: null });
  sandbox.databar.change(lowered!, { rate_limit: 2 });
  sandbox.databar.change(unset!, { rate_limit: 2 });
  expectOk(await stack.refresh());
  sandbox.databar.change(removed!, { rate_limit: 7 });
  declare("post");
  expectOk(await stack.up());
  const limits = Object.fromEntries(
    sandbox.databar.connectors.map(({ name, method, rate_limit }) => [name, [method, rate_limit]]),
  );
  expect(limits).toEqual({
    Raised: ["post", 30],
    Removed: ["post", 7],
    Lowered: ["post", 5],
    Unset: ["post", 2],
  });
});

it("keys that people add to a configuration stay, also under ignoreChanges and after a refresh", async () => {
  const { sandbox, stack, program } = await startWorld();
  const vendor = sandbox.supermetrics;
  const declare = (more: object): void =>
    program({
      single: supermetrics(
        { name: "Single", configuration: { a: { b: 1 }, ignored: 1, ...more } },
        { ignoreChanges: ["configuration.ignored"] },
      ),
      fleet: {
        type: "SupermetricsFleet",
        args: {
          connectors: { member: { name: "Member", configuration: { a: { b: 1 }, ...more } } },
        },
      },
    });
  declare({});
  expectOk(await stack.up());
  const keys = vendor.connectors.map((each) => each.connector_identifier);
  keys.forEach((key) => vendor.addToConfiguration(key, { a: { theirs: 1 }, theirs: [1] }));
  const refreshed = expectOk(await stack.refresh());
  expect(refreshed.steps.filter(({ op }) => op === "update")).toEqual([]);
  declare({ more: 1 });
  expectOk(await stack.up());
  keys.forEach((key) => vendor.addToConfiguration(key, { later: 1 }));
  declare({ more: 2 });
  sandbox.clearLogs();
  expectOk(await stack.up());
  for (const { configuration } of vendor.connectors) {
    expect(configuration.configuration_json).toMatchObject({
      a: { b: 1, theirs: 1 },
      theirs: [1],
      later: 1,
      more: 2,
    });
  }
  expect(vendor.log.map(({ method }) => method).sort()).toEqual(["GET", "GET", "PUT", "PUT"]);
  declare({});
  expectOk(await stack.up());
  for (const { configuration } of vendor.connectors) {
    expect(Object.keys(configuration.configuration_json)).not.toContain("more");
    expect(configuration.configuration_json).toMatchObject({ later: 1 });
  }
  expectOk(await stack.destroy());
  expect(vendor.connectors).toEqual([]);
});

it("a key that the definition gave up is no drift when somebody adds it again, and stays", async () => {
  const { sandbox, stack, program } = await startWorld();
  const vendor = sandbox.supermetrics;
  const declare = (configuration: object): void =>
    program({
      single: supermetrics({ name: "Single", configuration }),
      fleet: {
        type: "SupermetricsFleet",
        args: { connectors: { member: { name: "Member", configuration } } },
      },
    });
  declare({ a: 1, b: 2 });
  expectOk(await stack.up());
  const keys = vendor.connectors.map((each) => each.connector_identifier);
  keys.forEach((key) => vendor.change(key, { configuration_json: { a: 1 } }));
  expectOk(await stack.refresh());
  declare({ a: 1 });
  const accepted = expectOk(await stack.up());
  expect(ops(accepted)).toEqual({ single: "same", fleet: "same" });
  keys.forEach((key) => vendor.addToConfiguration(key, { b: 5 }));
  expect(ops(expectOk(await stack.refresh()))).toEqual({ single: "same", fleet: "same" });
  sandbox.clearLogs();
  expect(ops(expectOk(await stack.up()))).toEqual({ single: "same", fleet: "same" });
  expect(vendor.log).toEqual([]);
  declare({ a: 2 });
  expectOk(await stack.up());
  expect(vendor.connectors.map((each) => each.configuration.configuration_json)).toEqual([
    { a: 2, b: 5 },
    { a: 2, b: 5 },
  ]);
  expect(vendor.log.map(({ method }) => method).sort()).toEqual(["GET", "GET", "PUT", "PUT"]);
});

it("secrets stay when the definition no longer has secrets", async () => {
  const { sandbox, stack, program } = await startWorld();
  const vendor = sandbox.supermetrics;
  const managed = {
    configuration: { key: "${secrets.a}" },
    secrets: { a: { $secret: "canary-1" } },
  };
  const declare = (more: object): void =>
    program({
      single: supermetrics({ name: "Single", ...more }),
      fleet: {
        type: "SupermetricsFleet",
        args: { connectors: { member: { name: "Member", ...more } } },
      },
    });
  declare(managed);
  expectOk(await stack.up());
  const keys = vendor.connectors.map((each) => each.connector_identifier);
  const before = vendor.connectors.map((each) => each.configuration.configuration_json);
  const secretsOf = (): number[] => keys.map((key) => vendor.secrets(TEAM, key).length);
  declare({ secrets: {} });
  const left = expectOk(await stack.up());
  expect(left.text.match(/the secret a stays/g)).toHaveLength(2);
  expect(secretsOf()).toEqual([1, 1]);
  declare(managed);
  expectOk(await stack.up());
  sandbox.clearLogs();
  declare({});
  expectOk(await stack.up());
  expect(vendor.log).toEqual([]);
  expect(secretsOf()).toEqual([1, 1]);
  expect(vendor.connectors.map((each) => each.configuration.configuration_json)).toEqual(before);
});
