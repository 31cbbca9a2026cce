/**
 * A write whose outcome is unknown is not forgotten: what the definition says next is written.
 */
import {
  type Supermetrics,
  type SupermetricsState,
} from "../../../../provider/vendors/supermetrics/stage-types";
import { type SupermetricsInputs } from "../../../../provider/vendors/supermetrics/types";
import { PartialWrite } from "../../../../provider/lifecycle/partial-write";
import { type FaultOptions, type SupermetricsSandbox } from "../../../../provider/sandbox";
import { failureOf } from "../../../../harness/errors";
import { logoOf, PNG, removeLogos } from "../../../../harness/logos";
import {
  closeWorlds,
  type Deployment,
  supermetricsWorld,
  TEAM,
} from "../../../../harness/lifecycle-world";

const before: SupermetricsInputs = {
  teamId: TEAM,
  name: "A",
  description: "d",
  configuration: { key: "Bearer ${secrets.k}" },
  secrets: { k: "value-1" },
};

afterEach(closeWorlds);
afterAll(removeLogos);

interface Failed {
  readonly vendor: SupermetricsSandbox;
  readonly deploy: () => Deployment<Supermetrics>;
  readonly id: string;
  readonly key: string;
  readonly failure: unknown;
}

/** An update whose writes take effect, while their answers say 500 (or what the fault says). */
async function failing(
  inputs: SupermetricsInputs,
  fault: FaultOptions,
  created = before,
): Promise<Failed> {
  const { vendor, deploy } = await supermetricsWorld();
  const { id, state } = await deploy().connectors.create(created);
  const handle = vendor.fault({ status: 500, commit: true, times: Infinity, ...fault });
  const failure = await failureOf(deploy().connectors.update(id, state, inputs));
  handle.remove();
  return { vendor, deploy, id, key: id.split("/")[1]!, failure };
}

function stateOf(failure: unknown): SupermetricsState {
  if (failure instanceof PartialWrite) {
    return failure.state;
  }
  throw failure;
}

describe.each(["at once", "after a refresh"])(
  "the old definition, %s, is written again",
  (when) => {
    async function revert({ deploy, id, failure }: Failed, inputs = before): Promise<void> {
      const failed = stateOf(failure);
      const state =
        when === "at once" ? failed : (await deploy().connectors.read(id, failed))!.state;
      await deploy().connectors.update(id, state, inputs);
    }

    test("after a secret's value", async () => {
      const failed = await failing({ ...before, secrets: { k: "value-2" } }, { method: "PUT" });
      expect(failed.vendor.secrets(TEAM, failed.key)).toMatchObject([{ value: "value-2" }]);
      await revert(failed);
      expect(failed.vendor.secrets(TEAM, failed.key)).toMatchObject([
        { name: "k", value: "value-1" },
      ]);
    });
    test("after a secret that was removed: it comes back", async () => {
      const failed = await failing(
        { ...before, configuration: { key: "x" }, secrets: {} },
        { method: "DELETE" },
      );
      expect(failed.vendor.secrets(TEAM, failed.key)).toEqual([]);
      await revert(failed);
      expect(failed.vendor.secrets(TEAM, failed.key)).toMatchObject([
        { name: "k", value: "value-1" },
      ]);
      expect(failed.vendor.connectors[0]!.configuration.configuration_json).toEqual({
        key: `Bearer ${failed.vendor.secrets(TEAM, failed.key)[0]!.placeholder}`,
      });
    });
    test("after a configuration", async () => {
      const failed = await failing(
        { ...before, configuration: { key: "Basic ${secrets.k}" } },
        { method: "PUT" },
      );
      await revert(failed);
      expect(failed.vendor.connectors[0]!.configuration.configuration_json).toEqual({
        key: expect.stringMatching(/^Bearer sec_/),
      });
    });
    test.each<Partial<SupermetricsInputs>>([{ name: "B" }, { description: "e" }])(
      "after %j",
      async (change) => {
        const failed = await failing({ ...before, ...change }, { method: "PUT" });
        expect(failed.vendor.connectors[0]).toMatchObject(change);
        await revert(failed);
        expect(failed.vendor.connectors[0]).toMatchObject({ name: "A", description: "d" });
      },
    );
    test("after a logo", async () => {
      const created = { teamId: TEAM, name: "A", logo: logoOf("a.png", PNG) };
      const failed = await failing(
        { ...created, logo: logoOf("b.png", Buffer.concat([PNG, PNG])) },
        { method: "POST" },
        created,
      );
      expect(failed.vendor.logo(TEAM, failed.key)!.bytes).toHaveLength(18);
      await revert(failed, created);
      expect(failed.vendor.logo(TEAM, failed.key)!.bytes).toEqual(PNG);
    });
  },
);

test("a secret of unknown value that leaves the definition is deleted", async () => {
  const { vendor, deploy, id, key, failure } = await failing(
    { ...before, secrets: { k: "value-2" } },
    { method: "PUT" },
  );
  await deploy().connectors.update(id, stateOf(failure), {
    ...before,
    configuration: { key: "x" },
    secrets: {},
  });
  expect(vendor.secrets(TEAM, key)).toEqual([]);
});

test("a secret that was created while its answers and the look-up failed is found, and deleted when no definition has it", async () => {
  const { vendor, deploy, id, key, failure } = await failing(
    { ...before, secrets: { k: "value-1", l: "x" } },
    { path: /secrets/ },
  );
  expect(vendor.secrets(TEAM, key)).toHaveLength(2);
  await deploy().connectors.update(id, stateOf(failure), before);
  expect(vendor.secrets(TEAM, key)).toMatchObject([{ name: "k" }]);
});

test("a refusal is no doubt: the old state stays", async () => {
  for (const inputs of [
    { ...before, secrets: { k: "value-2" } },
    { ...before, name: "B" },
  ]) {
    expect(
      (await failing(inputs, { method: "PUT", status: 422, commit: false })).failure,
    ).not.toBeInstanceOf(PartialWrite);
  }
});
