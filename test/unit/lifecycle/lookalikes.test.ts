/** A connector that a resource adopted because it looks alike, and its owner, who shows up later. */
import { type DatabarInputs } from "../../../provider/vendors/databar/types";
import { connectorErrorOf } from "../../../harness/errors";
import {
  closeWorlds,
  databarWorld,
  supermetricsWorld,
  TEAM,
} from "../../../harness/lifecycle-world";

const inputs: DatabarInputs = {
  name: "Scoring",
  method: "get",
  url: "https://api.example.com/v1/score",
};
const edited = { ...inputs, url: "https://api.example.com/edited" };
const there = { name: "Scoring", method: "get", url: inputs.url };
const OWNER = { claim: "0aaaaaaa" };

afterEach(closeWorlds);

test("the state says of an adoption by likeness that it is one, of another resource's nothing", async () => {
  const { vendor, deploy } = await databarWorld();
  const { connectors } = deploy();
  const created = await connectors.create(inputs);
  const named = vendor.seed({ name: "Named", method: edited.method, url: edited.url });
  const adopted = await connectors.create({ ...edited, name: "Named", connectorId: named.id });
  for (const { state } of [created, adopted]) {
    expect(state).not.toHaveProperty("adoptedBy");
    expect(state).not.toHaveProperty("adoptedAt");
  }
  const alike = await deploy().connectors.create(inputs);
  expect(alike).toMatchObject({
    id: created.id,
    state: { adoptedBy: "likeness", adoptedAt: expect.stringMatching(/^\d{4}-.*Z$/) },
  });
  const { connectors: later } = deploy();
  const read = await later.read(alike.id, alike.state);
  const updated = await later.update(alike.id, alike.state, edited);
  const { adoptedBy, adoptedAt } = alike.state;
  expect([read?.state, updated.state]).toMatchObject(Array(2).fill({ adoptedBy, adoptedAt }));
});

test('onConflict: "adopt": the owner that shows up before the write keeps its connector, and another one is created', async () => {
  const { vendor, deploy, writes } = await supermetricsWorld();
  const owned = vendor.seed({ connector_identifier: "AAAAA", name: "A", description: "Theirs." });
  const { connectors } = deploy();
  const owner = `${TEAM}/AAAAA`;
  const definition = {
    teamId: TEAM,
    name: "A",
    description: "Ours.",
    onConflict: "adopt",
  } as const;
  connectors.register(definition);
  const creating = connectors.create(definition);
  while (!connectors.claims.has(owner)) {
    await new Promise(setImmediate);
  }
  expect(connectors.claims.manage(owner, OWNER, "A")).toBe("taken back");
  const { id } = await creating;
  expect(id).not.toBe(owner);
  expect(vendor.connectors).toHaveLength(2);
  expect(vendor.connectors).toContainEqual(owned);
  expect(writes().filter(({ path }) => path.includes("AAAAA"))).toEqual([]);
  expect(connectors.claims.heldByAnother(owner, OWNER.claim)).toBe(false);
});

test("an edit of a look-alike is refused when its owner shows up while it waits; nothing is written", async () => {
  const { vendor, deploy, writes } = await databarWorld();
  vendor.seed(there);
  const alike = await deploy().connectors.create(inputs);
  const { connectors } = deploy();
  connectors.claims.manage(alike.id, { claim: alike.state.claim!, alikeSince: "2026" }, "Scoring");
  const updating = connectorErrorOf(connectors.update(alike.id, alike.state, edited));
  connectors.claims.manage(alike.id, OWNER, "Scoring");
  expect((await updating).message).toBe(
    `[conflict] Databar connector ${alike.id} belongs to another resource of this program; "Scoring" adopted it because it looks the same. Nothing was written. Run pulumi up again: "Scoring" gets a connector of its own`,
  );
  expect(writes()).toEqual([]);
  expect(vendor.connectors).toMatchObject([there]);
});

test("a look-alike that has lost its connector takes no part in it: it adopts it no more, and deletes nothing", async () => {
  const { vendor, deploy, writes } = await databarWorld();
  vendor.seed(there);
  const alike = await deploy().connectors.create(inputs);
  const { connectors, infos } = deploy();
  connectors.claims.manage(alike.id, OWNER, "Scoring");
  connectors.claims.manage(alike.id, { claim: alike.state.claim!, alikeSince: "2026" }, "Scoring");
  const own = await connectors.create(inputs);
  expect(own.id).not.toBe(alike.id);
  await connectors.delete(alike.id, alike.state);
  expect(infos).toEqual([
    `Databar connector ${alike.id} stays: it belongs to another resource, from which a look-alike had adopted it.`,
  ]);
  expect(writes().map(({ method }) => method)).toEqual(["POST"]);
  expect(vendor.connectors.map(({ id }) => String(id))).toEqual([alike.id, own.id]);
});

test("a look-alike whose owner never shows up is edited and deleted like any other", async () => {
  const { vendor, deploy } = await databarWorld();
  vendor.seed(there);
  const alike = await deploy().connectors.create(inputs);
  const updated = await deploy().connectors.update(alike.id, alike.state, edited);
  expect(vendor.connectors).toMatchObject([{ url: edited.url }]);
  await deploy().connectors.delete(alike.id, updated.state);
  expect(vendor.connectors).toEqual([]);
});

test("a definition that names a connector writes nothing to it once another resource turns out to manage it", async () => {
  const { vendor, deploy, writes } = await databarWorld();
  const { id } = vendor.seed(there);
  const { connectors } = deploy();
  connectors.register({ ...edited, connectorId: id });
  const creating = connectorErrorOf(connectors.create({ ...edited, connectorId: id }));
  while (!connectors.claims.has(String(id))) {
    await new Promise(setImmediate);
  }
  expect(connectors.claims.manage(String(id), OWNER, "Scoring")).toBe("conflict");
  expect((await creating).message).toBe(
    `[conflict] Databar connector ${id}, which connectorId of "Scoring" names, is managed by another resource of this program. Nothing was written. Let only one resource name it`,
  );
  expect(writes()).toEqual([]);
  expect(vendor.connectors).toMatchObject([there]);
});
