/** A dynamic fleet that no process has the memory for is refused, with what works instead. */
import * as pulumi from "@pulumi/pulumi";
import { oversized } from "../../../provider/pulumi/program/fleet-size";

const HEAP = 600_000_000;

/** Connectors of 100 short texts each. */
function connectors(count: number): Record<string, unknown> {
  const configuration = { fields: Array.from({ length: 100 }, (_, at) => `field ${at}`) };
  return Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`c${at}`, { name: `C ${at}`, configuration }]),
  );
}

test("names the size, the memory, how many work, and the ways out", () =>
  expect(oversized(connectors(2_500), HEAP)).toMatch(
    /^2500 connectors with \d MB of text in 260001 values take about \d{3} MB of memory as one dynamic fleet, and a Node\.js process has 600 MB here; about 1\d{3} connectors of this size work\. Declare them as single resources, as several fleets or as a native fleet \(preview\), or /,
  ));

test("lets the number through that it names, and not many more", () => {
  const most = Number(/about (\d+) connectors/.exec(oversized(connectors(2_500), HEAP)!)?.[1]);
  expect(oversized(connectors(most - 10), HEAP)).toBeUndefined();
  expect(oversized(connectors(most + 10), HEAP)).toBeDefined();
});

test("takes the memory of this process, which holds thousands of usual connectors", () =>
  expect(oversized(connectors(2_000))).toBeUndefined());

test("counts long texts too", () =>
  expect(oversized({ c: { body: "x".repeat(40_000_000) } }, HEAP)).toContain(
    "1 connector with 41 MB of text in 3 values",
  ));

test.each([
  ["a fleet that is not known yet", pulumi.output(connectors(1))],
  ["no fleet", undefined],
  ["a list", [1]],
])("leaves %s to the provider", (_, value) => expect(oversized(value, HEAP)).toBeUndefined());

test("counts an output in a connector as one value", () => {
  const more = { ...connectors(1), c1: { url: pulumi.output("x") } };
  expect(oversized(more, 150_000_001)).toContain("in 107 values");
});
