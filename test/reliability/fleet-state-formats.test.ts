/**
 * R9 for fleets: state stored by an earlier version works with this version: in full, with a
 * connector to delete, and as a record of partial work. `states/<version>/fleets.json` has the same
 * format as the states of single connectors.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pack, unpack } from "../../provider/model/document";
import { type Inputs, without } from "../../provider/model/state";
import { PROVIDER_KEY } from "../../provider/pulumi/program/provider-text";
import { decodeFleet, encodeRecord } from "../../provider/pulumi/provider/fleet-state";
import { type Sandbox } from "../../provider/sandbox";
import { provider as databar } from "../../provider/vendors/databar/runtime";
import { provider as supermetrics } from "../../provider/vendors/supermetrics/runtime";
import { stackConfig } from "../../harness/in-process/config";
import { OneResource } from "../../harness/in-process/one-resource";
import { plain } from "../../harness/in-process/wire";
import { isolate } from "../../harness/jest/isolate";
import { TEAM } from "../../harness/lifecycle-world";
import { SERVERS } from "./recorded-resources";
import { closeWorlds, openSandbox } from "./open-sandbox";
import { type Values, type Vendor } from "./stack";
import {
  formOf,
  NEXT,
  type Remote,
  remoteOf,
  seed,
  type StoredState,
  unplaced,
  versions,
} from "./recorded-states";

isolate();
afterEach(closeWorlds);

interface StoredFleet extends Omit<StoredState, "type" | "remote" | "halfDone"> {
  readonly remotes: readonly Remote[];
}

/** Fields that only the state of a single connector has. */
const REST = { type: "", halfDone: false };

const fileOf = (version: string): string => join(__dirname, "states", version, "fleets.json");
const stored = (version: string): StoredFleet[] =>
  JSON.parse(readFileSync(fileOf(version), "utf8")) as StoredFleet[];
const withFleets = versions().filter((version) => existsSync(fileOf(version)));

const RUNTIMES = { databar, supermetrics };

function fleetOf(sandbox: Sandbox, vendor: Vendor): OneResource {
  const own = {
    databar: { apiKey: "key-1", baseUrl: sandbox.databar.url },
    supermetrics: { apiKey: "api_1", baseUrl: sandbox.supermetrics.url, teamId: TEAM },
  };
  return new OneResource(vendor, {
    runtimes: RUNTIMES,
    config: stackConfig(vendor, own[vendor]),
  });
}

/** The files have this in place of the provider's text. */
const TEXT = { __provider: "text" };

const called = (name: string): Values => ({
  name,
  method: "get",
  url: "https://api.example.com/v1",
});
const PROGRAMS: Readonly<Record<Vendor, Values>> = {
  databar: {
    connectors: {
      full: {
        ...called("Full"),
        headers: { Authorization: "Bearer made-up-token", Accept: "json" },
        rateLimit: 30,
      },
      "odd key": called("Odd"),
      kept: called("Kept"),
    },
    maxDeletes: 5,
    retainOnDelete: ["kept"],
  },
  supermetrics: {
    connectors: {
      full: {
        name: "Full",
        configuration: { a: "${secrets.k}" },
        secrets: { k: "made-up-secret" },
      },
      kept: { name: "Kept" },
    },
    retainOnDelete: ["kept"],
  },
};

/** The basis of all forms of state: a deployed fleet. */
async function record(): Promise<StoredFleet[]> {
  const states: StoredFleet[] = [];
  for (const vendor of ["databar", "supermetrics"] as const) {
    const sandbox = await openSandbox(SERVERS);
    sandbox.supermetrics.settings.nextIdentifiers = ["NEW1", "NEW2"];
    const program = { ...TEXT, ...PROGRAMS[vendor] };
    const fleet = fleetOf(sandbox, vendor);
    // Sequential, so that the ids are deterministic.
    const args = PROGRAMS[vendor] as { connectors: Record<string, Values> };
    for (const index of [-1, ...Object.keys(args.connectors).keys()]) {
      const connectors = Object.entries(args.connectors).slice(0, index + 1);
      await fleet.up({ ...args, connectors: Object.fromEntries(connectors) });
    }
    const inputs: Values = { ...fleet.inputs, ...TEXT };
    const { connectors } = inputs as { connectors: Record<string, Inputs> };
    const id = "fleet-0123abcd";
    const outputs: Values = { ...fleet.outs, ...TEXT };
    const ids = Object.values(outputs["ids"] as Record<string, string>);
    const old =
      vendor === "databar"
        ? String(sandbox.databar.seed({ name: "Old" }).id)
        : `${TEAM}/${sandbox.supermetrics.seed({ connector_identifier: "OLD1", name: "Old" }).connector_identifier}`;
    const state = (name: string, of: readonly string[], outs: Values): StoredFleet => ({
      vendor,
      name,
      program,
      id,
      inputs,
      outputs: outs,
      remotes: of.map((each) => remoteOf(sandbox, vendor, each)),
    });
    const replaced = { ...outputs, replaced: { [old]: { name: "Old", claim: "4567abcd" } } };
    const decoded = decodeFleet(id, replaced);
    const written = new Map(Object.entries(connectors).filter(([key]) => key !== "kept"));
    const marks = plain(
      encodeRecord(
        { ...decoded, members: new Map([...decoded.members].filter(([key]) => key !== "odd key")) },
        written,
        inputs as never,
      ),
    ) as Values;
    states.push(
      state("full", ids, outputs),
      state("replaced", [...ids, old], replaced),
      state(
        "record",
        [...ids.filter((each) => each !== (outputs["ids"] as Values)["odd key"]), old],
        { ...marks, ...TEXT },
      ),
    );
  }
  return states;
}

/** Applies `change` to the packed states of the connectors. */
function withStates(fleet: StoredFleet, change: (states: never) => unknown): StoredFleet {
  const { states } = fleet.outputs;
  return states === undefined
    ? fleet
    : { ...fleet, outputs: { ...fleet.outputs, states: change(states as never) } };
}

/** A state without random parts: the workspace, claims, placeholders, and compressed data. */
function formOfFleet({ remotes, ...state }: StoredFleet): unknown {
  const outputs: { states?: string; record?: string } = without(state.outputs, "workspace");
  const { states, record: packed, ...others } = outputs;
  const each = Object.entries(
    states === undefined ? {} : (unpack(states) as Record<string, Values>),
  ).map(([key, outputs], index) => [
    key,
    formOf({ ...state, ...REST, inputs: {}, program: {}, outputs, remote: remotes[index]! }),
  ]);
  const known = remotes
    .flatMap(({ secrets = [] }) => secrets)
    .reduce(
      (json, { name, placeholder }) => json.replaceAll(placeholder, `placeholder of ${name}`),
      JSON.stringify(others),
    );
  return {
    others: JSON.parse(known) as unknown,
    inputs: state.inputs,
    each: Object.fromEntries(each) as unknown,
    ...(packed !== undefined && { record: unpack(packed) }),
  };
}

test("R9 the current format of a fleet is the newest stored one", async () => {
  const states = await record();
  if (process.env["RECORD_STATES"] === "1") {
    mkdirSync(dirname(fileOf(NEXT)), { recursive: true });
    writeFileSync(fileOf(NEXT), `${JSON.stringify(states.map(unplaced), undefined, 2)}\n`);
  }
  const forms = (list: readonly StoredFleet[]): unknown =>
    Object.fromEntries(list.map((state) => [`${state.vendor}, ${state.name}`, formOfFleet(state)]));
  expect(forms(states)).toEqual(forms(stored(withFleets.at(-1)!)));
});

describe.each(withFleets)("R9 the fleet stored by version %s", (version) => {
  const placed = async (
    state: StoredFleet,
  ): Promise<{
    state: StoredFleet;
    fleet: OneResource;
    names: () => string[];
    writes: () => string[];
  }> => {
    const sandbox = await openSandbox(SERVERS);
    const opened = withStates(state, unpack);
    const renewed = withStates(
      opened.remotes.reduce<StoredFleet>(
        (so, remote) => ({ ...so, ...seed(sandbox, { ...so, ...REST, remote }) }),
        opened,
      ),
      pack,
    );
    const { vendor } = state;
    const writes = (): string[] => {
      const all = sandbox[vendor].log
        .map(({ method }) => method)
        .filter((method) => method !== "GET");
      sandbox.clearLogs();
      return all.sort();
    };
    return {
      state: renewed,
      fleet: fleetOf(sandbox, vendor).seed(renewed),
      names: () => sandbox[vendor].connectors.map(({ name }) => name).sort(),
      writes,
    };
  };
  const of = (name: string): [string, StoredFleet][] =>
    stored(version)
      .filter((state) => state.name === name)
      .map((state) => [state.vendor, state]);
  test.each(of("full"))(
    "%s: no change, no drift, one request for one changed field, and a destroy except for retained connectors",
    async (_, original) => {
      const { state, fleet, names, writes } = await placed(original);
      const args = without(state.program, PROVIDER_KEY);
      const connectors = state.inputs["connectors"] as Record<string, Values>;
      await fleet.refresh();
      expect(fleet.inputs["connectors"]).toEqual(connectors);
      expect((await fleet.up(args)).changes).toMatchObject({ same: 1 });
      expect({ ...fleet.inputs, ...TEXT }).toEqual(state.inputs);
      expect(writes()).toEqual([]);
      await fleet.up({
        ...args,
        connectors: { ...connectors, full: { ...connectors["full"], name: "Renamed" } },
      });
      expect([writes(), names().includes("Renamed"), fleet.outs["ids"]]).toEqual([
        ["PUT"],
        true,
        state.outputs["ids"],
      ]);
      await fleet.destroy();
      expect(names()).toEqual(["Kept"]);
    },
  );

  test.each(of("replaced"))(
    "%s: replaced connectors are deleted by the next up and by a destroy",
    async (_, original) => {
      for (const act of ["update", "delete"] as const) {
        const { state, fleet, names, writes } = await placed(original);
        if (act === "update") {
          await fleet.up(without(state.program, PROVIDER_KEY));
          expect(fleet.outs).not.toHaveProperty("replaced");
          expect(writes()).toEqual(["DELETE"]);
        } else {
          await fleet.destroy();
        }
        expect(names()).not.toContain("Old");
        expect(names()).toContain("Kept");
      }
    },
  );

  test.each(of("record"))(
    "%s: partial work in the short record is completed and destroyed",
    async (vendor, original) => {
      const { state, fleet, names, writes } = await placed(original);
      const result = await fleet.up(without(state.program, PROVIDER_KEY));
      expect(result.changes).toMatchObject({ update: 1 });
      expect(writes()).toEqual(vendor === "databar" ? ["DELETE", "POST"] : ["DELETE"]);
      expect(Object.keys(fleet.outs["ids"] as Values).sort()).toEqual(
        Object.keys(state.inputs["connectors"] as Values).sort(),
      );
      await fleet.refresh();
      expect(fleet.inputs["connectors"]).toEqual(state.inputs["connectors"]);
      fleet.outs = state.outputs;
      await fleet.destroy();
      expect(names()).toEqual(vendor === "databar" ? ["Kept", "Odd"] : ["Kept"]);
    },
  );
});
