/** R7: a failed look-up does not show whether a connector exists. */
import { type FaultOptions } from "../../provider/sandbox";
import { isolate } from "../../harness/jest/isolate";
import { THOROUGH } from "./generated-cases";
import { DEADLINE, type FaultRow, NEVER_HANDLED } from "./fault-matrix";
import { FORMS } from "./fleets";
import { closeWorlds, openSandbox } from "./open-sandbox";
import { type Resource, type Vendor } from "./stack";

isolate();
afterEach(closeWorlds);

const PROGRAM: Readonly<Record<Vendor, Resource>> = {
  databar: {
    vendor: "databar",
    args: { name: "A", method: "get", url: "https://api.example.com/" },
  },
  supermetrics: {
    vendor: "supermetrics",
    args: { name: "A", configuration: { a: 1 }, secrets: { k: "v" } },
  },
};
const NEW: Readonly<Record<Vendor, Resource>> = {
  databar: {
    vendor: "databar",
    args: { name: "New", method: "get", url: "https://api.example.com/" },
  },
  supermetrics: { vendor: "supermetrics", args: { name: "New" } },
};

const LOOKUPS: readonly FaultRow[] = [
  ...NEVER_HANDLED,
  { name: "timeout", fault: { delay: 10 * DEADLINE } },
  { name: "a truncated answer", fault: { truncate: true } },
  { name: "401", fault: { status: 401 } },
  { name: "403", fault: { status: 403 } },
  { name: "a gateway's 404 as a page", fault: { status: 404, html: true } },
  {
    name: "a gateway's 404 as JSON",
    fault: { status: 404, body: { message: "no Route matched with those values" } },
  },
  { name: "an empty answer", fault: { status: 200, body: "" } },
  { name: "JSON of another kind", fault: { status: 200, body: "null" } },
  { name: "an object that holds nothing", fault: { status: 200, body: {} } },
  { name: "a redirect", fault: { redirect: "https://login.example.com/" } },
];
const CASES = LOOKUPS.flatMap((row) =>
  (["databar", "supermetrics"] as const).map((vendor) => ({ ...row, vendor })),
);

const on = (fault: FaultRow["fault"]): FaultOptions => ({
  ...fault,
  method: "GET",
  times: Infinity,
});

/** Whether a GET is retried after this fault until the retry budget is used up. */
const isRepeated = ({
  delay,
  truncate,
  drop,
  html,
  status = html === undefined ? 200 : 502,
}: FaultOptions): boolean =>
  delay !== undefined || truncate === true || drop !== undefined || status === 429 || status >= 500;

/** A short retry budget for faults without an end. */
const SETTINGS = { operationTimeoutSeconds: 1 };

describe.each(FORMS)("R7 a failed look-up does not mean absence$form", ({ form, open }) => {
  /** Retries until the end of the budget take long, so fleets are tested without them. */
  const cases = CASES.filter(({ fault }) => THOROUGH || form === "" || !isRepeated(fault));

  test.each(cases)(
    "$vendor, $name: a refresh fails and keeps the state",
    async ({ vendor, fault }) => {
      const sandbox = await openSandbox();
      const stack = open(sandbox, SETTINGS);
      const program = { a: PROGRAM[vendor] };
      await stack.up(program);
      const before = structuredClone([...stack.state]);
      sandbox[vendor].fault(on(fault));
      sandbox.clearLogs();
      const { ops, failures } = await stack.refresh();
      expect({ ops, failed: Object.keys(failures) }).toEqual({ ops: {}, failed: ["a"] });
      expect([...stack.state]).toEqual(before);
      sandbox.clearFaults();
      expect((await stack.refresh()).ops).toEqual({ a: "same" });
      expect(sandbox[vendor].log.filter(({ method }) => method !== "GET")).toEqual([]);
      expect(sandbox[vendor].connectors).toHaveLength(1);
    },
  );

  test.each(cases.filter(({ fault }) => THOROUGH || !isRepeated(fault)))(
    "$vendor, $name, on the look-up of a connector missing from the list: a refresh fails and keeps the state",
    async ({ vendor, fault }) => {
      const sandbox = await openSandbox();
      const stack = open(sandbox, SETTINGS);
      await stack.up({ a: PROGRAM[vendor] });
      const before = structuredClone([...stack.state]);
      sandbox[vendor].fault({
        method: "GET",
        path: /connectors\/?$/,
        status: 200,
        body: vendor === "databar" ? [] : { count: 0, connectors: [] },
        times: Infinity,
      });
      sandbox[vendor].fault(on(fault));
      const { ops, failures } = await stack.refresh();
      expect({ ops, failed: Object.keys(failures) }).toEqual({ ops: {}, failed: ["a"] });
      expect([...stack.state]).toEqual(before);
      expect(
        sandbox[vendor].log.some(
          ({ method, path }) => method === "GET" && !/connectors\/?$/.test(path),
        ),
      ).toBe(true);
      sandbox.clearFaults();
      expect((await stack.refresh()).ops).toEqual({ a: "same" });
      expect(sandbox[vendor].connectors).toHaveLength(1);
    },
  );

  test.each(cases)(
    "$vendor, $name: nothing is created while the existing connectors are unknown",
    async ({ vendor, fault }) => {
      const sandbox = await openSandbox();
      const stack = open(sandbox, SETTINGS);
      sandbox[vendor].fault(on(fault));
      const { failures } = await stack.up({ a: NEW[vendor] });
      expect(Object.keys(failures)).toEqual(["a"]);
      expect(stack.state.size).toBe(0);
      expect(sandbox[vendor].log.filter(({ method }) => method !== "GET")).toEqual([]);
      sandbox.clearFaults();
      expect((await stack.up({ a: NEW[vendor] })).failures).toEqual({});
      expect(sandbox[vendor].connectors).toHaveLength(1);
    },
  );

  test("a list with a count higher than its length is rejected", async () => {
    const sandbox = await openSandbox({ supermetrics: { listLimit: 1 } });
    const stack = open(sandbox);
    const program = {
      a: PROGRAM.supermetrics,
      b: { ...PROGRAM.supermetrics, args: { name: "B" } },
    };
    await stack.up(program);
    sandbox.supermetrics.fault({
      method: "GET",
      path: /connectors$/,
      body: { count: 2, connectors: [] },
      status: 200,
      times: Infinity,
    });
    expect((await stack.refresh()).ops).toEqual({ a: "same", b: "same" });
    expect(stack.state.size).toBe(2);
    expect(sandbox.supermetrics.connectors).toHaveLength(2);
  });
});
