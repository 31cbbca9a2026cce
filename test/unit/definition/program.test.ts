/**
 * What a program registers from a folder: all definitions, or the share of its shard, and the
 * errors of shards.
 */
import { join } from "node:path";
import fc from "fast-check";
import * as pulumi from "@pulumi/pulumi";
import { DatabarProvider, SupermetricsProvider } from "../../../provider";
import { type ConnectorDefinitionsArgs } from "../../../provider/definition/register/args";
import { registrations } from "../../../provider/definition/register/registrations";
import { shardOf } from "../../../provider/definition/register/shard";
import { databarFile, folderOf, removeFolders } from "../../../harness/definition-folder";

// Names are properties here too, where `${` begins a reference.
const name = fc.string({ minLength: 1 }).filter((text) => !text.includes("${"));
const names = fc.uniqueArray(name, { maxLength: 20 });
const counts = fc.integer({ min: 1, max: 40 });
const numbered = Array.from({ length: 3000 }, (_, index) => `connector-${index}`);

describe("the shard of a name", () => {
  test("is in range for every name", () => {
    fc.assert(
      fc.property(fc.string(), counts, (name, of) => {
        const shard = shardOf(name, of);
        expect(Number.isInteger(shard) && shard >= 0 && shard < of).toBe(true);
      }),
    );
  });
  test("is the same in every version, because deployed stacks depend on it", () => {
    const known = {
      scoring: [0, 1, 1, 5, 679],
      awin: [0, 1, 1, 8, 152],
      größe: [0, 0, 0, 0, 399],
      "": [0, 1, 2, 5, 22],
      "a/b c": [0, 0, 2, 2, 167],
    };
    expect(
      Object.fromEntries(
        Object.keys(known).map((name) => [
          name,
          [1, 2, 3, 10, 1000].map((of) => shardOf(name, of)),
        ]),
      ),
    ).toEqual(known);
  });
  test("stays, or moves to the new shard, when a shard is added", () => {
    fc.assert(
      fc.property(fc.string(), counts, (name, of) => {
        expect([shardOf(name, of), of]).toContain(shardOf(name, of + 1));
      }),
    );
  });
  test("is distributed evenly, and an added shard takes only its part", () => {
    const near = (count: number, expected: number): boolean => Math.abs(count / expected - 1) < 0.2;
    const before = numbered.map((name) => shardOf(name, 10));
    const sizes = Array.from(
      { length: 10 },
      (_, index) => before.filter((shard) => shard === index).length,
    );
    expect(sizes.filter((size) => !near(size, 300))).toEqual([]);
    expect(
      near(numbered.filter((name, at) => shardOf(name, 11) !== before[at]).length, 3000 / 11),
    ).toBe(true);
  });
});

describe("a program with a shard", () => {
  const home = process.cwd();
  beforeAll(() =>
    pulumi.runtime.setMocks(
      {
        newResource: ({ name, inputs }) => ({ id: name, state: inputs as object }),
        call: () => ({}),
      },
      "shop",
      "prod-0",
    ),
  );
  afterEach(() => {
    process.chdir(home);
    removeFolders();
  });

  type Values = Readonly<Record<string, unknown>>;
  const at = (files: Readonly<Record<string, string>>): void => process.chdir(folderOf(files));
  const deployed = (args: Partial<ConnectorDefinitionsArgs>): string[] =>
    registrations({ path: "connectors", ...args }).map(({ definition }) => definition.name);
  const faultsOf = (args: Values): string => {
    try {
      deployed(args);
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };

  test("registers its share: all shards together register every definition once, in resources and in fleets", () => {
    fc.assert(
      fc.property(
        names,
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom("resources", "fleet"),
        (all, of, as) => {
          const usable = all
            .filter(
              (name) =>
                name.trim() !== "" &&
                name !== "__proto__" &&
                !/::|[\u0000-\u001f\u007f]/.test(name),
            )
            .map((name) => `n${name}`);
          fc.pre(usable.length > 0);
          at({
            "connectors/a.json": databarFile(Object.fromEntries(usable.map((name) => [name, {}]))),
          });
          const shares = Array.from({ length: of }, (_, index) =>
            deployed({ as, shard: { index, of } }),
          );
          expect(shares.flat().sort()).toEqual(deployed({}).sort());
          expect(
            shares.map((share, index) => share.every((name) => shardOf(name, of) === index)),
          ).toEqual(shares.map(() => true));
        },
      ),
      { numRuns: 8 },
    );
  });

  test("keeps its definitions when an overlay adds or removes others", () => {
    const shard = { index: shardOf("scoring", 3), of: 3 };
    const share = (all: readonly string[]): string[] =>
      all.filter((name) => shardOf(name, 3) === shard.index);
    at({
      "connectors/a.json": databarFile({ scoring: {}, awin: {}, other: {} }),
      "connectors/a.prod.json":
        '{"connectors": {"scoring": {"properties": {"rateLimit": 7}}, "awin": null}}',
    });
    expect(deployed({ environment: "dev", shard })).toEqual(share(["scoring", "awin", "other"]));
    const inProd = registrations({ path: "connectors", environment: "prod", shard });
    expect(inProd.map(({ definition }) => definition.name)).toEqual(share(["scoring", "other"]));
    expect(inProd[0]?.properties["rateLimit"]).toBe(7);
  });

  test("needs the values of its own definitions only, but checks all of them", () => {
    at({
      "connectors/a.json": databarFile({
        scoring: { url: "https://example.com/${config.missing}" },
        awin: {},
      }),
    });
    const [own, other] = [shardOf("scoring", 2), 1 - shardOf("scoring", 2)];
    expect(faultsOf({ shard: { index: own, of: 2 } })).toContain(
      "the stack does not set shop:missing",
    );
    expect(faultsOf({ shard: { index: other, of: 2 } })).toBe("");
    at({ "connectors/a.json": databarFile({ scoring: { url: "nowhere" } }) });
    for (const index of [own, other]) {
      expect(faultsOf({ shard: { index, of: 2 } })).toContain(
        "must be a complete http or https URL",
      );
    }
  });

  test("rejects definitions in two shards that adopt one connector", () => {
    at({
      "connectors/a.json": databarFile({ scoring: { connectorId: 7 } }),
      "connectors/b.json": databarFile({ awin: { connectorId: 7 }, c: {} }),
      "connectors/c.json": databarFile({ c: {} }),
    });
    const said = faultsOf({ shard: { index: 0, of: 5 } });
    expect(said).toContain("scoring (connectors/a.json:1) already adopts this connector");
    expect(said).toContain("another connector of this name is defined in connectors/b.json:1");
  });

  test("rejects options that refer to another shard", () => {
    const inShard = (shard: number): string => numbered.find((name) => shardOf(name, 2) === shard)!;
    const [first, second] = [inShard(0), inShard(1)];
    at({
      "connectors/a.json": databarFile({ [first]: {} }),
      "connectors/b.json": databarFile(
        { [second]: {} },
        { options: { dependsOn: [first], aliases: [first] } },
      ),
    });
    expect(faultsOf({})).toBe("");
    for (const index of [0, 1]) {
      const lines = faultsOf({ shard: { index, of: 2 } }).split("\n");
      expect(lines[0]).toBe("2 errors in the connector definitions:");
      expect(lines.slice(1).join("\n")).toContain(
        `: ${first} belongs to shard 0 of 2, and ${second} to shard 1: a stack cannot wait for another one. Remove the dependency.`,
      );
      expect(lines.slice(1).join("\n")).toContain(
        `: as ${first} the connector belonged to shard 0 of 2, and as ${second} to shard 1: an alias cannot refer to another stack. Keep the old name; or move the connector as docs/definitions.md says, and remove the alias.`,
      );
    }
    expect(faultsOf({ shard: { index: 0, of: 1 } })).toBe("");
  });

  const SHAPE =
    "shard: must be an object with the numbers index and of. Example: shard: { index: 0, of: 3 }.";
  const INDEX = "shard.index: must be a whole number, 0 or more";
  const OF = "shard.of: must be a whole number, 1 or more";
  const TEXT =
    "not text. Stack configuration is text: read it with requireNumber of pulumi.Config instead of require.";
  test.each<[string, unknown, string[]]>([
    ["a text", "0/3", [SHAPE]],
    ["null", null, [SHAPE]],
    ["an output", pulumi.output({ index: 0, of: 3 }), [SHAPE]],
    ["of texts", { index: "0", of: "3" }, [`${INDEX}, ${TEXT}`, `${OF}, ${TEXT}`]],
    ["one number", { index: 1 }, ["shard.of: is missing. Example: shard: { index: 0, of: 3 }."]],
    ["too small", { index: -1, of: 0 }, [`${INDEX}.`, `${OF}.`]],
    ["not whole numbers", { index: 0.5, of: NaN }, [`${INDEX}.`, `${OF}.`]],
    [
      "of outputs",
      { index: pulumi.output(0), of: 3 },
      [`${INDEX}. An output is not a number yet: read it from pulumi.Config with requireNumber.`],
    ],
    [
      "counted from 1",
      { index: 3, of: 3 },
      [
        "shard.index: is 3, and must be less than shard.of, which is 3. Counting begins with 0: the last of 3 shards is 2.",
      ],
    ],
    [
      "counted from 1, alone",
      { index: 1, of: 1 },
      [
        "shard.index: is 1, and must be less than shard.of, which is 1. Counting begins with 0: the only shard is 0.",
      ],
    ],
  ])("rejects a shard that is %s", (_, shard, errors) => {
    at({});
    expect(faultsOf({ shard }).split("\n")).toEqual([
      `${errors.length === 1 ? "1 error" : `${errors.length} errors`} in the arguments of ConnectorDefinitions:`,
      ...errors.map((error) => `  ${error}`),
    ]);
  });
});

describe("explicit providers", () => {
  let folder: string;
  beforeEach(() => {
    folder = folderOf({
      "a.json": databarFile({ scoring: {} }, { options: { provider: "emea" } }),
    });
  });
  afterEach(removeFolders);
  const databar = new DatabarProvider("d");
  const supermetrics = new SupermetricsProvider("s");
  const errorOf = (
    args: Partial<ConnectorDefinitionsArgs>,
    opts?: pulumi.ComponentResourceOptions,
  ): string => {
    try {
      registrations({ path: join(folder, "a.json"), environment: "dev", ...args }, opts);
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };

  test("by name serve definitions of their vendor", () =>
    expect(errorOf({ providers: { emea: databar } })).toBe(""));
  test("of another vendor are refused by name, with those that can be used", () => {
    const fault = 'this is SupermetricsProvider "s" in the program, which serves another vendor. ';
    expect(errorOf({ providers: { emea: supermetrics } })).toContain(
      `${fault}Pass it in providers: {…} of ConnectorDefinitions.`,
    );
    expect(errorOf({ providers: { emea: supermetrics, other: databar } })).toContain(
      `${fault}Known: other.`,
    );
  });
  test("in the options are one per vendor", () => {
    const providers = { emea: databar };
    const both = { provider: databar, providers: [databar, supermetrics] };
    expect(errorOf({ providers }, both)).toBe("");
    expect(errorOf({ providers }, { ...both, provider: new DatabarProvider("e") })).toContain(
      'DatabarProvider "d" and DatabarProvider "e" serve the same vendor. Pass one of them here, and the others by name in providers: {…} of the arguments.',
    );
  });
});

test("a program with the path of a file registers only the definitions of that file", () => {
  const folder = folderOf({
    "a.json": databarFile({ scoring: {} }),
    "b.json": databarFile({ other: {} }),
  });
  expect(
    registrations({ path: join(folder, "a.json"), environment: "dev" }).map(
      ({ definition }) => definition.name,
    ),
  ).toEqual(["scoring"]);
  removeFolders();
});
