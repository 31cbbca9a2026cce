/** What a create does about connectors that are there already. */
import { type DatabarInputs } from "../../../provider/vendors/databar/types";
import { type SupermetricsInputs } from "../../../provider/vendors/supermetrics/types";
import { unfinishedMarker } from "../../../provider/vendors/supermetrics/unfinished";
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
const namesake = { name: "Scoring", method: "get", url: "https://api.example.com/v1/score" };
const other = { ...namesake, url: "https://other.example.com/" };

afterEach(closeWorlds);

describe("an identifier in the definition", () => {
  test("adopts that connector, regardless of its content, and makes it equal", async () => {
    const { vendor, deploy, writes } = await databarWorld();
    const { id } = vendor.seed({ ...other, name: "Something else" });
    const managed = await deploy().connectors.create({ ...inputs, connectorId: id });
    expect(managed.id).toBe(String(id));
    expect(writes().map(({ method }) => method)).toEqual(["PUT"]);
    expect(vendor.connectors[0]).toMatchObject(namesake);
  });
  test("writes nothing when it already is what the definition says", async () => {
    const { vendor, deploy, writes } = await databarWorld();
    const { id } = vendor.seed(namesake);
    await deploy().connectors.create({ ...inputs, connectorId: id });
    expect(writes()).toEqual([]);
  });
  test("finds a connector that no list shows", async () => {
    const { vendor, deploy } = await supermetricsWorld({ listLimit: 0 });
    vendor.seed({ connector_identifier: "T3S70", name: "A" });
    expect(
      (await deploy().connectors.create({ teamId: TEAM, name: "A", connectorIdentifier: "T3S70" }))
        .id,
    ).toBe(`${TEAM}/T3S70`);
  });
  test("fails when there is no such connector, and creates none", async () => {
    const { deploy, writes } = await databarWorld();
    const error = await connectorErrorOf(
      deploy().connectors.create({ ...inputs, connectorId: 42 }),
    );
    expect(error.message).toBe(
      "[not_found] Databar has no connector 42, which connectorId names. Correct connectorId, or remove it to create a connector",
    );
    expect(writes()).toEqual([]);
  });
  test("fails when another resource of the program manages that connector", async () => {
    const { vendor, deploy } = await databarWorld();
    const { id } = vendor.seed(namesake);
    const { connectors } = deploy();
    connectors.claims.hold(String(id), { claim: "aaaaaaaa" });
    const error = await connectorErrorOf(connectors.create({ ...inputs, connectorId: id }));
    expect(error.message).toBe(
      `[conflict] Databar connector ${id}, which connectorId names, is managed already: by another resource of this program, or by this one, which is being replaced. ` +
        "Let only one resource adopt it. Where this one is replaced (replaceOnChanges), the connector cannot be created anew: " +
        "set deleteBeforeReplace: true, or remove replaceOnChanges; either way it stays and is updated",
    );
  });
  test("is taken by one of two resources that name it", async () => {
    const { vendor, deploy } = await databarWorld();
    const { id } = vendor.seed(namesake);
    const { connectors } = deploy();
    const results = await Promise.allSettled([
      connectors.create({ ...inputs, connectorId: id }),
      connectors.create({ ...inputs, name: "Twin", connectorId: id }),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });
});

describe("without onConflict", () => {
  test("no namesake: creates", async () => {
    const { vendor, deploy } = await databarWorld();
    vendor.seed({ ...namesake, name: "Scoring 2" });
    const { connectors, warnings } = deploy();
    await connectors.create(inputs);
    expect(vendor.connectors).toHaveLength(2);
    expect(warnings).toEqual([]);
  });
  test("an identical namesake is adopted without a write, and said so", async () => {
    const { vendor, deploy, writes } = await databarWorld();
    const { id } = vendor.seed(namesake);
    const { connectors, warnings } = deploy();
    expect((await connectors.create(inputs)).id).toBe(String(id));
    expect(writes()).toEqual([]);
    expect(warnings).toEqual([
      `Adopting the existing Databar connector "Scoring" (id ${id}): it already is what the definition says. From now on this stack manages it; destroy deletes it. If another stack manages it too, give one of them another name. If a resource of this stack that was not part of this update (--target) manages it, remove that one with \`pulumi state delete\`: destroying it would delete the connector.`,
    ]);
  });
  test("a namesake that only differs in form is identical", async () => {
    const { vendor, deploy } = await databarWorld({ plan: { rateLimit: 10 } });
    const { id } = vendor.seed({
      ...namesake,
      name: " Scoring ",
      rate_limit: 10,
      headers: [{ name: "accept", value: "json" }],
    });
    expect(
      (await deploy().connectors.create({ ...inputs, rateLimit: 60, headers: { Accept: "json" } }))
        .id,
    ).toBe(String(id));
  });
  test("a different namesake fails with the exact lines to write", async () => {
    const { vendor, deploy, writes } = await databarWorld();
    const { id } = vendor.seed({ ...other, headers: [{ name: "X", value: "1" }] });
    const error = await connectorErrorOf(deploy().connectors.create(inputs));
    expect(error.message).toBe(
      [
        `[conflict] Databar already has a connector named "Scoring" (id ${id}), which differs from the definition in: url, headers.`,
        "  To take it over and make it equal to the definition, write",
        `    connectorId: ${id},`,
        "  To create another one beside it, write",
        '    onConflict: "create",',
      ].join("\n"),
    );
    expect(writes()).toEqual([]);
  });
  test("several different namesakes fail with a line for each", async () => {
    const { vendor, deploy } = await supermetricsWorld();
    for (const connector_identifier of ["AAAAA", "BBBBB"]) {
      vendor.seed({ connector_identifier, name: "A", description: "theirs" });
    }
    const error = await connectorErrorOf(deploy().connectors.create({ teamId: TEAM, name: "A" }));
    expect(error.message).toBe(
      [
        '[conflict] Supermetrics already has 2 connectors named "A" (ids AAAAA, BBBBB), which differ from the definition in: description.',
        "  To take one of them over and make it equal to the definition, write one of",
        '    connectorIdentifier: "AAAAA",',
        '    connectorIdentifier: "BBBBB",',
        "  To create another one beside it, write",
        '    onConflict: "create",',
      ].join("\n"),
    );
  });
  test("the identical one of several namesakes is adopted, the others are named", async () => {
    const { vendor, deploy } = await databarWorld();
    const first = vendor.seed(other);
    const second = vendor.seed(namesake);
    const { connectors, warnings } = deploy();
    expect((await connectors.create(inputs)).id).toBe(String(second.id));
    expect(warnings[0]).toMatch(
      new RegExp(` Others of this name stay as they are: ${first.id}\\.$`),
    );
  });
  test("a namesake that another resource of the deployment holds does not count", async () => {
    const { vendor, deploy } = await databarWorld();
    const { id } = vendor.seed(namesake);
    const { connectors } = deploy();
    connectors.claims.hold(String(id), { claim: "aaaaaaaa" });
    expect((await connectors.create(inputs)).id).not.toBe(String(id));
  });
  test("two identical resources: one adopts the namesake, the other creates", async () => {
    const { vendor, deploy } = await databarWorld();
    vendor.seed(namesake);
    const { connectors } = deploy();
    const [one, two] = await Promise.all([connectors.create(inputs), connectors.create(inputs)]);
    expect(one.id).not.toBe(two.id);
    expect(vendor.connectors).toHaveLength(2);
  });
  test("two identical resources without a namesake each create their own", async () => {
    const { vendor, deploy, writes } = await databarWorld();
    const { connectors, warnings } = deploy();
    const made = await Promise.all([1, 2, 3].map(() => connectors.create(inputs)));
    expect(new Set(made.map(({ id }) => id)).size).toBe(3);
    expect(vendor.connectors).toHaveLength(3);
    expect(writes()).toHaveLength(3);
    expect(warnings).toEqual([]);
  });
  test("a namesake that vanishes while it is looked at is none", async () => {
    const { vendor, deploy } = await supermetricsWorld({ listCarriesConfigurations: false });
    vendor.seed({ connector_identifier: "AAAAA", name: "A", configuration_json: { a: 1 } });
    vendor.fault({ method: "GET", path: /AAAAA$/, when: () => vendor.remove("AAAAA") && false });
    const { connectors } = deploy();
    const { id } = await connectors.create({ teamId: TEAM, name: "A", configuration: { a: 1 } });
    expect(
      vendor.connectors.map(({ connector_identifier }) => `${TEAM}/${connector_identifier}`),
    ).toEqual([id]);
  });
});

describe('onConflict: "create"', () => {
  test("creates beside an identical namesake", async () => {
    const { vendor, deploy } = await databarWorld();
    const { id } = vendor.seed(namesake);
    expect((await deploy().connectors.create({ ...inputs, onConflict: "create" })).id).not.toBe(
      String(id),
    );
  });
});

describe('onConflict: "fail"', () => {
  test("refuses even an identical namesake", async () => {
    const { vendor, deploy, writes } = await databarWorld();
    const { id } = vendor.seed(namesake);
    const error = await connectorErrorOf(
      deploy().connectors.create({ ...inputs, onConflict: "fail" }),
    );
    expect(error.message.split("\n")[0]).toBe(
      `[conflict] Databar already has a connector named "Scoring" (id ${id}), and onConflict: "fail" refuses it.`,
    );
    expect(writes()).toEqual([]);
  });
  test("creates when there is none", async () => {
    const { vendor, deploy } = await databarWorld();
    await deploy().connectors.create({ ...inputs, onConflict: "fail" });
    expect(vendor.connectors).toHaveLength(1);
  });
});

describe('onConflict: "adopt"', () => {
  test("takes the only namesake regardless of its content, with a warning", async () => {
    const { vendor, deploy, writes } = await databarWorld();
    const { id } = vendor.seed(other);
    const { connectors, warnings } = deploy();
    expect((await connectors.create({ ...inputs, onConflict: "adopt" })).id).toBe(String(id));
    expect(writes().map(({ method }) => method)).toEqual(["PUT"]);
    expect(warnings).toEqual([
      `Adopting the existing Databar connector "Scoring" (id ${id}), as onConflict: "adopt" says. From now on this stack manages it; destroy deletes it.`,
    ]);
  });
  test("fails on several namesakes, listing their ids, even if one is identical", async () => {
    const { vendor, deploy } = await databarWorld();
    const ids = [vendor.seed(other).id, vendor.seed(namesake).id];
    const error = await connectorErrorOf(
      deploy().connectors.create({ ...inputs, onConflict: "adopt" }),
    );
    expect(error.message).toContain(
      `Databar already has 2 connectors named "Scoring" (ids ${ids.join(", ")}), so onConflict: "adopt" cannot tell which one is meant.`,
    );
  });
});

describe("a list that is not complete", () => {
  const definition: SupermetricsInputs = { teamId: TEAM, name: "A" };
  const half = { count: 2, connectors: [{ connector_identifier: "AAAAA", name: "B" }] };
  const nameless = { connectors: [{ connector_identifier: "AAAAA", name: null }] };
  test.each([half, nameless])("proves no absence: nothing is created (%j)", async (body) => {
    const { vendor, deploy, writes } = await supermetricsWorld();
    vendor.fault({ method: "GET", body });
    const error = await connectorErrorOf(deploy().connectors.create(definition));
    expect(error.message).toBe(
      '[unexpected_response] Supermetrics did not list all connectors, so it is not known whether one of this name exists. Write connectorIdentifier to adopt one, or onConflict: "create" to create one in any case',
    );
    expect(writes()).toEqual([]);
  });
  test('is enough for onConflict: "create"', async () => {
    const { vendor, deploy } = await supermetricsWorld();
    vendor.fault({ method: "GET", body: half });
    await deploy().connectors.create({ ...definition, onConflict: "create" });
    expect(vendor.connectors).toHaveLength(1);
  });
  test.each([401, 403, 404, 500])(
    "a list refused with %d fails the create: it is no empty list",
    async (status) => {
      const { vendor, deploy, writes } = await databarWorld();
      vendor.fault({ method: "GET", status, times: 5 });
      expect((await connectorErrorOf(deploy().connectors.create(inputs))).statusCode).toBe(status);
      expect(writes()).toEqual([]);
    },
  );
});

describe("a connector that an interrupted create left half done", () => {
  const list = `/v1/teams/${TEAM}/connector_builder/connectors`;
  const definition: SupermetricsInputs = {
    teamId: TEAM,
    name: "A",
    description: "What it is for.",
    configuration: { a: 1 },
    secrets: { k: "v" },
  };
  test("is finished, even if other connectors have its name", async () => {
    const { vendor, deploy, requests } = await supermetricsWorld();
    vendor.seed({ connector_identifier: "OTHER", name: "A", description: "theirs" });
    vendor.seed({
      connector_identifier: "OURS1",
      name: "A",
      description: unfinishedMarker(definition),
    });
    const { connectors, warnings } = deploy();
    expect((await connectors.create(definition)).id).toBe(`${TEAM}/OURS1`);
    expect(warnings).toEqual([
      'Finishing the existing Supermetrics connector "A" (id OURS1), which an interrupted deployment left half done.',
    ]);
    expect(vendor.connectors[1]).toMatchObject({
      name: "A",
      description: "What it is for.",
      configuration: { configuration_json: { a: 1 } },
    });
    expect(vendor.secrets(TEAM, "OURS1")).toMatchObject([{ name: "k", value: "v" }]);
    // What it holds is not asked for.
    expect(requests()).toEqual([`GET ${list}`, `POST ${list}/OURS1/secrets`, `PUT ${list}/OURS1`]);
  });
  test("is not taken by a definition that is another one", async () => {
    const { vendor, deploy } = await supermetricsWorld();
    vendor.seed({
      connector_identifier: "OURS1",
      name: "A",
      description: unfinishedMarker({ ...definition, description: "Another." }),
    });
    expect((await connectorErrorOf(deploy().connectors.create(definition))).code).toBe("conflict");
  });
  test("is not taken while another resource of the deployment holds it", async () => {
    const { vendor, deploy } = await supermetricsWorld();
    vendor.seed({
      connector_identifier: "OURS1",
      name: "A",
      description: unfinishedMarker(definition),
    });
    const { connectors } = deploy();
    connectors.claims.hold(`${TEAM}/OURS1`, { claim: "aaaaaaaa" });
    expect((await connectors.create(definition)).id).not.toBe(`${TEAM}/OURS1`);
  });
});
