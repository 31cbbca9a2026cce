/** Registering a resource takes no stack traces for the SDK's promises; errors still have theirs. */
import * as pulumi from "@pulumi/pulumi";
import { DatabarConnector, SupermetricsProvider } from "../../../provider/index";

const ARGS = { name: "A", method: "get", url: "https://api.example.com" } as const;

beforeAll(() =>
  pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: name, state: inputs as object }),
    call: () => ({}),
  }),
);

/** Stack traces that are read while a function runs, as ts-node's source maps see them. */
function tracesOf(run: () => unknown): number {
  const before = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  let frames = 0;
  Error.prepareStackTrace = (_, sites) => {
    // The SDK asks for the position of the resource itself, without a limit.
    frames += Error.stackTraceLimit === Infinity ? 0 : sites.length;
    return "";
  };
  try {
    run();
  } finally {
    Object.defineProperty(Error, "prepareStackTrace", { value: undefined, ...before });
  }
  return frames;
}

test("a registration takes no stack trace", () => {
  const { stackTraceLimit } = Error;
  expect(tracesOf(() => new Error("A").stack)).toBeGreaterThan(0);
  expect(tracesOf(() => new DatabarConnector("quiet", ARGS))).toBe(0);
  expect(Error.stackTraceLimit).toBe(stackTraceLimit);
});

test("with PULUMI_DEBUG_PROMISE_LEAKS it takes them", () => {
  process.env.PULUMI_DEBUG_PROMISE_LEAKS = "true";
  try {
    expect(tracesOf(() => new DatabarConnector("debugged", ARGS))).toBeGreaterThan(0);
  } finally {
    delete process.env.PULUMI_DEBUG_PROMISE_LEAKS;
  }
});

test("an error of a registration has the stack trace of the program's line", () => {
  const { stackTraceLimit } = Error;
  const provider = new SupermetricsProvider("other", { apiKey: "key" });
  let thrown: unknown;
  try {
    new DatabarConnector("refused", ARGS, { provider });
  } catch (error) {
    thrown = error;
  }
  expect((thrown as Error).message).toContain('DatabarConnector "refused"');
  expect((thrown as Error).stack).toContain("stack-traces.test.ts");
  expect(Error.stackTraceLimit).toBe(stackTraceLimit);
});
