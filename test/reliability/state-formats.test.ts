/**
 * R9: state written by any earlier version works with this one, through its stored provider text,
 * including destroy.
 *
 * The first test detects a change of the format. Then store the new format in addition to the older
 * ones, as `states/next`; a release names that folder after its version:
 * `RECORD_STATES=1 npx jest --selectProjects reliability formats`.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../provider/sandbox";
import { projectFolder, sandboxConfig } from "../../harness/e2e/world";
import { deleteTempFolder } from "../../harness/engine/temp-folder";
import { LOGO, record, SERVERS } from "./recorded-resources";
import {
  type Stored,
  StoredProvider,
  type Values,
} from "../../harness/engine/local/stored-provider";
import {
  formOf,
  load,
  NEXT,
  remoteOf,
  seed,
  store,
  type StoredState,
  versions,
} from "./recorded-states";

let folder: string;
let sandbox: Sandbox;
let providers: StoredProvider[];

beforeAll(() => {
  folder = projectFolder(join(__dirname, "../../harness/e2e/program"));
  writeFileSync(join(folder, LOGO.path), LOGO.content);
});
afterAll(() => deleteTempFolder(folder));

/** Starts the provider of a deployment like the engine. */
function deployment(): StoredProvider {
  const config = {
    ...sandboxConfig(sandbox),
    "databar:backoffSeconds": "0.001",
    "supermetrics:backoffSeconds": "0.001",
  };
  const provider = new StoredProvider(folder, config);
  providers.push(provider);
  return provider;
}

async function open(): Promise<void> {
  providers = [];
  sandbox = await startSandbox(SERVERS);
}

async function close(): Promise<void> {
  await Promise.all(providers.map((provider) => provider.stop()));
  await sandbox.close();
}

describe("the current format", () => {
  beforeAll(open);
  afterAll(close);

  test("R9 is the newest stored one", async () => {
    const states = await record(sandbox, deployment(), folder);
    if (process.env["RECORD_STATES"] === "1") {
      store(NEXT, states);
    }
    const newest = versions().at(-1)!;
    const forms = (list: readonly StoredState[]): unknown =>
      Object.fromEntries(list.map((state) => [`${state.vendor}, ${state.name}`, formOf(state)]));
    expect(forms(states)).toEqual(forms(load(newest)));
  });
});

describe.each(versions())("R9 the state stored by version %s", (version) => {
  const stored = load(version);
  let states: Map<string, StoredState>;
  let current: StoredProvider;
  let last: StoredProvider;

  beforeAll(async () => {
    await open();
    states = new Map(
      stored.map((state) => [`${state.vendor}, ${state.name}`, seed(sandbox, state)]),
    );
    current = deployment();
    last = deployment();
  });
  afterAll(close);

  const requests = (method?: RegExp): string[] => {
    const all = [...sandbox.databar.log, ...sandbox.supermetrics.log]
      .map((entry) => entry.method)
      .filter((each) => method?.test(each) ?? true);
    sandbox.clearLogs();
    return all;
  };

  /** A preview without changes: same inputs, no replacement, no request. */
  async function expectNoChange({ program, ...state }: StoredState): Promise<void> {
    const { inputs, failures } = await current.check(state.inputs, program);
    expect({ inputs, failures }).toEqual({ inputs: state.inputs, failures: [] });
    expect((await current.diff(state, inputs)).replaces).toEqual([]);
    expect(requests()).toEqual([]);
  }

  /** A refresh without drift. The state keeps the provider text and the claim. */
  async function expectNoDrift(state: Stored): Promise<void> {
    const { __provider, claim } = state.outputs;
    expect(await current.read(state)).toMatchObject({
      id: state.id,
      inputs: state.inputs,
      outputs: { __provider, claim },
    });
    expect(requests(/^(?!GET)/)).toEqual([]);
  }

  async function expectGone(state: StoredState): Promise<void> {
    await last.delete(state);
    expect(requests(/^(?!GET)/)).toEqual(["DELETE"]);
    expect(remoteOrNone(state)).toBeUndefined();
  }

  const remoteOrNone = ({ vendor, id }: StoredState): unknown =>
    vendor === "databar"
      ? sandbox.databar.connectors.find((each) => String(each.id) === id)
      : sandbox.supermetrics.connectors.find((each) =>
          id.endsWith(`/${each.connector_identifier}`),
        );

  test.each(
    stored.filter(({ halfDone }) => !halfDone).map((state) => [`${state.vendor}, ${state.name}`]),
  )("%s: no change, no drift, one write for one field, and destroyed", async (key) => {
    const state = states.get(key)!;
    await expectNoChange(state);
    await expectNoDrift(state);

    const { inputs } = await current.check(state.inputs, { ...state.program, name: "Renamed" });
    expect((await current.diff(state, inputs)).replaces).toEqual([]);
    const before = remoteOf(sandbox, state.vendor, state.id);
    const updated = { ...state, ...(await current.update(state, inputs)) };
    expect(requests(/^(?!GET)/)).toEqual(["PUT"]);
    expect(held(remoteOf(sandbox, state.vendor, state.id))).toEqual(
      held({ ...before, connector: { ...before.connector, name: "Renamed" } }),
    );
    expect(updated.outputs).toMatchObject({
      __provider: state.outputs["__provider"],
      claim: state.outputs["claim"],
      name: "Renamed",
    });
    await expectNoDrift(updated);
    await expectGone(updated);
  });

  test.each(
    stored.filter(({ halfDone }) => halfDone).map((state) => [`${state.vendor}, ${state.name}`]),
  )("%s: what stopped half-way is finished, and destroyed", async (key) => {
    const state = states.get(key)!;
    await expectNoChange(state);
    const refreshed = { ...state, ...(await current.read(state)), inputs: state.inputs };
    for (const begun of [refreshed, state]) {
      const updated = { ...state, ...(await current.update(begun, state.inputs)) };
      expect(requests(/^(?!GET)/).length).toBeGreaterThan(0);
      await expectNoDrift(updated);
      if (begun === state) {
        await expectGone(updated);
      }
    }
  });

  test("no connector remains, and the only warnings are about the plan's limits", () => {
    expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
    expect(providers.flatMap(({ lines }) => lines)).toEqual([
      expect.stringContaining("rateLimit is 60, not 120: the workspace's plan lowers it."),
    ]);
  });
});

/** A vendor's connector without its timestamps; a missing description equals an empty one. */
function held(remote: { readonly connector: object }): Values {
  return JSON.parse(
    JSON.stringify(remote, (key, value: unknown) =>
      key === "updated_at" ? undefined : key === "description" ? (value ?? "") : value,
    ),
  ) as Values;
}
