/** A fleet that is too large for the processes fails with one clear error, before any request. */
import { callCount } from "../../harness/e2e/calls";
import { closeWorlds, engineLine, expectOk, startWorld } from "../../harness/e2e/world";

jest.setTimeout(180_000);
afterEach(closeWorlds);

/** Processes as small as those of a small machine. */
const SMALL = { NODE_OPTIONS: "--max-old-space-size=256" };

/** Documents of some 30 kB in 1,300 values each. */
function connectors(count: number): Record<string, object> {
  const configuration = {
    fields: Array.from({ length: 250 }, (_, at) => ({
      id: `field_${at}`,
      name: `Field number ${at} of the report`,
      type: "string.text.value",
      path: `$.rows[*].f${at}`,
    })),
  };
  return Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`c${at}`, { name: `Source ${at}`, configuration }]),
  );
}

const REASON =
  /60 connectors with \d MB of text in 75\d{3} values take about \d+ MB of memory as one dynamic fleet, and a Node\.js process has \d+ MB here; about \d\d connectors of this size work\. Declare them as single resources, as several fleets or as a native fleet/g;

test.each([
  ["the program, which does not send it", connectors(60)],
  ["the provider, if the program does not know its size", { $secret: connectors(60) }],
])(`${engineLine}. A fleet that is too large is refused by %s`, async (_, all) => {
  const { stack, sandbox, program } = await startWorld();
  program({ big: { type: "SupermetricsFleet", args: { connectors: all } } });
  const { ok, text } = await stack.preview({ env: SMALL });
  expect({ ok, text }).toEqual({ ok: false, text });
  expect(text.match(REASON)).toHaveLength(1);
  expect(text).not.toContain("Field number");
  expect(callCount(sandbox)).toBe(0);
});

test(`${engineLine}. A fleet of the size that the error names deploys, and deploys again`, async () => {
  const { stack, sandbox, program } = await startWorld();
  program({ big: { type: "SupermetricsFleet", args: { connectors: connectors(60) } } });
  const refused = await stack.preview({ env: SMALL });
  const most = Number(/about (\d+) connectors/.exec(refused.text)?.[1]);
  program({ big: { type: "SupermetricsFleet", args: { connectors: connectors(most) } } });
  expectOk(await stack.up({ env: SMALL }));
  expect(sandbox.supermetrics.connectors).toHaveLength(most);
  sandbox.clearLogs();
  expectOk(await stack.up({ env: SMALL }));
  expect(callCount(sandbox)).toBe(0);
});
