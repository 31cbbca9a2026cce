/** R3: a preview only reads, and shows what the next up does. */
import { setTimeout } from "node:timers/promises";
import fc from "fast-check";
import { type Sandbox } from "../../provider/sandbox";
import { isolate } from "../../harness/jest/isolate";
import { holds } from "./generated-cases";
import { programs } from "./definitions";
import { FORMS } from "./fleets";
import { closeWorlds, openSandbox } from "./open-sandbox";
import { type Resource } from "./stack";

isolate();
afterEach(closeWorlds);

/** Existing connectors with the same names, some with the same content. */
function seed(
  { databar, supermetrics }: Sandbox,
  program: Readonly<Record<string, Resource>>,
  chosen: readonly boolean[],
): void {
  Object.values(program).forEach(({ vendor, args }, index) => {
    if (chosen[index] !== true) {
      return;
    }
    const name = String(args["name"]);
    if (vendor === "databar") {
      databar.seed({
        name,
        type: "enrichment",
        method: args["method"] as "get",
        url: String(args["url"]),
        headers: [],
        parameters: [],
        body: [],
        body_template: null,
        rate_limit: null,
        max_concurrency: null,
      });
    } else {
      supermetrics.seed({
        name,
        description: typeof args["description"] === "string" ? args["description"] : null,
      });
    }
  });
}

test.each(FORMS)(
  "R3 a preview$form only reads, does not change the state, and matches the next up",
  async ({ form, open }) => {
    const property = fc.asyncProperty(
      programs,
      programs,
      fc.array(fc.boolean(), { maxLength: 4 }),
      async (first, second, chosen) => {
        const sandbox = await openSandbox();
        const stack = open(sandbox);
        await stack.up(first);
        seed(sandbox, second, chosen);
        const [state, databar, supermetrics] = [
          structuredClone([...stack.state]),
          sandbox.databar.connectors,
          sandbox.supermetrics.connectors,
        ];
        sandbox.clearLogs();

        const preview = await stack.preview(second);
        // Any request that was not awaited has also arrived by now.
        await setTimeout(25);
        expect(
          [...sandbox.databar.log, ...sandbox.supermetrics.log].filter(
            ({ method }) => method !== "GET",
          ),
        ).toEqual([]);
        expect([...stack.state]).toEqual(state);
        expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([
          databar,
          supermetrics,
        ]);

        const { ops, failures } = await stack.up(second);
        expect(ops).toEqual(preview.ops);
        expect(
          Object.values(failures).filter((message) => !message.startsWith("[conflict]")),
        ).toEqual([]);
        await sandbox.close();
      },
    );
    await holds(property, form === "" ? 25 : 8);
  },
);
