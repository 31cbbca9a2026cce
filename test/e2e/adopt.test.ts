import { byName, callCount, calls, writes } from "../../harness/e2e/calls";
import { databar, resource, supermetrics } from "../../harness/e2e/program";
import { type RunResult } from "../../harness/engine/types";
import {
  closeWorlds,
  expectOk,
  ops,
  type Program,
  startWorld,
  TEAM,
} from "../../harness/e2e/world";

jest.setTimeout(180_000);
afterEach(closeWorlds);

const URL = "https://api.example.com/v1/score";

it("an id in the definition adopts its connector, duplicateOf copies one; later edits of create-only inputs have no effect", async () => {
  const { sandbox, stack, program } = await startWorld({
    sandbox: { supermetrics: { duplicateCopiesSecrets: true, nextIdentifiers: ["COPY1"] } },
  });
  const source = sandbox.supermetrics.seed({
    connector_identifier: "SRC42",
    name: "Source",
    description: "Original.",
    configuration_json: { copied: 1 },
    secrets: { token: "original" },
  });
  const { id } = sandbox.databar.seed({
    name: "Of the web page",
    headers: [{ name: "Old", value: "1" }],
  });
  const identifier = sandbox.supermetrics.seed({
    connector_identifier: "T3S70",
    name: "Of the Hub",
    configuration_json: { old: 1 },
    secrets: { token: "old" },
  }).connector_identifier;
  const awin = {
    description: "Managed.",
    configuration: { token: "${secrets.token}" },
    secrets: { token: "new" },
  };
  program({
    scoring: databar({ connectorId: id, rateLimit: 5 }),
    awin: supermetrics({ ...awin, connectorIdentifier: identifier }),
    copy: supermetrics({ name: "Copy", secrets: { token: "copied" }, duplicateOf: "SRC42" }),
  });
  expect(ops(expectOk(await stack.up()))).toEqual({
    scoring: "create",
    awin: "create",
    copy: "create",
  });
  const [secret] = sandbox.supermetrics.secrets(TEAM, identifier);
  expect(writes(sandbox.databar)).toEqual([`PUT /v1/connectors/${id}`]);
  const writesTo = (key: string) =>
    writes(sandbox.supermetrics).filter((call) => call.includes(key));
  expect(writesTo(identifier)).toEqual([
    `PUT /connectors/${identifier}/secrets/${secret!.placeholder}`,
    `PUT /connectors/${identifier}`,
  ]);
  expect(sandbox.databar.connectors).toMatchObject([
    { id, name: "Scoring", headers: [], rate_limit: 5 },
  ]);
  expect(byName(sandbox.supermetrics.connectors)).toMatchObject({
    Awin: {
      description: "Managed.",
      configuration: { configuration_json: { token: secret!.placeholder } },
    },
    Copy: { description: "", configuration: { configuration_json: { copied: 1 } } },
  });
  expect(secret!.value).toBe("new");
  const [copied] = sandbox.supermetrics.secrets(TEAM, "COPY1");
  expect(copied!.value).toBe("copied");
  expect(writesTo("COPY1")).toEqual([
    `PUT /connectors/COPY1/secrets/${copied!.placeholder}`,
    "PUT /connectors/COPY1",
  ]);
  expect(writes(sandbox.supermetrics).filter((call) => call === "POST /connectors")).toHaveLength(
    1,
  );

  sandbox.clearLogs();
  program({
    scoring: databar({ rateLimit: 5, onConflict: "fail" }),
    awin: supermetrics({ ...awin, duplicateOf: "SRC42", onConflict: "create" }),
    copy: supermetrics({ name: "Copy", secrets: { token: "copied" } }),
  });
  expect(ops(expectOk(await stack.up()))).toEqual({ scoring: "same", awin: "same", copy: "same" });
  expect(callCount(sandbox)).toBe(0);
  expectOk(await stack.destroy());
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], [source]]);
});

it("an identical namesake is adopted with a warning and without a write; onConflict decides about different ones", async () => {
  const { sandbox, stack, program } = await startWorld();
  const identical = sandbox.databar.seed({
    name: "Identical",
    url: URL,
    headers: [{ name: "accept", value: "json" }],
  });
  const one = sandbox.supermetrics.seed({
    name: "Identical",
    description: null,
    configuration_json: { a: 1, filled: "by the server" },
  });
  const taken = sandbox.databar.seed({ name: "Taken", url: "https://other.example.com/" });
  const beside = sandbox.databar.seed({ name: "Beside", url: URL });
  const twins = [1, 2].map(() => sandbox.databar.seed({ name: "Twin", url: URL }).id);
  program({
    identical: databar({ name: "Identical", headers: { Accept: "json" } }),
    awin: supermetrics({ name: "Identical", configuration: { a: 1 } }),
    taken: databar({ name: "Taken", onConflict: "adopt" }),
    beside: databar({ name: "Beside", onConflict: "create" }),
    twin: databar({ name: "Twin" }),
    free: databar({ name: "Free", onConflict: "fail" }),
  });
  const adopted = expectOk(await stack.up());
  const state = await stack.exportState();
  expect(resource(state, "identical").id).toBe(String(identical.id));
  expect(resource(state, "awin").id).toBe(`${TEAM}/${one.connector_identifier}`);
  expect(resource(state, "taken").id).toBe(String(taken.id));
  expect(resource(state, "beside").id).not.toBe(String(beside.id));
  expect(twins.map(String)).toContain(resource(state, "twin").id);
  expect(sandbox.databar.connectors).toHaveLength(7);
  expect([...writes(sandbox.databar)].sort()).toEqual([
    "POST /v1/connectors/",
    "POST /v1/connectors/",
    `PUT /v1/connectors/${taken.id}`,
  ]);
  expect(writes(sandbox.supermetrics)).toEqual([]);
  const warnings = adopted.diagnostics
    .filter(({ severity }) => severity === "warning")
    .map(({ message }) => message);
  expect(warnings).toHaveLength(4);
  expect(warnings).toEqual(
    expect.arrayContaining([
      expect.stringMatching(
        /^Adopting the existing Databar connector "Identical" \(id \d+\): it already is what the definition says/,
      ),
      expect.stringMatching(
        /^Adopting the existing Supermetrics connector "Identical" \(id \w+\): it already is what the definition says/,
      ),
      expect.stringMatching(
        /^Adopting the existing Databar connector "Taken" \(id \d+\), as onConflict: "adopt" says/,
      ),
      expect.stringMatching(
        /^Adopting the existing Databar connector "Twin" .*Others of this name stay as they are: \d+\.$/,
      ),
    ]),
  );
  expectOk(await stack.destroy());
  expect(sandbox.databar.connectors.map(({ name }) => name).sort()).toEqual(["Beside", "Twin"]);
  expect(sandbox.supermetrics.connectors).toEqual([]);
});

it("a different namesake is a conflict, and the error has the exact lines that resolve it", async () => {
  const { sandbox, stack, program } = await startWorld();
  const different = sandbox.databar.seed({
    name: "Different",
    url: URL,
    headers: [{ name: "Accept", value: "csv" }],
  });
  const differentToo = sandbox.supermetrics.seed({
    name: "Different",
    configuration_json: { a: { b: 2 } },
  });
  const refused = sandbox.databar.seed({ name: "Refused", url: URL });
  const several = [1, 2].map(() => sandbox.databar.seed({ name: "Several", url: URL }).id);
  const before = [sandbox.databar.connectors, sandbox.supermetrics.connectors];
  // All must start before one fails, because an engine starts no further operations after a
  // failure.
  for (const vendor of [sandbox.databar, sandbox.supermetrics]) {
    vendor.fault({ method: "GET", delay: 1_000 });
  }
  program({
    different: databar({ name: "Different", headers: { Accept: "json" } }),
    differentToo: supermetrics({ name: "Different", configuration: { a: { b: 1 } } }),
    refused: databar({ name: "Refused", onConflict: "fail" }),
    several: databar({ name: "Several", onConflict: "adopt" }),
  });
  const result = await stack.up();
  expect(result.ok).toBe(false);
  expect(errorOf(result, "different")).toContain(
    [
      `[conflict] Databar already has a connector named "Different" (id ${different.id}), which differs from the definition in: headers.Accept.`,
      "  To take it over and make it equal to the definition, write",
      `    connectorId: ${different.id},`,
      "  To create another one beside it, write",
      '    onConflict: "create",',
    ].join("\n"),
  );
  const identifier = differentToo.connector_identifier;
  expect(errorOf(result, "differentToo")).toContain(
    `(id ${identifier}), which differs from the definition in: configuration.a.b.`,
  );
  expect(errorOf(result, "differentToo")).toContain(
    `\n    connectorIdentifier: "${identifier}",\n`,
  );
  expect(errorOf(result, "refused")).toContain(
    `a connector named "Refused" (id ${refused.id}), and onConflict: "fail" refuses it`,
  );
  expect(errorOf(result, "several")).toContain(
    `2 connectors named "Several" (ids ${several.join(", ")}), so onConflict: "adopt" cannot tell which one is meant`,
  );
  expect(errorOf(result, "several")).toContain(
    several.map((id) => `    connectorId: ${id},`).join("\n"),
  );
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual(before);
  expect([...writes(sandbox.databar), ...writes(sandbox.supermetrics)]).toEqual([]);
  expectOk(await stack.destroy());
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual(before);
});

it("identical resources of a program have one connector each, in any order of declaration", async () => {
  const { sandbox, stack, program } = await startWorld();
  const twin = databar({ name: "Twin", headers: { Accept: "json" } });
  const awin = supermetrics({ name: "Twin", configuration: { a: 1 } });
  const ids = async (...names: string[]) => {
    const state = await stack.exportState();
    return names.map((name) => resource(state, name).id);
  };
  program({ middle: twin, last: twin, "awin-middle": awin, "awin-last": awin });
  expectOk(await stack.up());
  const first = await ids("middle", "last", "awin-middle", "awin-last");
  expect(new Set(first).size).toBe(4);
  expect([sandbox.databar.connectors.length, sandbox.supermetrics.connectors.length]).toEqual([
    2, 2,
  ]);

  program({
    "awin-first": awin,
    first: twin,
    middle: twin,
    last: twin,
    "awin-middle": awin,
    "awin-last": awin,
    after: twin,
  });
  const added = expectOk(await stack.up());
  expect(ops(added)).toEqual({
    "awin-first": "create",
    first: "create",
    middle: "same",
    last: "same",
    "awin-middle": "same",
    "awin-last": "same",
    after: "create",
  });
  expect(await ids("middle", "last", "awin-middle", "awin-last")).toEqual(first);
  expect(
    new Set(await ids("first", "middle", "last", "after", "awin-first", "awin-middle", "awin-last"))
      .size,
  ).toBe(7);
  expect([sandbox.databar.connectors.length, sandbox.supermetrics.connectors.length]).toEqual([
    4, 3,
  ]);
  expectOk(await stack.destroy());
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
});

it("a renamed resource keeps its connector: with an alias nothing changes, without one the connector is adopted and not deleted", async () => {
  const { sandbox, stack, program } = await startWorld();
  const scoring = databar({ headers: { Accept: "json" } });
  const awin = { configuration: { a: 1 } };
  program({ scoring, aliased: databar({ name: "Aliased" }), awin: supermetrics(awin) });
  expectOk(await stack.up());
  const before = [sandbox.databar.connectors, sandbox.supermetrics.connectors];
  sandbox.clearLogs();

  program({
    renamed: scoring,
    "aliased-too": databar({ name: "Aliased" }, { aliases: [{ name: "aliased" }] }),
    "renamed-awin": supermetrics(awin),
  });
  const renamed = expectOk(await stack.up());
  expect(ops(renamed)).toEqual({
    renamed: "create",
    "aliased-too": "same",
    "renamed-awin": "create",
    scoring: "delete",
    awin: "delete",
  });
  expect(renamed.text).toContain("stays: another resource of this program manages it now");
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual(before);
  expect([...writes(sandbox.databar), ...writes(sandbox.supermetrics)]).toEqual([]);
  sandbox.clearLogs();
  expectOk(await stack.destroy());
  // One list, which says that the ids are still this stack's.
  expect(calls(sandbox.databar)).toHaveLength(3);
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
});

/** The errors of one resource. */
function errorOf({ diagnostics }: RunResult, name: string): string {
  return diagnostics
    .filter(({ severity, urn }) => severity === "error" && urn?.endsWith(`::${name}`) === true)
    .map(({ message }) => message)
    .join("\n");
}

it("a preview warns once of the connectors that it shows as new and that are adopted by id", async () => {
  const { sandbox, stack, program } = await startWorld();
  const ids = Array.from({ length: 25 }, (_, index) => {
    const { id } = sandbox.databar.seed({ name: `C${index}`, method: "get", url: URL });
    return id;
  });
  const definition = (index: number): Record<string, unknown> => ({
    ...{ name: `C${index}`, method: "get", url: URL },
    connectorId: ids[index],
  });
  const says = ({ diagnostics }: RunResult): string[] =>
    diagnostics.map(({ message }) => message).filter((message) => message.includes("shows as"));
  const first = { c0: databar(definition(0)) };
  program({ ...first, another: databar({ name: "Another" }) });
  const before = structuredClone(sandbox.databar.connectors);
  const preview = expectOk(await stack.preview());
  expect(ops(preview)).toEqual({ c0: "create", another: "create" });
  expect(says(preview)).toEqual([
    'DatabarConnector "C0" adopts connector 1, which Pulumi shows as new. Nothing is created, and nothing is written if the connector equals the definition.',
  ]);
  expect(callCount(sandbox)).toBe(0);
  program(first);
  expect(says(expectOk(await stack.up()))).toEqual([]);
  expect(writes(sandbox.databar)).toEqual([]);
  expect(sandbox.databar.connectors).toEqual(before);

  const fleet = (count: number): Program => ({
    ...first,
    ...Object.fromEntries([1, 2, 3].map((index) => [`c${index}`, databar(definition(index))])),
    fleet: {
      type: "DatabarFleet",
      args: {
        connectors: Object.fromEntries(
          ids.slice(4, count).map((_, index) => [`key${index}`, definition(index + 4)]),
        ),
      },
    },
  });
  program(fleet(24));
  const [said, ...more] = says(expectOk(await stack.preview()));
  expect(more).toEqual([]);
  expect(said).toMatch(
    /^23 existing Databar connectors are adopted, which Pulumi shows as new\. Nothing is created, and nothing is written to those that equal their definitions: .*"C\d+" \(\d+\) and 3 more\.$/,
  );
  expect(says(expectOk(await stack.up()))).toEqual([]);
  program(fleet(25));
  const added = expectOk(await stack.preview());
  expect(ops(added)).toMatchObject({ c0: "same", fleet: "update" });
  expect(says(added)).toEqual([
    expect.stringMatching(/^DatabarConnector "C24" adopts connector 25,/),
  ]);
  expectOk(await stack.up());
  expect(writes(sandbox.databar)).toEqual([]);
  expect(sandbox.databar.connectors).toEqual(before);
  expect(says(expectOk(await stack.preview()))).toEqual([]);
});
