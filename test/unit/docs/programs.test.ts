/**
 * The TypeScript programs of the README and of docs/, as files (`npm run generate`), are deployed
 * into the sandbox: their connectors exist, nothing is left to change, and they can be destroyed.
 * The configuration is what the page's own commands set.
 */
import { basename } from "node:path";
import { ConnectorDefinitions } from "pulumi-connectors";
import { type RequestLogEntry, startSandbox, type Sandbox } from "pulumi-connectors/sandbox";
import { blocksOf } from "../../../harness/markdown";
import { pages, PROGRAMS, programs } from "../../../scripts/generate/programs";
import { folderOf, removeFolders } from "../../../harness/definition-folder";
import { isolate } from "../../../harness/jest/isolate";
import { deploy, settingsFor, type StackConfig } from "./deployment";

isolate();
afterEach(removeFolders);
jest.setTimeout(30_000);

const documents = pages();

interface Example {
  /** Names of the connectors after the deployment. */
  readonly connectors: readonly string[];
  /** Stack configuration. */
  readonly config?: StackConfig;
  /** Files beside the program. */
  readonly files?: Readonly<Record<string, string>>;
  /** Creates connectors that the program expects to exist. */
  readonly before?: (sandbox: Sandbox) => unknown;
  /** The page with a definition file of the same connectors. */
  readonly same?: string;
  /** Number of API keys of one vendor in its requests. Default: 1. */
  readonly keys?: number;
  /** Types and names of its resources, if they are public. */
  readonly registered?: readonly (readonly [type: string, name: string])[];
}

const KEYS = { "shop:scoringKey": "scoring-value", "shop:awinKey": "awin-value" };

/** Files that the definitions of the pages include. */
const INCLUDED = {
  "scoring.jinja": '{"domain": "{{ domain }}"}\n',
  "awin.configuration.json":
    '{"secrets": {"items": [{"id": "api_key", "value": "${secrets.api_key}"}]}}',
};

/** By file name. Programs that are not listed are only type-checked. */
const EXAMPLES: Readonly<Record<string, Example>> = {
  "readme-1": { connectors: ["Awin", "My Scoring API"], config: keysOf("README.md") },
  "databar-connector-1": {
    connectors: ["My Scoring API"],
    config: KEYS,
    same: "docs/databar-connector.md",
  },
  "supermetrics-connector-1": {
    connectors: ["Awin"],
    config: KEYS,
    same: "docs/supermetrics-connector.md",
  },
  "definitions-1": {
    connectors: ["Awin", "My Scoring API"],
    config: KEYS,
    files: definitionsOf("docs/definitions.md"),
    registered: [
      ["pulumi-connectors:index:ConnectorDefinitions", "connectors"],
      ["pulumi-nodejs:dynamic/databar:DatabarConnector", "scoring"],
      ["pulumi-nodejs:dynamic/supermetrics:SupermetricsConnector", "awin"],
    ],
  },
  "operations-1": { connectors: ["My Scoring API"] },
  "operations-2": {
    connectors: ["My Scoring API"],
    before: ({ databar }) =>
      databar.seed({ name: "My Scoring API", method: "post", url: "https://api.example.com/v0" }),
  },
  "operations-3": { connectors: ["My Scoring API"] },
  "operations-4": {
    connectors: ["Scoring, amer", "Scoring, emea"],
    config: { "shop:emeaKey": "emea-value", "shop:amerKey": "amer-value" },
    keys: 2,
  },
  "operations-5": { connectors: ["My Scoring API"] },
  "scale-1": { connectors: ["Lookup", "Scoring"] },
  "scale-2": {
    connectors: ["Awin", "My Scoring API"],
    config: KEYS,
    files: unprotected(definitionsOf("docs/definitions.md")),
    registered: [
      ["pulumi-connectors:index:ConnectorDefinitions", "connectors"],
      ["pulumi-nodejs:dynamic/databar:DatabarFleet", "connectors-databar"],
      ["pulumi-nodejs:dynamic/supermetrics:SupermetricsFleet", "connectors-supermetrics"],
    ],
  },
};

/** Configuration keys that a page's commands set, except those of the vendors. */
function keysOf(page: string): StackConfig {
  const commands = blocksOf(documents.get(page)!)
    .filter(({ language }) => language === "sh")
    .flatMap(({ text }) => text.split("\n"));
  const keys = commands.flatMap(
    (command) => /^pulumi config set --secret (\w+)\b(?!:)/.exec(command)?.[1] ?? [],
  );
  return Object.fromEntries(keys.map((key) => [`shop:${key}`, `${key}-value`]));
}

/** The definition file of a page with its included files. */
function definitionsOf(page: string): Readonly<Record<string, string>> {
  const yaml = blocksOf(documents.get(page)!).find(({ language }) => language === "yaml")!.text;
  const included = Object.entries(INCLUDED).filter(([name]) => yaml.includes(`$file: ./${name}`));
  return {
    "connectors/page.yaml": yaml,
    ...Object.fromEntries(included.map(([name, text]) => [`connectors/${name}`, text])),
  };
}

/** In a fleet, no connector can be protected by itself, as docs/scale.md says. */
function unprotected(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [
      path,
      text.replace(/ {4}options:\n {6}protect: true\n/, ""),
    ]),
  );
}

let sandbox: Sandbox;
beforeAll(async () => void (sandbox = await startSandbox()));
afterEach(() => sandbox.reset());
afterAll(() => sandbox.close());

const requests = (): readonly RequestLogEntry[] => [
  ...sandbox.databar.log,
  ...sandbox.supermetrics.log,
];
const names = (): string[] =>
  [...sandbox.databar.connectors, ...sandbox.supermetrics.connectors]
    .map(({ name }) => name)
    .sort();

test.each(Object.entries(EXAMPLES))(
  "%s is created as written, leaves nothing to change, and is destroyed",
  async (name, { connectors, config = {}, files = {}, before, keys = 1, registered, same }) => {
    jest.spyOn(process, "cwd").mockReturnValue(folderOf(files));
    before?.(sandbox);
    const load = (): unknown => jest.requireActual(`./programs/${name}`);
    const deployed = await deploy(load, { ...settingsFor(sandbox), ...config });
    expect(names()).toEqual(connectors);
    expect(new Set(requests().map(({ keyIndex }) => keyIndex)).size).toBe(keys);
    sandbox.clearLogs();
    expect(await deployed.changes()).toEqual([]);
    expect(requests().filter(({ method }) => method !== "GET")).toEqual([]);
    const made = held();
    if (registered) {
      expect([...deployed.registered].sort()).toEqual(registered);
    }
    await deployed.destroy();
    expect(names()).toEqual([]);
    if (same === undefined) {
      return;
    }
    jest.spyOn(process, "cwd").mockReturnValue(folderOf(definitionsOf(same)));
    await deploy(() => new ConnectorDefinitions("connectors", { path: "./connectors" }), {
      ...settingsFor(sandbox),
      ...config,
    });
    expect(held()).toEqual(made);
  },
);

/** The connectors at the vendors, without values that the vendor chooses. */
function held(): unknown {
  const databar = sandbox.databar.connectors.map(({ id, created_at, ...rest }) => [
    typeof id,
    typeof created_at,
    rest,
  ]);
  const supermetrics = sandbox.supermetrics.connectors.map(
    ({ name, description, configuration }) => [
      name,
      description,
      JSON.stringify(configuration.configuration_json).replace(/sec_\w+/g, "a placeholder"),
    ],
  );
  return [databar, supermetrics];
}

test("types in URNs are those that docs/operations.md lists", () => {
  const row =
    /^\| \*\*Types in URNs\*\* +\|(.*?)\|/m.exec(documents.get("docs/operations.md")!)?.[1] ?? "";
  const promised = [...row.matchAll(/`([\w/-]+:[\w/]+:\w+)`/g)].map(([, type]) => type);
  const seen = Object.values(EXAMPLES).flatMap(({ registered = [] }) =>
    registered.map(([type]) => type),
  );
  expect([...promised].sort()).toEqual([...new Set(seen)].sort());
  expect(promised).toHaveLength(5);
});

test("every listed program is on a page", () => {
  const shown = Object.keys(programs(documents)).map((path) => basename(path, ".ts"));
  expect(Object.keys(EXAMPLES).filter((name) => !shown.includes(name))).toEqual([]);
  expect(shown.every((name) => !name.includes("/") && PROGRAMS.endsWith("/"))).toBe(true);
});
