/**
 * Tests with Pulumi's mocks which resources the program registers, and with which arguments. Does
 * not validate them.
 */
import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { declareConnectors } from "../connectors";

interface Inputs {
  readonly name: string;
  readonly rateLimit?: number;
}

const registered: Inputs[] = [];

beforeEach(async () => {
  registered.splice(0);
  await pulumi.runtime.setMocks({
    newResource: ({ type, inputs }: { type: string; inputs: Inputs }) => {
      registered.push(inputs);
      // The id of a Databar connector is a number; the id of a Supermetrics connector is
      // team/identifier.
      return {
        id: type.endsWith(":DatabarConnector") ? String(registered.length) : "936506/LEADS",
        state: inputs,
      };
    },
    call: () => ({}),
  });
});

test("in production, the sum of the limits is within the API's limit", async () => {
  await declared("prod");
  const limits = registered.flatMap(({ rateLimit }) => rateLimit ?? []);
  assert.ok(limits.reduce((sum, limit) => sum + limit) <= 300, String(limits));
});

test("other stacks use different names, because all stacks share one workspace", async () => {
  await declared("dev");
  assert.deepEqual(registered.map(({ name }) => name).sort(), [
    "Company facts (dev)",
    "Lead score (dev)",
    "Leads (dev)",
  ]);
});

/** Resolves when all resources are registered. */
async function declared(stack: string): Promise<void> {
  const { enrichments, report } = declareConnectors({ stack, leadsKey: "key" });
  await new Promise((resolve) =>
    pulumi.all([...Object.values(enrichments), report].map(({ id }) => id)).apply(resolve),
  );
}
