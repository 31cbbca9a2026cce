/**
 * Adoption of a connector that another resource, or this one's old self, has a say in. One
 * deployment is one process.
 */
import { type DatabarInputs } from "../../../provider/vendors/databar/types";
import { type SupermetricsInputs } from "../../../provider/vendors/supermetrics/types";
import { connectorErrorOf, failureOf } from "../../../harness/errors";
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
const namesake = { name: "Scoring", method: "get", url: "https://api.example.com/v1/score" };

afterEach(closeWorlds);

describe("a resource that is replaced without a comparison (another provider, --replace) and names its connector", () => {
  test("fails before its old self, in whatever process, would delete the connector; the message says how to go on", async () => {
    const { vendor, deploy } = await databarWorld();
    const { id } = vendor.seed(namesake);
    const adopting = { ...inputs, connectorId: id };
    await deploy().connectors.create(adopting);
    const { connectors } = deploy();
    connectors.register(adopting, adopting);
    connectors.register(adopting, undefined);
    const error = await connectorErrorOf(connectors.create(adopting));
    expect(error.message).toBe(
      `[conflict] Databar connector ${id}, which connectorId names, is managed already: by this resource, which is being replaced (by --replace, or for another provider), ` +
        "and whose old self would delete the connector. Remove the resource from the state with `pulumi state delete`, then run pulumi up again, which adopts the connector anew",
    );
    const next = deploy().connectors;
    next.register(adopting, undefined);
    expect((await next.create(adopting)).id).toBe(String(id));
  });
  test("fails too where the old inputs name no connector: it may be this one", async () => {
    const { deploy } = await databarWorld();
    const { id } = await deploy().connectors.create(inputs);
    const adopting = { ...inputs, connectorId: Number(id) };
    const { connectors } = deploy();
    connectors.register(adopting, inputs);
    expect((await connectorErrorOf(connectors.create(adopting))).code).toBe("conflict");
  });
  test("adopts where the old inputs name another connector", async () => {
    const { vendor, deploy } = await databarWorld();
    const [first, second] = [vendor.seed(namesake).id, vendor.seed(namesake).id];
    const { connectors } = deploy();
    connectors.register({ ...inputs, connectorId: second }, { ...inputs, connectorId: first });
    expect((await connectors.create({ ...inputs, connectorId: second })).id).toBe(String(second));
  });
  test("adopts where the old inputs name another team", async () => {
    const { vendor, deploy } = await supermetricsWorld();
    vendor.seed({ connector_identifier: "T3S70", name: "A" });
    const definition: SupermetricsInputs = {
      teamId: TEAM,
      name: "A",
      connectorIdentifier: "T3S70",
    };
    const { connectors } = deploy();
    connectors.register(definition, { ...definition, teamId: "5" });
    expect((await connectors.create(definition)).id).toBe(`${TEAM}/T3S70`);
  });
  test("adopts once a comparison has come: then the claims say who holds what", async () => {
    const { vendor, deploy } = await databarWorld();
    const { id } = vendor.seed(namesake);
    const { connectors } = deploy();
    connectors.register({ ...inputs, connectorId: id }, inputs);
    connectors.claims.manage("900", { claim: "aaaaaaaa" }, "Scoring");
    expect((await connectors.create({ ...inputs, connectorId: id })).id).toBe(String(id));
  });
});

describe("a connector that a definition names", () => {
  test("is not taken by an identical twin whose create runs first", async () => {
    const { vendor, deploy } = await databarWorld();
    const { id } = vendor.seed(namesake);
    const { connectors } = deploy();
    connectors.register(inputs, undefined);
    connectors.register({ ...inputs, connectorId: id }, undefined);
    const twin = await connectors.create(inputs);
    const named = await connectors.create({ ...inputs, connectorId: id });
    expect(named.id).toBe(String(id));
    expect(twin.id).not.toBe(named.id);
  });
  test("that is not known yet reserves nothing", async () => {
    const { vendor, deploy } = await supermetricsWorld();
    vendor.seed({ connector_identifier: "T3S70", name: "A" });
    const { connectors } = deploy();
    connectors.register({ name: "A", connectorIdentifier: "T3S70" }, undefined);
    expect((await connectors.create({ teamId: TEAM, name: "A" })).id).toBe(`${TEAM}/T3S70`);
  });
});

describe("an adoption that fails", () => {
  test("gives the connector up: it is its old resource's to delete", async () => {
    const { vendor, deploy } = await supermetricsWorld({ listCarriesConfigurations: false });
    vendor.seed({ connector_identifier: "AAAAA", name: "A", configuration_json: { a: 1 } });
    vendor.fault({ method: "GET", path: /AAAAA$/, status: 403 });
    const { connectors, infos } = deploy();
    expect(
      await failureOf(
        connectors.create({
          teamId: TEAM,
          name: "A",
          configuration: { a: 1 },
          connectorIdentifier: "AAAAA",
        }),
      ),
    ).toMatchObject({ code: "forbidden" });
    expect(connectors.claims.has(`${TEAM}/AAAAA`)).toBe(false);
    await connectors.delete(`${TEAM}/AAAAA`, { name: "A", claim: "aaaaaaaa" });
    expect(infos).toEqual([]);
    expect(vendor.connectors).toEqual([]);
  });
});

test("no namesake is taken while a resource that exists has not shown which one is its own", async () => {
  const { vendor, deploy } = await databarWorld();
  const { id } = vendor.seed(namesake);
  const { connectors, warnings } = deploy();
  connectors.register(inputs, inputs);
  const created = await connectors.create(inputs);
  expect(created.id).not.toBe(String(id));
  expect(vendor.connectors).toHaveLength(2);
  expect(warnings).toEqual([]);
});
