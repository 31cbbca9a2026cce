/**
 * The stored text is state format: every byte of it is in users' stacks, and must go on working.
 */
import { PROVIDER_KEY, providerText } from "../../../provider/pulumi/program/provider-text";

const TEXTS = {
  databar:
    'exports.handler=()=>{let c;const f=m=>async(...a)=>(await import("pulumi-connectors/databar/runtime")).provider(c)[m](...a);return{configure:async r=>{c=r.config},check:f("check"),diff:f("diff"),create:f("create"),read:f("read"),update:f("update"),delete:f("delete")}}',
  supermetrics:
    'exports.handler=()=>{let c;const f=m=>async(...a)=>(await import("pulumi-connectors/supermetrics/runtime")).provider(c)[m](...a);return{configure:async r=>{c=r.config},check:f("check"),diff:f("diff"),create:f("create"),read:f("read"),update:f("update"),delete:f("delete")}}',
};

describe.each(["databar", "supermetrics"] as const)("the text of %s", (vendor) => {
  test("has not changed by a byte", () => expect(providerText(vendor)).toBe(TEXTS[vendor]));
  test("has at most 400 bytes", () =>
    expect(Buffer.byteLength(TEXTS[vendor])).toBeLessThanOrEqual(400));

  test("runs as the engine runs it: every verb reaches the vendor's runtime with its arguments and the configuration", async () => {
    const calls: unknown[] = [];
    const verbs = ["check", "diff", "create", "read", "update", "delete"];
    const provider = (config: unknown) =>
      Object.fromEntries(
        verbs.map((verb) => [
          verb,
          (...args: unknown[]) => (
            calls.push([verb, config, ...args]),
            Promise.resolve(`${verb} done`)
          ),
        ]),
      );
    const imported: string[] = [];
    // The engine's loader compiles the text as a module; `import()` is what it resolves in the
    // project.
    const source = TEXTS[vendor].replace("import(", "load(");
    const exported: { handler?: () => Record<string, (...args: unknown[]) => Promise<unknown>> } =
      {};
    // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
    new Function("exports", "load", source)(
      exported,
      (path: string) => (imported.push(path), Promise.resolve({ provider })),
    );
    const handler = exported.handler!();
    const config = { get: () => undefined };
    await handler["configure"]!({ config });
    for (const verb of verbs) {
      expect(await handler[verb]!(1, "two")).toBe(`${verb} done`);
    }
    expect(calls).toEqual(verbs.map((verb) => [verb, config, 1, "two"]));
    expect(new Set(imported)).toEqual(new Set([`pulumi-connectors/${vendor}/runtime`]));
  });
  test("keeps the configuration at once: the engine does not wait for configure", async () => {
    const source = TEXTS[vendor].replace("import(", "load(");
    const exported: { handler?: () => Record<string, (...args: unknown[]) => Promise<unknown>> } =
      {};
    // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
    new Function("exports", "load", source)(exported, () =>
      Promise.resolve({
        provider: (config: unknown) => ({ check: () => Promise.resolve(config) }),
      }),
    );
    const handler = exported.handler!();
    const configured = handler["configure"]!({ config: "the configuration" });
    expect(await handler["check"]!()).toBe("the configuration");
    await configured;
  });
});

test("the input that holds it keeps its name", () => expect(PROVIDER_KEY).toBe("__provider"));
