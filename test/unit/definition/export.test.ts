/**
 * An exported definition equals the connector when it is read again, with credentials as
 * references.
 */
import * as fc from "fast-check";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { evaluate, type ReferenceResolver } from "../../../provider/definition/evaluate";
import {
  exportFiles,
  type ExportedFiles,
  type Taken,
} from "../../../provider/definition/export/export-files";
import { extractSecrets } from "../../../provider/definition/export/extract-secrets";
import { validateFiles } from "../../../provider/definition/validate/validate";
import { definitionsOf, load } from "../../../provider/definition/load";
import { type JsonObject } from "../../../provider/json";
import { databarFields } from "../../../provider/vendors/databar/fields";
import { supermetricsFields } from "../../../provider/vendors/supermetrics/fields";
import { VOCABULARY } from "../../../provider/vendors/supermetrics/vocabulary";
import { folderOf, removeFolders } from "../../../harness/definition-folder";

afterEach(removeFolders);

const nothing = (): Taken => ({ names: new Set(), keys: new Set() });
const databar = { name: "A", method: "get", url: "https://example.com/" };

/** What a program would pass, once the keys have their values. */
function readBack({ files, values }: ExportedFiles): unknown {
  const from = folderOf({ "Pulumi.yaml": "name: x\n" });
  for (const [name, text] of files) {
    writeFileSync(join(from, name), text);
  }
  const loaded = load(["."], { from });
  const { definitions, diagnostics } = definitionsOf(loaded, undefined);
  const meaning: ReferenceResolver<never> = {
    missing: undefined as never,
    resolve: ({ name }) => values.get(name) ?? `missing ${name}`,
    map: (value) => value,
    join: (parts) => parts[0] as never,
  };
  const evaluated = evaluate(definitions[0]!, meaning, from);
  expect([...loaded.diagnostics, ...diagnostics, ...evaluated.diagnostics]).toEqual([]);
  removeFolders();
  return evaluated.properties;
}

describe("credentials", () => {
  const extract = (properties: JsonObject, table = databarFields): unknown => {
    const { properties: shown, values } = extractSecrets(table, properties, "my-api", new Set());
    return [shown, Object.fromEntries(values)];
  };
  test.each<[string, JsonObject, JsonObject, Record<string, string>]>([
    [
      "a header, its scheme left in place",
      { headers: { Authorization: "Bearer  sk-1 ", Accept: "x" } },
      { headers: { Authorization: "Bearer  ${config.myApiAuthorization} ", Accept: "x" } },
      { myApiAuthorization: "sk-1" },
    ],
    [
      "each of several values",
      { headers: { "X-Api-Key": ["a1", "b2"] } },
      { headers: { "X-Api-Key": ["${config.myApiXApiKey}", "${config.myApiXApiKey2}"] } },
      { myApiXApiKey: "a1", myApiXApiKey2: "b2" },
    ],
    [
      "in a URL, as it is written there",
      { url: "https://example.com/?a=1&api_key=a%2Fb&b=2" },
      { url: "https://example.com/?a=1&api_key=${config.myApiUrl}&b=2" },
      { myApiUrl: "a%2Fb" },
    ],
    [
      "in a template",
      { bodyTemplate: '{"token": "abc-123", "x": "${y}"}' },
      { bodyTemplate: '{"token": "${config.myApiBodyTemplate}", "x": "$${y}"}' },
      { myApiBodyTemplate: "abc-123" },
    ],
    [
      "nowhere: a literal ${ is escaped",
      { headers: { A: "${x} $${y}" } },
      { headers: { A: "$${x} $$${y}" } },
      {},
    ],
    [
      "all of a header that holds several",
      { headers: { Cookie: "session=s1; csrftoken=x" } },
      { headers: { Cookie: "${config.myApiCookie}" } },
      { myApiCookie: "session=s1; csrftoken=x" },
    ],
    [
      "the user part of a URL, with any encoding",
      { url: "https://robot:S%21pw@example.com/" },
      { url: "https://${config.myApiUrl}@example.com/" },
      { myApiUrl: "robot:S%21pw" },
    ],
    [
      "in a URL, each by its own",
      { url: "https://example.com/?key=S%2fk&access_token=S%2fkt&x=1#f" },
      { url: "https://example.com/?key=${config.myApiUrl}&access_token=${config.myApiUrl2}&x=1#f" },
      { myApiUrl: "S%2fk", myApiUrl2: "S%2fkt" },
    ],
    [
      "with the dollar that stands in front of it",
      { bodyTemplate: 'token: "$abc"' },
      { bodyTemplate: 'token: "${config.myApiBodyTemplate}"' },
      { myApiBodyTemplate: "$abc" },
    ],
    [
      "a number in quotes",
      { bodyTemplate: '{"password": "123456789"}' },
      { bodyTemplate: '{"password": "${config.myApiBodyTemplate}"}' },
      { myApiBodyTemplate: "123456789" },
    ],
    [
      "in XML",
      { bodyTemplate: "<a><password>pw-1</password></a>" },
      { bodyTemplate: "<a><password>${config.myApiBodyTemplate}</password></a>" },
      { myApiBodyTemplate: "pw-1" },
    ],
    [
      "the user part of a URL within a text",
      { bodyTemplate: '{"u": "https://robot:pw-1@example.com/"}' },
      { bodyTemplate: '{"u": "https://${config.myApiBodyTemplate}@example.com/"}' },
      { myApiBodyTemplate: "robot:pw-1" },
    ],
    [
      "a literal that looks like a reference",
      { headers: { "X-Api-Key": "${abc}" } },
      { headers: { "X-Api-Key": "${config.myApiXApiKey}" } },
      { myApiXApiKey: "${abc}" },
    ],
    [
      "none where a row fills it",
      { headers: { Authorization: "Bearer {{ key }}" } },
      { headers: { Authorization: "Bearer {{ key }}" } },
      {},
    ],
  ])("%s", (_, properties, shown, values) => expect(extract(properties)).toEqual([shown, values]));
  test("in a document, whose literals are already escaped", () => {
    expect(
      extract(
        {
          configuration: {
            clientSecret: "a$${b",
            literal: "$${x}",
            list: [{ name: "Authorization", value: "Basic abc=" }],
          },
        },
        supermetricsFields,
      ),
    ).toEqual([
      {
        configuration: {
          clientSecret: "${config.myApiClientSecret}",
          literal: "$${x}",
          list: [{ name: "Authorization", value: "Basic ${config.myApiList}" }],
        },
      },
      { myApiClientSecret: "a${b", myApiList: "abc=" },
    ]);
  });
});

test.each(["{{ x", "{{ x\n{% if y %}\n"])(
  "an untouched export is valid, although the vendor holds a template that is not: %j",
  (bodyTemplate) => {
    const properties = { ...databar, method: "post", bodyTemplate };
    const exported = exportFiles(
      databarFields,
      { properties, notes: [] },
      "1",
      "s.json",
      nothing(),
    );
    expect(readBack(exported)).toEqual(properties);
    const from = folderOf({ "Pulumi.yaml": "name: x\n", ...Object.fromEntries(exported.files) });
    expect(validateFiles(["."], { from }).diagnostics).toEqual([]);
    expect(exported.files.get("a.yaml")).toContain("# connectors-ignore databar/template-syntax\n");
  },
);

describe("files", () => {
  test("have the connector's name, with the id if the name is taken, and the id alone without a name", () => {
    const taken = nothing();
    const name = (label: string, id: string): string =>
      exportFiles(
        databarFields,
        { properties: { ...databar, name: label }, notes: [] },
        id,
        "s.json",
        taken,
      ).name;
    expect([
      name("My Scoring API!", "1"),
      name("my scoring-API", "2"),
      name("Überprüfung", "3"),
      name("日本", "4"),
      name("x".repeat(200), "5"),
      name("con", "6"),
      name("Pulumi", "7"),
      name("My Scoring API 2", "8"),
      name("My Scoring API", "2"),
    ]).toEqual([
      "my-scoring-api",
      "my-scoring-api-2",
      "uberprufung",
      "connector-4",
      "x".repeat(60),
      "con-6",
      "pulumi-7",
      "my-scoring-api-2-8",
      "my-scoring-api-2-2",
    ]);
  });
  test("keep a document in a file of its own, with keys in the usual order", () => {
    const { files } = exportFiles(
      supermetricsFields,
      {
        properties: {
          name: "Awin",
          configuration: { zeta: 1, alpha: { value: 1, id: 2 }, reporting: {}, $schema: "x" },
        },
        notes: ["A note."],
        document: { property: "configuration", known: VOCABULARY },
      },
      "T3S70",
      "../schema.json",
      nothing(),
    );
    expect(Object.fromEntries(files)).toEqual({
      "awin.configuration.json":
        '{\n  "$schema": "x",\n  "reporting": {},\n  "alpha": {\n    "id": 2,\n    "value": 1\n  },\n  "zeta": 1\n}\n',
      "awin.yaml":
        "# yaml-language-server: $schema=../schema.json\n# A note.\nconnectors:\n  awin:\n    type: SupermetricsConnector\n    properties:\n      name: Awin\n      configuration:\n        $file: ./awin.configuration.json\n",
    });
  });
  test.each<[string, JsonObject]>([
    ["without a name", { ...databar, name: "" }],
    ["with a parameter without a name", { ...databar, parameters: { "": "x" } }],
  ])("are not written for a connector %s, which no definition can express", (_, properties) => {
    expect(
      exportFiles(databarFields, { properties, notes: [] }, "1", "s.json", nothing()).diagnostics,
    ).not.toEqual([]);
  });
});

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.stringMatching(/^[\s\S]{0,30}$/),
  fc.constantFrom(
    "${x}",
    "$${x}",
    "a\n\nb \n",
    " \n x",
    "- a",
    "null",
    "0x1F",
    "1e3",
    "'",
    '"',
    "#a",
    "a: b",
    "{{ x }}",
    "\ttab",
    "é\u0301",
    "🤷",
    "---\n",
    "Bearer abc",
    "Basic ${x}",
    "y".repeat(2048),
  ),
);
const printable = text.map((value) =>
  value.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ud800-\udfff\ufeff\u2028\u2029]/g, ""),
);
const name = fc.oneof(
  fc.constantFrom(
    "Accept",
    "Authorization",
    "X-Api-Key",
    "x_token",
    "a b",
    "__proto__",
    "constructor",
    "y",
    "null",
  ),
  fc.stringMatching(/^[A-Za-z][\w-]{0,10}$/),
);

test("property: the definition equals any connector that Databar holds", () => {
  const entries = fc
    .uniqueArray(
      fc.tuple(name, fc.oneof(printable, fc.array(printable, { minLength: 2, maxLength: 3 }))),
      { selector: ([key]) => key.toLowerCase(), maxLength: 4 },
    )
    .map(
      (pairs) =>
        JSON.parse(
          `{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join()}}`,
        ) as JsonObject,
    );
  fc.assert(
    fc.property(
      fc.record({
        name: printable.map((value) => `A${value.replace(/[\n\t]/g, "")}`.slice(0, 200)),
        parameters: entries,
        body: entries,
        bodyTemplate: printable,
        rateLimit: fc.integer({ min: 1, max: 1e9 }),
      }),
      (properties) => {
        const all: JsonObject = { ...databar, ...properties };
        const exported = exportFiles(
          databarFields,
          { properties: all, notes: [] },
          "1",
          "s.json",
          nothing(),
        );
        if (exported.diagnostics.length > 0) {
          return;
        }
        expect(readBack(exported)).toEqual(all);
      },
    ),
    { numRuns: 40 },
  );
});

test("property: the definition equals any document that Supermetrics holds", () => {
  const { tree } = fc.letrec<{ tree: unknown; leaf: unknown }>((tie) => ({
    leaf: fc.oneof(
      printable,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    ),
    tree: fc.oneof(
      { maxDepth: 3 },
      tie("leaf"),
      fc.array(tie("tree"), { maxLength: 3 }),
      fc.dictionary(
        name.filter((key) => key !== "__proto__"),
        tie("tree"),
        { maxKeys: 4 },
      ),
    ),
  }));
  fc.assert(
    fc.property(
      fc.dictionary(
        name.filter((key) => key !== "__proto__"),
        tree,
        { maxKeys: 4 },
      ),
      (document) => {
        // As a refresh reads it: a literal ${ is escaped.
        const configuration = JSON.parse(
          JSON.stringify(document).replaceAll("${", "$${"),
        ) as JsonObject;
        const exported = exportFiles(
          supermetricsFields,
          {
            properties: { name: "A", configuration },
            notes: [],
            document: { property: "configuration", known: {} },
          },
          "A",
          "s.json",
          nothing(),
        );
        if (exported.diagnostics.length > 0) {
          return;
        }
        expect(readBack(exported)).toEqual({ name: "A", configuration });
      },
    ),
    { numRuns: 40 },
  );
});
