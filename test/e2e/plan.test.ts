/**
 * `plan` with a base revision and with the stack's state says what the deployment then does:
 * deletions, connectors that stay, renames and adoptions.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startSandbox, type Sandbox } from "pulumi-connectors/sandbox";
import { definitionProject } from "./definition-project";
import { selectEngine } from "../../harness/engine/select";
import { deleteTempFolder } from "../../harness/engine/temp-folder";
import { type Stack } from "../../harness/engine/types";
import { runCommand, type CommandRun } from "../../harness/e2e/command";
import { calls, writes } from "../../harness/e2e/calls";
import {
  DATABAR_KEY,
  engineLine,
  expectOk,
  ops,
  sandboxConfig,
  SUPERMETRICS_KEY,
  TEAM,
} from "../../harness/e2e/world";

jest.setTimeout(300_000);

const program = (as: "resources" | "fleet" = "resources"): string =>
  `const { ConnectorDefinitions } = require("pulumi-connectors");\nnew ConnectorDefinitions("connectors", { path: "./connectors", as: "${as}" });\n`;

let sandbox: Sandbox;
let folder: string;
let stack: Stack;

beforeEach(async () => {
  sandbox = await startSandbox();
  folder = definitionProject(program());
  mkdirSync(join(folder, "connectors"));
  stack = await selectEngine().stack({ workDir: folder, config: sandboxConfig(sandbox) });
});
afterEach(async () => {
  await stack.remove();
  await sandbox.close();
  deleteTempFolder(folder);
});

const path = (name: string): string => join(folder, "connectors", `${name}.yaml`);
const write = (name: string, properties = "", options = "", label = name): void =>
  writeFileSync(
    path(name),
    `connectors:\n  ${name}:\n    type: DatabarConnector\n    properties: {name: ${label}, method: get, url: https://example.com/${properties}}\n    options: {${options}}\n`,
  );
const git = (...args: readonly string[]): string =>
  execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.c", ...args], {
    cwd: folder,
    encoding: "utf8",
  });

function commit(): void {
  git("init", "-q", "-b", "main");
  git("add", "connectors", "Pulumi.yaml");
  git("commit", "-q", "-m", "base");
}

function plan(...args: readonly string[]): Promise<CommandRun> {
  return planIn({}, ...args);
}

function planIn(
  environment: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<CommandRun> {
  return runCommand(["plan", ...args], folder, {
    DATABAR_API_KEY: DATABAR_KEY,
    DATABAR_BASE_URL: sandbox.databar.url,
    SUPERMETRICS_API_KEY: SUPERMETRICS_KEY,
    SUPERMETRICS_BASE_URL: sandbox.supermetrics.url,
    SUPERMETRICS_TEAM_ID: TEAM,
    CANARY: "canary-value",
    ...environment,
  });
}

/** A plan with the stack's state, as `pulumi stack export` writes it. */
async function planWithState(...args: readonly string[]): Promise<CommandRun> {
  await writeState();
  return plan("--state", "state.json", ...args);
}

async function writeState(): Promise<void> {
  const deployment = await stack.exportState();
  writeFileSync(join(folder, "state.json"), JSON.stringify({ version: 3, deployment }));
}

/** The connectors of a plan in JSON: `name: action id`. */
function actions({ stdout }: CommandRun): string[] {
  const { connectors } = JSON.parse(stdout) as {
    connectors: { name: string; action: string; id?: string; adopts: boolean }[];
  };
  return connectors
    .map(({ name, action, id = "", adopts }) =>
      `${name}: ${adopts ? "adopt " : ""}${action} ${id}`.trim(),
    )
    .sort();
}

it(`${engineLine}. A removed definition is deleted, kept by retainOnDelete or refused by protect, as plan says`, async () => {
  write("stays");
  write("goes");
  write("kept", "", "retainOnDelete: true");
  write("moves");
  expectOk(await stack.up());
  sandbox.databar.seed({ name: "Stranger", method: "get", url: "https://example.com/" });
  commit();
  const idOf = (name: string): string =>
    String(sandbox.databar.connectors.find((each) => each.name === name)?.id);
  rmSync(path("goes"));
  rmSync(path("kept"));
  rmSync(path("moves"));
  write("moved", "", "aliases: [moves]", "moves");
  write("fresh", ", headers: {Accept: a, Authorization: '${env.CANARY}'}");
  expect(actions(await plan("-f", "json"))).toEqual([
    `Stranger: unmanaged ${idOf("Stranger")}`,
    "fresh: create",
    `goes: unmanaged ${idOf("goes")}`,
    `kept: unmanaged ${idOf("kept")}`,
    `moved: unchanged ${idOf("moves")}`,
    `stays: unchanged ${idOf("stays")}`,
  ]);
  for (const run of [
    await plan("--base", "main", "-f", "json"),
    await planWithState("-f", "json"),
  ]) {
    expect(run.exitCode).toBe(3);
    expect(run.stdout).not.toContain("canary");
    expect(actions(run)).toEqual([
      `Stranger: unmanaged ${idOf("Stranger")}`,
      "fresh: create",
      `goes: delete ${idOf("goes")}`,
      `kept: retain ${idOf("kept")}`,
      `moved: rename ${idOf("moves")}`,
      `stays: unchanged ${idOf("stays")}`,
    ]);
  }
  const text = await plan("--base", "main");
  expect(text.stdout).toBe(`Databar
  + fresh  create  DatabarConnector, connectors/fresh.yaml:2
      name: "fresh"
      method: "get"
      url: "https://example.com/"
      headers.Accept: "a"
      headers.Authorization: [secret]
  ~ moved  rename from moves (id ${idOf("moves")})  DatabarConnector, connectors/moved.yaml:2
  - goes   delete (id ${idOf("goes")})  DatabarConnector, connectors/goes.yaml:2
  - kept   stays: retainOnDelete (id ${idOf("kept")})
      DatabarConnector, connectors/kept.yaml:2
  = 1 unchanged
  ? 1 unmanaged

1 to create, 1 to rename, 1 to delete, 1 to retain, 1 unchanged, 1 unmanaged.
`);
  expect(text.stderr).toBe(`Databar: asking ${sandbox.databar.url} (no stack)\n`);
  const result = expectOk(await stack.up({ env: { CANARY: "canary-value" } }));
  expect(ops(result)).toMatchObject({ fresh: "create", goes: "delete", kept: "delete" });
  expect(sandbox.databar.connectors.map(({ name }) => name).sort()).toEqual([
    "Stranger",
    "fresh",
    "kept",
    "moves",
    "stays",
  ]);
});

it(`${engineLine}. A protected definition that is removed fails, in the plan as in the deployment`, async () => {
  write("a", "", "protect: true");
  write("b");
  expectOk(await stack.up());
  commit();
  rmSync(path("a"));
  const { id } = sandbox.databar.connectors.find(({ name }) => name === "a")!;
  for (const run of [await plan("--base", "main"), await planWithState()]) {
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toContain(`! a  fails (id ${id})`);
    expect(run.stdout).toContain("pulumi state unprotect");
  }
  expect((await stack.up()).ok).toBe(false);
  expect(sandbox.databar.connectors).toHaveLength(2);
});

it(`${engineLine}. With a history, a definition that is new meets its namesake as the deployment does`, async () => {
  write("old");
  expectOk(await stack.up());
  commit();
  const seeded = { method: "get", url: "https://example.com/" } as const;
  sandbox.databar.seed({ ...seeded, name: "same" });
  sandbox.databar.seed({ ...seeded, name: "other", type: "exporter" });
  sandbox.databar.seed({ ...seeded, name: "named" });
  write("same");
  write("other");
  write("named", ", connectorId: 4");
  write("old", "", "", "renamed at the vendor");
  for (const run of [
    await plan("--base", "main", "-f", "json"),
    await planWithState("-f", "json"),
  ]) {
    expect(actions(run)).toEqual([
      "named: adopt unchanged 4",
      "old: update 1",
      "other: fail",
      "other: unmanaged 3",
      "same: adopt unchanged 2",
    ]);
  }
  const result = await stack.up();
  expect(result.ok).toBe(false);
  expect(result.text).toContain('Databar already has a connector named "other" (id 3)');
  expect(sandbox.databar.connectors.map(({ name }) => name)).toEqual([
    "renamed at the vendor",
    "same",
    "other",
    "named",
  ]);
});

describe.each(["resources", "fleet"] as const)(
  `${engineLine}. The state of another workspace, of %s`,
  (as) => {
    const VENDORS = ["databar", "supermetrics"] as const;
    const lists = (): string[] => VENDORS.flatMap((vendor) => calls(sandbox[vendor]));
    /** The same ids, names and contents as here, of connectors that were created at another time. */
    const lookalikes = (other: Sandbox): void => {
      for (const each of sandbox.databar.connectors) {
        other.databar.seed({ ...each, created_at: "2029-01-01T00:00:00Z" });
      }
      for (const { name, connector_identifier } of sandbox.supermetrics.connectors) {
        const created_at = "2029-01-01T00:00:00+00:00";
        other.supermetrics.seed({ name, connector_identifier, created_at });
      }
    };

    beforeEach(async () => {
      writeFileSync(join(folder, "index.js"), program(as));
      write("one");
      write("two");
      writeFileSync(
        path("awin"),
        "connectors:\n  awin: {type: SupermetricsConnector, properties: {name: Awin}}\n",
      );
      expectOk(await stack.up());
      await writeState();
      sandbox.clearLogs();
    });

    test.each(VENDORS)("is refused as the deployment refuses it: %s", async (vendor) => {
      const other = await startSandbox();
      try {
        lookalikes(other);
        const name = vendor.toUpperCase();
        const elsewhere = { [`${name}_BASE_URL`]: other[vendor].url };
        const options = ["--state", "state.json", "--vendor", vendor];
        const run = await planIn(elsewhere, ...options);
        expect(run.exitCode).toBe(1);
        expect(run.stdout).toBe("");
        expect(run.stderr).toContain(
          `belong${vendor === "databar" ? "" : "s"} to the workspace ${sandbox[vendor].url}`,
        );
        expect(run.stderr).toContain(`now lead to ${other[vendor].url}`);
        expect(run.stderr).toContain("Nothing was written or deleted.");
        const refused = await planIn(elsewhere, ...options, "-f", "json");
        expect(JSON.parse(refused.stdout)).toMatchObject({
          error: { message: expect.stringContaining("to the workspace") as string },
        });
        await stack.setConfig({ [`${vendor}:baseUrl`]: other[vendor].url });
        write("one", ", headers: {Accept: a}");
        writeFileSync(
          path("awin"),
          "connectors:\n  awin: {type: SupermetricsConnector, properties: {name: Awin, description: d}}\n",
        );
        const up = await stack.up();
        expect(up.ok).toBe(false);
        expect(up.text).toContain("Nothing was written or deleted.");
        expect(writes(other[vendor])).toEqual([]);
        expect(writes(sandbox[vendor])).toEqual([]);
      } finally {
        await other.close();
      }
    });

    test("is compared as usual with a rotated key and under another host name: one list tells", async () => {
      const elsewhere = {
        DATABAR_BASE_URL: await sandbox.databar.addUrl(),
        SUPERMETRICS_API_KEY: "rotated-key",
      };
      const run = await planIn(elsewhere, "--state", "state.json", "-f", "json");
      expect(actions(run).map((each) => each.replace(/ \S+$/, ""))).toEqual([
        "awin: unchanged",
        "one: unchanged",
        "two: unchanged",
      ]);
      expect(lists()).toEqual(["GET /v1/connectors/", "GET /connectors"]);
    });

    test("an id that the vendor has given to another connector is not the stack's", async () => {
      const { id } = sandbox.databar.connectors.find(({ name }) => name === "one")!;
      sandbox.databar.remove(id);
      sandbox.databar.seed({ id, name: "stranger", created_at: "2031-01-01T00:00:00Z" });
      const replanned = await planWithState("--vendor", "databar");
      expect(replanned.stdout).toContain("+ one  create");
      expect(replanned.stdout).toContain(`the stack's connector ${id} does not exist any more`);
      rmSync(path("one"));
      const removed = await planWithState("--vendor", "databar");
      expect(removed.stdout.replace(/\s+/g, " ")).toContain("another one has its id, which stays");
      expectOk(await stack.refresh());
      expectOk(await stack.up());
      expect(sandbox.databar.connectors.map(({ name }) => name).sort()).toEqual([
        "stranger",
        "two",
      ]);
    });
  },
);
