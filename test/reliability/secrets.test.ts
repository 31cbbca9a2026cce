/** R6: a secret is written only when it changes. */
import { type Sandbox } from "../../provider/sandbox";
import { isolate } from "../../harness/jest/isolate";
import { TEAM } from "../../harness/lifecycle-world";
import { FORMS } from "./fleets";
import { closeWorlds, openSandbox } from "./open-sandbox";
import { type Resource } from "./stack";

isolate();
afterEach(closeWorlds);

const program = (header: string, secret: string): Readonly<Record<string, Resource>> => ({
  d: {
    vendor: "databar",
    args: {
      name: "D",
      method: "get",
      url: "https://api.example.com/",
      headers: { Authorization: header, Accept: "json" },
    },
  },
  s: {
    vendor: "supermetrics",
    args: { name: "S", configuration: { a: "${secrets.k}" }, secrets: { k: secret, l: "other" } },
  },
});

function writes({ databar, supermetrics }: Sandbox): string[] {
  return [...databar.log, ...supermetrics.log]
    .filter(({ method }) => method !== "GET")
    .map(
      ({ method, path }) =>
        `${method} ${path.replace(/(connectors\/)[^/]+/, "$1ID").replace(/sec_\w+/, "PLACEHOLDER")}`,
    );
}

const SERVERS = [
  ["that returns values", {}],
  ["that masks values", { databar: { normalize: { maskHeaderValues: true } } }],
  [
    "that masks values except for their ends",
    { databar: { normalize: { maskHeaderValues: "partly" } } },
  ],
  [
    "that writes secrets into the configuration",
    { supermetrics: { normalize: { secretsInConfiguration: true } } },
  ],
  ["whose list has no configurations", { supermetrics: { listCarriesConfigurations: false } }],
] as const;

describe.each(FORMS)(
  "R6 secrets$form: no write if unchanged; exactly one if rotated; no drift if masked or missing on read",
  ({ open }) => {
    test.each(SERVERS)("with a server %s", async (_, options) => {
      const sandbox = await openSandbox(options);
      const stack = open(sandbox);
      await stack.up(program("Bearer one-0123456789", "one"));

      for (const value of ["one", "two"]) {
        const wanted = program(`Bearer ${value}-0123456789`, value);
        sandbox.clearLogs();
        const expected =
          value === "one"
            ? []
            : [
                "PUT /v1/connectors/ID",
                `PUT /v1/teams/${TEAM}/connector_builder/connectors/ID/secrets/PLACEHOLDER`,
              ];
        expect((await stack.up(wanted)).failures).toEqual({});
        expect(writes(sandbox)).toEqual(expected);

        sandbox.clearLogs();
        expect((await stack.refresh()).ops).toEqual({ d: "same", s: "same" });
        expect((await stack.up(wanted)).ops).toEqual({ d: "same", s: "same" });
        expect(writes(sandbox)).toEqual([]);
      }

      const [connector] = sandbox.supermetrics.connectors;
      expect(sandbox.databar.connectors[0]!.headers).toContainEqual({
        name: "Authorization",
        value: "Bearer two-0123456789",
      });
      expect(
        sandbox.supermetrics
          .secrets(TEAM, connector!.connector_identifier)
          .map(({ name, value }) => [name, value]),
      ).toEqual([
        ["k", "two"],
        ["l", "other"],
      ]);
    });

    test("a deleted secret is drift, and one write restores it", async () => {
      const sandbox = await openSandbox();
      const stack = open(sandbox);
      await stack.up(program("Bearer one-0123456789", "one"));
      const { connector_identifier: key } = sandbox.supermetrics.connectors[0]!;
      sandbox.supermetrics.removeSecret(key, "l");
      expect((await stack.refresh()).ops).toEqual({ d: "same", s: "drift" });
      sandbox.clearLogs();
      await stack.up(program("Bearer one-0123456789", "one"));
      expect(writes(sandbox)).toEqual([
        `POST /v1/teams/${TEAM}/connector_builder/connectors/ID/secrets`,
      ]);
      expect(
        sandbox.supermetrics.secrets(TEAM, key).map(({ name, value }) => [name, value]),
      ).toEqual([
        ["k", "one"],
        ["l", "other"],
      ]);
    });
  },
);
