/**
 * The shell blocks of docs/operations.md and docs/scale.md run as written, on the Pulumi CLI and a
 * deployed project, or are listed here with the reason why not. `test/unit/docs/blocks.test.ts`
 * checks that their commands and options exist.
 */
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Sandbox, startSandbox } from "pulumi-connectors/sandbox";
import { isOnPath } from "../../harness/engine/select";
import { deleteTempFolder, makeTempFolder } from "../../harness/engine/temp-folder";
import { linkCommand } from "../../harness/e2e/modules";
import { DATABAR_KEY } from "../../harness/e2e/world";
import { type Block, blocksOf } from "../../harness/markdown";
import { read } from "../../harness/sources";
import { definitionProject } from "./definition-project";

jest.setTimeout(600_000);

const PAGES = ["docs/operations.md", "docs/scale.md"] as const;

/** What a block prints, by its first line. */
const RUN: Readonly<Record<string, RegExp>> = {
  'jq -s \'map(select(.event == "request")) | sort_by(-.durationMs)[:10][] | "\\(.durationMs) ms \\(.method) \\(.path) \\(.connector // "")"\' -r requests.jsonl':
    /^\d+ ms POST \/v1\/connectors\/ Scoring$/m,
  "pulumi up --replace '<urn>'": /\+-.*scoring replaced/,
  "pulumi refresh --clear-pending-creates --yes --non-interactive": /\d unchanged/,
  "npx pulumi-connectors validate --strict": /1 connector checked[^]*1 unchanged/,
  "pulumi up --yes --stack prod": /\d unchanged/,
  "pulumi stack export --file before.json            # the way back":
    /No problems\. 1 connector checked\.[^]*\d unchanged/,
  "pulumi preview --expect-no-changes": /\d unchanged/,
  "pulumi stack import --file before.json": /Import complete[^]*\d unchanged/,
  "PULUMI_EXPERIMENTAL=true PULUMI_SKIP_CHECKPOINTS=true pulumi up": /\d unchanged/,
};

/** Blocks that are not run, by their first line, with the reason. */
const LISTED: Readonly<Record<string, string>> = {
  "export OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318":
    "needs a collector; the spans are tested in test/unit/pulumi/observability.test.ts",
  "pulumi preview --policy-pack policy --policy-pack-config policy/policy-config.json":
    "run by test/e2e/policy.test.ts",
  "pulumi login s3://my-state-bucket # or set PULUMI_BACKEND_URL in a pipeline": "needs a bucket",
  'pulumi stack init prod --secrets-provider "awskms://alias/connectors?region=eu-west-1" # gcpkms://, azurekeyvault://, hashivault://':
    "needs a key of AWS KMS",
  "npm run bench                                   # about five minutes: smaller N, fewer runs":
    "takes minutes to hours; the options are tested in bench/",
};

/** Packages come from a registry: test/consumers installs them. */
const isInstallation = (line: string): boolean => /^npm (ci|install)\b/.test(line);

/** A block without its installations; empty when it has nothing else. */
const commandsOf = ({ text }: Block): string =>
  text
    .split("\n")
    .filter((line) => !isInstallation(line))
    .join("\n")
    .trim();
const firstLine = (block: Block): string => commandsOf(block).split("\n", 1)[0]!;

const blocks = PAGES.flatMap((page) =>
  blocksOf(read(page))
    .filter((block) => /^(sh|bash)$/.test(block.language) && commandsOf(block) !== "")
    .map((block) => [`${page}:${block.line}`, block] as const),
);

test("every shell block is run, or listed with a reason, and every entry is a block", () => {
  const first = blocks.map(([, block]) => firstLine(block));
  const known = [...Object.keys(RUN), ...Object.keys(LISTED)];
  expect(first.filter((line) => !known.includes(line))).toEqual([]);
  expect(known.filter((line) => !first.includes(line))).toEqual([]);
});

/** A local engine runs no shell command. */
if (isOnPath("pulumi") && process.env.CONNECTORS_ENGINE !== "local") {
  describe("on the Pulumi CLI", runsAll);
}

function runsAll(): void {
  let sandbox: Sandbox;
  let folder: string;
  let home: string;
  let environment: NodeJS.ProcessEnv;

  const shell = async (text: string): Promise<string> => {
    const { stdout, stderr } = await promisify(execFile)(
      "bash",
      ["-e", "-o", "pipefail", "-c", text],
      {
        cwd: folder,
        env: environment,
      },
    );
    return stdout + stderr;
  };

  beforeAll(async () => {
    sandbox = await startSandbox();
    home = makeTempFolder("pulumi-home");
    folder = definitionProject(
      'const { ConnectorDefinitions } = require("pulumi-connectors");\nnew ConnectorDefinitions("connectors", { path: "./connectors" });\n',
    );
    mkdirSync(join(folder, "connectors"));
    writeFileSync(
      join(folder, "connectors/scoring.yaml"),
      'connectors:\n  scoring:\n    type: DatabarConnector\n    properties: { name: Scoring, method: get, url: "https://api.example.com/", onConflict: create }\n',
    );
    linkCommand(folder);
    const state = join(home, "state");
    mkdirSync(state);
    environment = {
      ...process.env,
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_HOME: home,
      PULUMI_CONFIG_PASSPHRASE: "passphrase",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      // The pages show the commands of a person, who answers "yes".
      PULUMI_SKIP_CONFIRMATIONS: "true",
      PULUMI_CONNECTORS_LOG_FILE: join(folder, "requests.jsonl"),
      DATABAR_API_KEY: DATABAR_KEY,
      DATABAR_BASE_URL: sandbox.databar.url,
    };
    const git = (...args: readonly string[]): void =>
      void execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args], {
        cwd: folder,
        stdio: "ignore",
      });
    await shell("pulumi stack init prod && pulumi up");
    git("init");
    git("add", "connectors", "Pulumi.yaml", "index.js");
    git("commit", "-m", "Deployed");
    git("update-ref", "refs/remotes/origin/main", "HEAD");
  });
  afterAll(async () => {
    await shell("pulumi destroy");
    expect(sandbox.databar.connectors).toEqual([]);
    await sandbox.close();
    [folder, home].forEach(deleteTempFolder);
  });

  const runs = blocks.filter(([, block]) => firstLine(block) in RUN);
  test.each(runs)("%s runs as written", async (_, block) => {
    const needed = commandsOf(block).split(" ", 1)[0]!;
    if (needed === "jq" && !isOnPath(needed)) {
      return;
    }
    const urn =
      /urn:pulumi:\S*::scoring\b/.exec(await shell("pulumi stack --show-urns"))?.[0] ?? "";
    expect(urn).toContain("$");
    expect(await shell(commandsOf(block).replaceAll("<urn>", urn))).toMatch(RUN[firstLine(block)]!);
    expect(sandbox.databar.connectors).toMatchObject([{ name: "Scoring" }]);
  });
}
