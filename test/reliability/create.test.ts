/**
 * R1: after any outcome of a POST, each resource has exactly one connector, and each connector a
 * resource.
 */
import fc from "fast-check";
import { type Sandbox } from "../../provider/sandbox";
import { isolate } from "../../harness/jest/isolate";
import { TEAM } from "../../harness/lifecycle-world";
import { holds, THOROUGH } from "./generated-cases";
import { FAULTS } from "./fault-matrix";
import { type DeployedStack, FORMS } from "./fleets";
import { closeWorlds, openSandbox } from "./open-sandbox";
import { type Resource } from "./stack";

isolate();
afterEach(closeWorlds);

const PROGRAM: Readonly<Record<string, Resource>> = {
  plain: {
    vendor: "databar",
    args: { name: "Plain", method: "get", url: "https://api.example.com/1" },
  },
  full: {
    vendor: "databar",
    args: {
      name: "Full",
      method: "post",
      url: "https://api.example.com/2",
      headers: { Accept: ["a", "b"] },
      bodyTemplate: "{{ x }}",
      rateLimit: 5,
    },
  },
  twin: {
    vendor: "databar",
    args: { name: "Twin", method: "get", url: "https://api.example.com/3" },
  },
  sibling: {
    vendor: "databar",
    args: { name: "Twin", method: "get", url: "https://api.example.com/3" },
  },
  title: { vendor: "supermetrics", args: { name: "Title" } },
  secrets: {
    vendor: "supermetrics",
    args: {
      name: "Secrets",
      configuration: { a: "${secrets.k}", b: "${secrets.l}" },
      secrets: { k: "v", l: "w" },
    },
  },
  pair: {
    vendor: "supermetrics",
    args: { name: "Pair", description: "d", configuration: { a: 1 } },
  },
  other: {
    vendor: "supermetrics",
    args: { name: "Pair", description: "d", configuration: { a: 1 } },
  },
};

/** The POSTs of a successful deployment: four connectors per vendor, and two secrets. */
const POSTS = { databar: 4, supermetrics: 6 } as const;

/** Deploys until nothing fails; faults are used up eventually. */
async function deploy(stack: DeployedStack, most: number): Promise<void> {
  for (let run = 1; ; run++) {
    const { failures } = await stack.up(PROGRAM);
    if (Object.keys(failures).length === 0) {
      return;
    }
    if (run === most) {
      throw new Error(`Not done after ${run} runs: ${JSON.stringify(failures)}`);
    }
  }
}

async function expectOneEach(sandbox: Sandbox, stack: DeployedStack): Promise<void> {
  expect(stack.ids("databar")).toEqual(
    sandbox.databar.connectors.map(({ id }) => String(id)).sort(),
  );
  expect(stack.ids("supermetrics")).toEqual(
    sandbox.supermetrics.connectors
      .map((connector) => `${TEAM}/${connector.connector_identifier}`)
      .sort(),
  );
  expect([stack.ids("databar").length, stack.ids("supermetrics").length]).toEqual([4, 4]);
  for (const connector of sandbox.supermetrics.connectors.filter(
    ({ name }) => name === "Secrets",
  )) {
    expect(
      sandbox.supermetrics
        .secrets(TEAM, connector.connector_identifier)
        .map(({ name, value }) => [name, value]),
    ).toEqual([
      ["k", "v"],
      ["l", "w"],
    ]);
  }
  expect((await stack.refresh()).ops).toEqual(
    Object.fromEntries(Object.keys(PROGRAM).map((name) => [name, "same"])),
  );
}

test.each(FORMS)(
  "a successful deployment$form sends the number of POSTs that the cases below assume",
  async ({ open }) => {
    const sandbox = await openSandbox();
    await deploy(open(sandbox), 1);
    const posts = (["databar", "supermetrics"] as const).map(
      (vendor) => sandbox[vendor].log.filter(({ method }) => method === "POST").length,
    );
    expect(posts).toEqual([POSTS.databar, POSTS.supermetrics]);
  },
);

describe.each(FORMS)("R1 exactly-once create$form, with a fault on each POST", ({ form, open }) => {
  /** A normal run combines each fault with one POST, in rotation. */
  const turns = (vendor: keyof typeof POSTS, row: number): number[] =>
    Array.from({ length: POSTS[vendor] }, (_, turn) => turn).filter(
      (turn) => THOROUGH || turn === row % POSTS[vendor],
    );

  const cases = FAULTS.flatMap((row, index) =>
    (["databar", "supermetrics"] as const).map((vendor) => ({ ...row, vendor, index })),
  );
  /** Only a few for fleets, which share the code for a connector. */
  const few = (_: unknown, index: number): boolean => THOROUGH || form === "" || index % 5 === 0;

  test.each(cases.filter(few))("$vendor: $name", async ({ vendor, fault, index }) => {
    for (const turn of turns(vendor, index)) {
      const sandbox = await openSandbox();
      sandbox[vendor].fault({ ...fault, method: "POST", after: turn });
      const stack = open(sandbox);
      await deploy(stack, 3);
      await expectOneEach(sandbox, stack);
      await sandbox.close();
    }
  });
});

test.each(FORMS)(
  "R1 exactly-once create$form, with faults on any requests",
  async ({ form, open }) => {
    const fault = fc.record({
      row: fc.nat({ max: FAULTS.length - 1 }),
      vendor: fc.constantFrom("databar" as const, "supermetrics" as const),
      method: fc.constantFrom("POST", "POST", "PUT", "GET"),
      after: fc.nat({ max: 6 }),
      times: fc.integer({ min: 1, max: 3 }),
    });
    const property = fc.asyncProperty(
      fc.array(fault, { minLength: 1, maxLength: 6 }),
      async (faults) => {
        const sandbox = await openSandbox();
        for (const { row, vendor, ...match } of faults) {
          sandbox[vendor].fault({ ...FAULTS[row]!.fault, ...match });
        }
        const stack = open(sandbox);
        await deploy(stack, 20);
        sandbox.clearFaults();
        await expectOneEach(sandbox, stack);
        await sandbox.close();
      },
    );
    await holds(property, form === "" ? 15 : 4);
  },
);
