/** What the text of `pulumi refresh --diff` shows of drift. */
import { calls, writes } from "../../harness/e2e/calls";
import { databar, supermetrics } from "../../harness/e2e/program";
import {
  closeWorlds,
  type Declared,
  engineLine,
  expectOk,
  type Program,
  startWorld,
} from "../../harness/e2e/world";

jest.setTimeout(180_000);
afterEach(closeWorlds);

const DATABAR: Declared = databar({
  name: "scoring",
  url: "https://a.io",
  headers: {
    Accept: "json",
    "X-Mine": { $secret: "canary-of-the-program" },
    "X-Same": "untouched",
  },
});
const SUPERMETRICS: Declared = supermetrics({
  name: "awin",
  configuration: {
    request: {
      form: "v1",
      mine: { $secret: "canary-of-the-program" },
      headers: [{ name: "Accept", value: "json" }],
    },
    same: { kept: "untouched" },
    token: "${secrets.token}",
  },
  secrets: { token: { $secret: "canary-of-secrets" } },
});

const SINGLES: Program = { scoring: DATABAR, awin: SUPERMETRICS };
const FLEETS: Program = {
  marketing: {
    type: "DatabarFleet",
    args: { connectors: { scoring: DATABAR.args, other: databar({ name: "untouched" }).args } },
  },
  social: {
    type: "SupermetricsFleet",
    args: {
      connectors: { awin: SUPERMETRICS.args, other: supermetrics({ name: "untouched" }).args },
    },
  },
};

describe(`${engineLine}. The text of a refresh`, () => {
  test.each([
    ["singles", SINGLES],
    ["fleets", FLEETS],
  ])(
    "shows each changed leaf, old and new, and nothing else; secrets stay secret: %s",
    async (_, resources) => {
      const { sandbox, stack, program } = await startWorld();
      program(resources);
      expectOk(await stack.up());
      const scoring = sandbox.databar.connectors.find(({ name }) => name === "scoring")!;
      const awin = sandbox.supermetrics.connectors.find(({ name }) => name === "awin")!;
      const changeOutside = (): void => {
        sandbox.databar.change(scoring.id, {
          headers: [
            { name: "Accept", value: "csv" },
            { name: "X-Mine", value: "canary-changed-outside" },
            { name: "X-Same", value: "untouched" },
          ],
        });
        const held = awin.configuration.configuration_json as { request: object };
        sandbox.supermetrics.change(awin.connector_identifier, {
          configuration_json: {
            ...held,
            request: {
              form: "v2",
              mine: "canary-changed-outside",
              headers: [{ name: "Accept", value: "xml" }],
            },
          },
        });
      };
      changeOutside();
      sandbox.clearLogs();
      const { text } = expectOk(await stack.refresh());
      expect(text).toContain('"json" => "csv"');
      expect(text).toContain('"json" => "xml"');
      expect(text).toContain('"v1" => "v2"');
      expect(text).toContain("[secret] => [secret]");
      expect(text).not.toContain("untouched");

      // What a refresh has stored shows what changes after it as well.
      sandbox.databar.change(scoring.id, { url: "https://c.io" });
      sandbox.supermetrics.change(awin.connector_identifier, {
        configuration_json: {
          ...(awin.configuration.configuration_json as object),
          added: "canary-added",
        },
      });
      const again = expectOk(await stack.refresh()).text;
      expect(again).toContain('"https://a.io" => "https://c.io"');
      expect(again).not.toContain("untouched");
      expect([...writes(sandbox.databar), ...writes(sandbox.supermetrics)]).toEqual([]);

      expectOk(await stack.up());
      sandbox.clearLogs();
      changeOutside();
      expect(expectOk(await stack.refresh({ previewOnly: true })).text).toContain('"v1" => "v2"');
      expect(calls(sandbox.databar)).toEqual(["GET /v1/connectors/"]);
      expect(`${text}${again}${await stack.rawState()}`).not.toContain("canary");
      expectOk(await stack.destroy());
      expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
    },
  );
});
