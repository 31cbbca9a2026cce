/**
 * States recorded by versions of this package: `states/<version>/<vendor>.json`. The files have the
 * values that the engine passes to a provider, in plain text, and the vendor's connectors at that
 * time. All values are made up.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { without } from "../../provider/model/state";
import { unpack } from "../../provider/model/document";
import { type Sandbox } from "../../provider/sandbox";
import { type DatabarConnectorObject } from "../../provider/sandbox/databar/store";
import {
  type SupermetricsConnectorObject,
  type SupermetricsSecret,
} from "../../provider/sandbox/supermetrics/store";
import { TEAM } from "../../harness/lifecycle-world";
import { type Stored, type Values } from "../../harness/engine/local/stored-provider";
import { type Vendor } from "./stack";

export interface Remote {
  readonly connector: DatabarConnectorObject | SupermetricsConnectorObject;
  readonly secrets?: readonly SupermetricsSecret[];
}

/**
 * A resource recorded by a version. `program` has the program's arguments as the engine passes them
 * to check.
 */
export interface StoredState extends Stored {
  readonly vendor: Vendor;
  readonly name: string;
  /** The engine's type, which is part of the URN. */
  readonly type: string;
  /** True for a partial write: the engine calls update even without changes. */
  readonly halfDone: boolean;
  readonly program: Values;
  readonly remote: Remote;
}

const FOLDER = join(__dirname, "states");

/** The folder of today's form until a release names it after its version. */
export const NEXT = "next";

/** Versions with a recorded state, oldest first. */
export function versions(): string[] {
  return readdirSync(FOLDER).sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

export function load(version: string): StoredState[] {
  return (["databar", "supermetrics"] as const).flatMap((vendor) => {
    const stored = JSON.parse(
      readFileSync(join(FOLDER, version, `${vendor}.json`), "utf8"),
    ) as Record<string, Omit<StoredState, "vendor" | "name">>;
    return Object.entries(stored).map(([name, state]) => ({ vendor, name, ...state }));
  });
}

export function store(version: string, states: readonly StoredState[]): void {
  mkdirSync(join(FOLDER, version), { recursive: true });
  for (const vendor of ["databar", "supermetrics"] as const) {
    const own = states
      .filter((state) => state.vendor === vendor)
      .map(({ name, ...state }) => [name, { ...unplaced(state), vendor: undefined }] as const);
    writeFileSync(
      join(FOLDER, version, `${vendor}.json`),
      `${JSON.stringify(sorted(Object.fromEntries(own)), undefined, 2)}\n`,
    );
  }
}

/**
 * The workspace names the origin of a sandbox, which is another one in each run. A state without it
 * is trusted.
 */
export function unplaced<T extends { readonly outputs: Values }>(state: T): T {
  return { ...state, outputs: without(state.outputs, "workspace") };
}

/** The vendor's data of a resource. */
export function remoteOf(sandbox: Sandbox, vendor: Vendor, id: string): Remote {
  if (vendor === "databar") {
    return {
      connector: sandbox.databar.connectors.find((connector) => String(connector.id) === id)!,
    };
  }
  const [team = "", key = ""] = id.split("/");
  const connector = sandbox.supermetrics.connectors.find(
    ({ connector_identifier }) => connector_identifier === key,
  )!;
  return { connector, secrets: sandbox.supermetrics.secrets(team, key) };
}

/** Restores the vendor's data, and returns the state with the new placeholders of the vendor. */
export function seed(sandbox: Sandbox, state: StoredState): StoredState {
  const { connector, secrets = [] } = state.remote;
  if (!("connector_identifier" in connector)) {
    sandbox.databar.seed(connector);
    return state;
  }
  const { connector_identifier: key, configuration, ...fields } = connector;
  sandbox.supermetrics.seed({
    connector_identifier: key,
    ...fields,
    secrets: Object.fromEntries(secrets.map(({ name, value }) => [name, value])),
  });
  const chosen = new Map(
    sandbox.supermetrics.secrets(TEAM, key).map(({ name, placeholder }) => [name, placeholder]),
  );
  const placed = secrets.reduce(
    (text, { name, placeholder }) => text.replaceAll(placeholder, chosen.get(name)!),
    JSON.stringify({ state, document: configuration.configuration_json }),
  );
  const renewed = JSON.parse(placed) as { state: StoredState; document: Values };
  sandbox.supermetrics.change(key, { ...fields, configuration_json: renewed.document });
  return renewed.state;
}

/** A state without random parts: claims, placeholders, and compressed data. */
export function formOf({ inputs, outputs, remote, ...rest }: StoredState): unknown {
  // The workspace names the origin of a sandbox, which is another one in each run.
  const { configurationSource: packed, claim, ...others } = without(outputs, "workspace");
  const known = {
    ...others,
    claim: typeof claim,
    ...(typeof packed === "string" && { configurationSource: unpack(packed) }),
  };
  const text = (remote.secrets ?? []).reduce(
    (json, { name, placeholder }) => json.replaceAll(placeholder, `placeholder of ${name}`),
    JSON.stringify({ ...rest, inputs, outputs: known }),
  );
  return JSON.parse(text) as unknown;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
