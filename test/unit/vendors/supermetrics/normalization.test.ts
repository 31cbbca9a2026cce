/**
 * What Supermetrics makes of a connector on its own account is no drift, and no reason to write.
 */
import { type SupermetricsInputs } from "../../../../provider/vendors/supermetrics/types";
import { closeWorlds, supermetricsWorld, TEAM } from "../../../../harness/lifecycle-world";

const inputs: SupermetricsInputs = {
  teamId: TEAM,
  name: " A",
  configuration: { z: {}, nested: { a: [1, {}] }, key: "${secrets.k}", b: "$${x}" },
  secrets: { k: "value-1" },
};

afterEach(closeWorlds);

test.each<[string, Parameters<typeof supermetricsWorld>[0]]>([
  ["empty objects as lists", { normalize: { emptyObjectsAsLists: true } }],
  ["sorted keys", { normalize: { sortKeys: true } }],
  [
    "defaults filled in",
    { normalize: { configurationDefaults: { version: 2, nested: { on: true } } } },
  ],
  ["fields unheard of", { normalize: { extraFields: { owner: "x" } } }],
  ["wrapped bodies", { normalize: { wrapData: true } }],
  ["trimmed names", { normalize: { trimNames: true } }],
  ["an empty description as null", { normalize: { emptyDescriptionAsNull: true } }],
  ["secrets written into the configuration", { normalize: { secretsInConfiguration: true } }],
  ["a list without configurations", { listCarriesConfigurations: false }],
  ["a version that counts up", { versionCountsUp: true }],
  ["times that move on reading", { updatedAtMovesOn: "read" }],
])("%s", async (_, settings) => {
  const { vendor, deploy, requests } = await supermetricsWorld(settings);
  const { id, state } = await deploy().connectors.create(inputs);
  const { inputs: seen, state: next } = (await deploy().connectors.read(id, state))!;
  expect(seen).toEqual(inputs);
  vendor.clearLog();
  await deploy().connectors.update(id, next, inputs);
  expect(requests()).toEqual([]);
});
