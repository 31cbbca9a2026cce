/** After a lost answer, what counts as the connector that was created, and what does not. */
import { type DatabarInputs } from "../../../provider/vendors/databar/types";
import { type FaultOptions } from "../../../provider/sandbox";
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
  headers: { A: "1" },
};

afterEach(closeWorlds);

describe("what is taken for ours", () => {
  /** Somebody else creates `connector` at the moment our own answer gets lost. */
  const meanwhile = async (connector: Record<string, unknown>, fault: FaultOptions) => {
    const world = await databarWorld();
    world.vendor.fault({
      method: "POST",
      ...fault,
      when: () => (world.vendor.seed(connector), true),
    });
    return world;
  };
  const identical = {
    name: "Scoring",
    method: "get",
    url: "https://api.example.com/v1/score",
    headers: [{ name: "A", value: "1" }],
  };

  test("two new connectors with our content: neither; both are named", async () => {
    const { vendor, deploy, writes } = await meanwhile(identical, { drop: "after" });
    const error = await connectorErrorOf(deploy().connectors.create(inputs));
    const ids = vendor.connectors.map(({ id }) => id).join(", ");
    expect(error.message).toBe(
      `[ambiguous_create] The answer to the creation of Databar connector "Scoring" was lost, and 2 new connectors hold its content (ids ${ids}). Adopt one by its id, and delete the others`,
    );
    expect(writes()).toHaveLength(1);
  });
  test("not a new connector of the name with other content; but it may be ours, so nothing is sent again", async () => {
    const { vendor, deploy, writes } = await meanwhile(
      { ...identical, url: "https://other.example.com/" },
      { status: 500 },
    );
    const error = await connectorErrorOf(deploy().connectors.create(inputs));
    expect(error.code).toBe("ambiguous_create");
    expect(error.message).toContain(
      `A new connector of this name holds something else (id ${vendor.connectors[0]!.id}); it may be this one. Wait a minute, then run pulumi up again`,
    );
    expect(writes()).toHaveLength(1);
    expect(vendor.connectors).toHaveLength(1);
  });
  test.each(["create", "fail"] as const)(
    "nothing, by the next deployment, where onConflict is %s: that is said",
    async (onConflict) => {
      const { vendor, deploy } = await databarWorld();
      vendor.fault({ method: "POST", drop: "before" });
      expect(
        (await connectorErrorOf(deploy().connectors.create({ ...inputs, onConflict }))).message,
      ).toContain(
        `Look for it in Databar before the next pulumi up; if it is there, name it with connectorId, because onConflict: "${onConflict}" does not look for it`,
      );
    },
  );
  test("not a new connector of another name", async () => {
    const { deploy } = await meanwhile({ ...identical, name: "Scoring 2" }, { drop: "before" });
    expect((await connectorErrorOf(deploy().connectors.create(inputs))).code).toBe(
      "ambiguous_create",
    );
  });
  test("not a connector that was there before", async () => {
    const { vendor, deploy } = await databarWorld();
    vendor.seed(identical);
    vendor.fault({ method: "POST", drop: "before" });
    expect(
      (await connectorErrorOf(deploy().connectors.create({ ...inputs, onConflict: "create" })))
        .code,
    ).toBe("ambiguous_create");
    expect(vendor.connectors).toHaveLength(1);
  });
  test("not a connector that another resource of the deployment created meanwhile", async () => {
    const { vendor, deploy } = await databarWorld();
    const { connectors } = deploy();
    const twin = await connectors.create(inputs);
    vendor.fault({ method: "POST", drop: "before" });
    expect((await connectorErrorOf(connectors.create(inputs))).code).toBe("ambiguous_create");
    expect(vendor.connectors.map(({ id }) => String(id))).toEqual([twin.id]);
  });
  test("nothing, when it was not known before what there is", async () => {
    const { vendor, deploy } = await supermetricsWorld();
    vendor.seed({ connector_identifier: "AAAAA", name: "A", description: "" });
    vendor.fault({ method: "GET", body: { count: 2, connectors: [] } });
    vendor.fault({ method: "POST", drop: "before" });
    const error = await connectorErrorOf(
      deploy().connectors.create({ teamId: TEAM, name: "A", onConflict: "create" }),
    );
    expect(error.code).toBe("ambiguous_create");
  });
});
