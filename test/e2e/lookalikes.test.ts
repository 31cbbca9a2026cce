/**
 * A resource that adopted a connector because it looks the same, while another resource owns it.
 * Each scenario ends with what is at the vendors.
 */
import { writes } from "../../harness/e2e/calls";
import { databar, resource, supermetrics } from "../../harness/e2e/program";
import {
  closeWorlds,
  type Declared,
  engineLine,
  expectOk,
  ops,
  type Program,
  startWorld,
  type World,
} from "../../harness/e2e/world";

jest.setTimeout(300_000);
afterEach(closeWorlds);

const member = (args: Declared["args"] = {}): Declared["args"] => ({
  ...databar({ name: "Member" }).args,
  ...args,
});
const fleet = (args?: Declared["args"]): Declared => ({
  type: "DatabarFleet",
  args: { connectors: { one: member(args) } },
});
const OWNERS: Program = { owner: databar(), "owner-awin": supermetrics(), "owner-fleet": fleet() };
const alikes = (args?: Declared["args"]): Program => ({
  alike: databar(args),
  "alike-awin": supermetrics(args && { description: "Edited." }),
  "alike-fleet": fleet(args),
});

/** One connector each for owners and look-alikes, because the owners were not part of an update. */
async function adoptedByLikeness(): Promise<World> {
  const world = await startWorld();
  world.program(OWNERS);
  expectOk(await world.stack.up());
  const state = await world.stack.exportState();
  const target = Object.keys(OWNERS).map((name) =>
    resource(state, name).urn.replace("::owner", "::alike"),
  );
  world.program({ ...alikes(), ...OWNERS });
  world.sandbox.clearLogs();
  const adopted = expectOk(await world.stack.up({ target }));
  expect(adopted.text).toContain("that was not part of this update (--target) manages it");
  expect(adopted.text).toContain("destroying it would delete the connector");
  expect(writesOf(world)).toEqual([]);
  return world;
}

const writesOf = ({ sandbox }: World): string[] => [
  ...writes(sandbox.databar),
  ...writes(sandbox.supermetrics),
];
const connectorsOf = ({ sandbox }: World): unknown[] => [
  ...sandbox.databar.connectors,
  ...sandbox.supermetrics.connectors,
];

describe(`${engineLine}. An adoption by likeness is remembered, and the owner wins`, () => {
  test.each(["first", "last"])(
    "when the owners show up %s: nothing is written to their connectors, and the look-alikes get their own",
    async (order) => {
      const world = await adoptedByLikeness();
      const before = connectorsOf(world);
      const state = await world.stack.exportState();
      expect(resource(state, "alike").outputs).toMatchObject({
        adoptedBy: "likeness",
        adoptedAt: expect.stringMatching(/^\d{4}-/),
      });
      world.program(order === "first" ? { ...OWNERS, ...alikes() } : { ...alikes(), ...OWNERS });
      const found = expectOk(await world.stack.up());
      expect(found.text).toContain("adopted it because it looks the same");
      expectOk(await world.stack.up());
      const healed = expectOk(await world.stack.up());
      expect(new Set(Object.values(ops(healed)))).toEqual(new Set(["same"]));

      expect(writesOf(world).sort()).toEqual([
        "POST /connectors",
        "POST /v1/connectors/",
        "POST /v1/connectors/",
      ]);
      expect(connectorsOf(world)).toEqual(expect.arrayContaining(before));
      expect(connectorsOf(world)).toHaveLength(2 * before.length);
      expectOk(await world.stack.destroy());
      expect(connectorsOf(world)).toEqual([]);
    },
  );

  test("an edit of a look-alike overwrites nothing while a slow owner may show up", async () => {
    const world = await adoptedByLikeness();
    const before = connectorsOf(world);
    const slowOwners = Object.entries(OWNERS).map(
      ([name, owner]) => [name, { ...owner, options: { dependsOn: ["slow"] } }] as const,
    );
    world.program({
      ...alikes({ url: "https://api.example.com/edited" }),
      slow: supermetrics({ name: "Slow" }),
      ...Object.fromEntries(slowOwners),
    });
    world.sandbox.supermetrics.fault({ method: "POST", delay: 1_000 });
    const refused = await world.stack.up();
    expect([refused.ok, refused.text]).toEqual([
      false,
      expect.stringContaining("adopted it because it looks the same. Nothing was written."),
    ]);
    const done = expectOk(await world.stack.up());
    expect(ops(done)).toMatchObject({ owner: "same", "owner-awin": "same", "owner-fleet": "same" });
    expect(writesOf(world).filter((call) => !call.startsWith("POST"))).toEqual([]);
    expect(connectorsOf(world)).toEqual(expect.arrayContaining(before));
    expect(world.sandbox.databar.connectors.map(({ url }) => url).sort()).toEqual([
      ...Array<string>(2).fill("https://api.example.com/edited"),
      ...Array<string>(2).fill("https://api.example.com/v1/score"),
    ]);
    expectOk(await world.stack.destroy());
    expect(connectorsOf(world)).toEqual([]);
  });

  test("a resource that was renamed keeps its connector: its old self has gone, and stays quiet", async () => {
    const world = await adoptedByLikeness();
    const before = connectorsOf(world);
    world.program(alikes());
    expectOk(await world.stack.up());
    expect(new Set(Object.values(ops(expectOk(await world.stack.up()))))).toEqual(
      new Set(["same"]),
    );
    world.program(alikes({ url: "https://api.example.com/edited" }));
    expectOk(await world.stack.up());
    expect(writesOf(world).filter((call) => !call.startsWith("PUT"))).toEqual([]);
    expect(connectorsOf(world)).toHaveLength(before.length);
    expectOk(await world.stack.destroy());
    expect(connectorsOf(world)).toEqual([]);
  });
});

test("destroy --target of a renamed resource's old self deletes the connector, as the warning of the adoption says", async () => {
  const world = await startWorld();
  world.program({ old: databar() });
  expectOk(await world.stack.up());
  const { urn } = resource(await world.stack.exportState(), "old");
  world.program({ renamed: databar() });
  const target = [urn.replace(/::old$/, "::renamed")];
  const adopted = expectOk(await world.stack.up({ target }));
  expect(adopted.text).toContain("remove that one with `pulumi state delete`");
  expectOk(await world.stack.destroy({ target: [urn] }));
  expect(world.sandbox.databar.connectors).toEqual([]);
  const found = expectOk(await world.stack.refresh());
  expect(ops(found)).toMatchObject({ renamed: "delete" });
  expectOk(await world.stack.up());
  expect(world.sandbox.databar.connectors).toMatchObject([{ name: "Scoring" }]);
});
