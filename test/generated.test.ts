/** Tables, types, checked-in pages and the vendors' APIs agree. */
import Ajv, { type ValidateFunction } from "ajv";
import ts from "typescript";
import { ERROR_CODES } from "../provider/errors";
import { type FieldTable } from "../provider/model/field";
import { VENDOR_NAMES } from "../provider/vendors/index";
import { databarFields } from "../provider/vendors/databar/fields";
import { supermetricsFields } from "../provider/vendors/supermetrics/fields";
import { ACME_TYPES, generatedFiles, typesOf } from "../scripts/generate/files";
import { packageSchemaOf } from "../scripts/generate/package-schema";
import { documentedVendors, pageOf } from "../scripts/generate/vendors";
import { PROGRAMS } from "../scripts/generate/programs";
import { outputs } from "../scripts/generate/reference";
import { read, trackedFiles } from "../harness/sources";

const tables = documentedVendors().map(({ table }) => table);

describe("generated files", () => {
  let files: Readonly<Record<string, string>>;
  beforeAll(async () => void (files = await generatedFiles()));

  const tracked = trackedFiles();
  const programs = tracked.filter((path) => path.startsWith(PROGRAMS));

  const named = [
    ...["schema.json", "docs/errors.md", "docs/plan-output.md", "docs/rules.md"],
    ...VENDOR_NAMES.map(packageSchemaOf),
    ...[...tables.map(typesOf), ACME_TYPES],
    ...[...tables.map(pageOf), ...programs],
  ];

  test.each(named)("%s is what npm run generate writes", (path) => {
    expect(tracked).toContain(path);
    expect(read(path)).toBe(files[path]);
  });
  test("are exactly the named ones, programs of the documents included", () => {
    expect(Object.keys(files).sort()).toEqual(named.sort());
    expect(programs.length).toBeGreaterThan(5);
  });
});

describe("docs/errors.md", () => {
  const page = read("docs/errors.md");
  test("explains every code", () =>
    expect(ERROR_CODES.filter((code) => !page.includes(`\n| \`${code}\` | `))).toEqual([]));
  test.each(documentedVendors().map(({ table, errors }) => [table.vendor, errors] as const))(
    "has a line for every row of %s",
    (vendor, rows) => {
      const section = page.split(`\n## ${vendor}\n`)[1]?.split("\n## ")[0] ?? "";
      const lines = section
        .split("\n")
        .filter((line) => line.startsWith("| "))
        .slice(1);
      expect(lines).toHaveLength(rows.length);
      rows.forEach(({ code, fix }, index) => {
        expect(lines[index]).toContain(`| \`${code}\` | [${code}] ${vendor} `);
        expect(lines[index]).toContain(`| ${fix}. |`);
      });
    },
  );
  test("shows an example of every code that can arise without a response", () => {
    const codes = [
      "timeout",
      "network",
      "unexpected_response",
      "rate_limited",
      "ambiguous_create",
      "conflict",
      "not_found",
      "configuration",
      "invalid",
    ];
    for (const code of codes) {
      expect(page).toMatch(new RegExp(`\n### \`${code}\`: .+\n\n\`\`\`text\n\\[${code}\\] `));
    }
  });
});

/** Every field of the vendors' connector objects, as their API descriptions name them. */
const API: readonly [FieldTable, readonly string[]][] = [
  [
    databarFields,
    [
      "id",
      "name",
      "type",
      "method",
      "url",
      "headers",
      "parameters",
      "body",
      "body_template",
      "rate_limit",
      "max_concurrency",
      "created_at",
    ],
  ],
  [
    supermetricsFields,
    [
      "connector_identifier",
      "name",
      "description",
      "logo_url",
      "created_at",
      "updated_at",
      "configuration.version",
      "configuration.configuration_json",
      "configuration.created_at",
      "configuration.updated_at",
      "secrets",
    ],
  ],
];
/** The ten that a Databar write carries; what it leaves out is reset. */
const DATABAR_WRITES = [
  "name",
  "method",
  "url",
  "type",
  "headers",
  "parameters",
  "body",
  "body_template",
  "rate_limit",
  "max_concurrency",
];

describe.each(API.map(([table, api]) => ({ vendor: table.vendor, table, api })))(
  "the table of $vendor",
  ({ table, api }) => {
    const written = table.fields.flatMap(({ vendorName }) =>
      vendorName === undefined ? [] : [vendorName],
    );
    const known = [
      ...written,
      ...table.computed.map(({ vendorName }) => vendorName),
      ...table.leftOut.map(({ vendorName }) => vendorName),
    ];

    test("has every field of the API, or a reason to leave it out", () =>
      expect(api.filter((name) => !known.includes(name))).toEqual([]));
    test("has no field that the API does not have", () =>
      expect(known.filter((name) => !api.includes(name))).toEqual([]));
    test("gives a reason for every field that is left out", () =>
      expect(table.leftOut.filter(({ reason }) => reason.trim().length < 10)).toEqual([]));
    test("names nothing twice", () => {
      for (const names of [
        table.fields.map(({ name }) => name),
        written,
        table.computed.map(({ name }) => name),
      ]) {
        expect(new Set(names).size).toBe(names.length);
      }
    });
    test("describes every row in sentences", () =>
      expect(
        [...table.fields, ...table.computed].filter(
          ({ description }) => !/^[A-Z].*\.$/s.test(description),
        ),
      ).toEqual([]));
  },
);

test("a Databar write carries the ten fields of the API's request", () => {
  expect(
    databarFields.fields
      .flatMap(({ vendorName }) => (vendorName === undefined ? [] : [vendorName]))
      .sort(),
  ).toEqual([...DATABAR_WRITES].sort());
});

/** The members that an interface declares itself. */
function membersOf(file: string, name: string): { name: string; required: boolean }[] {
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.ES2022, true);
  const declared = source.statements.filter(ts.isInterfaceDeclaration);
  const members = declared.find((each) => each.name.text === name)?.members ?? [];
  return members.map((member) => ({
    name: member.name?.getText() ?? "",
    required: member.questionToken === undefined,
  }));
}

describe.each(tables.map((table) => ({ vendor: table.vendor, table, file: typesOf(table) })))(
  "the types of $vendor",
  ({ vendor, table, file }) => {
    const args = membersOf(file, `${table.resource}Args`);
    const names = (members: readonly { name: string }[]): string[] =>
      members.map(({ name }) => name).sort();

    test("have an argument per row, and require those that the table requires", () => {
      expect(names(args)).toEqual(names(table.fields));
      expect(names(args.filter(({ required }) => required))).toEqual(
        names(table.fields.filter(({ required }) => required)),
      );
    });
    test("have the outputs that the reference page names", () => {
      const declared = [`${vendor}Outputs`, `${vendor}FleetConnector`].flatMap((name) =>
        membersOf(file, name),
      );
      expect(names(declared)).toEqual(
        [...outputs(table), ...table.computed.map(({ name }) => name)].sort(),
      );
    });
    test("state the table's bounds", () => {
      const bounds = table.fields.flatMap(({ maxLength }) =>
        maxLength === undefined ? [] : [maxLength.toLocaleString("en-US")],
      );
      expect(bounds.filter((bound) => !read(file).includes(bound))).toEqual([]);
    });
  },
);

test("every field with rules describes them", () => {
  expect(
    tables.flatMap(({ fields }) =>
      fields.filter(({ rules, form }) => rules !== undefined && form === undefined),
    ),
  ).toEqual([]);
});

describe("schema.json", () => {
  let validate: ValidateFunction;
  beforeAll(
    () =>
      void (validate = new Ajv({
        strict: true,
        allowUnionTypes: true,
        strictTypes: false,
        strictRequired: false,
        keywords: [
          "markdownDescription",
          "defaultSnippets",
          "doNotSuggest",
          "errorMessage",
          "filePatternAssociation",
          "patternErrorMessage",
        ],
      }).compile(JSON.parse(read("schema.json")) as object)),
  );
  const databar = {
    type: "DatabarConnector",
    properties: { name: "A", method: "get", url: "https://example.com" },
  };
  const file = (definition: unknown): unknown => ({ connectors: { scoring: definition } });

  test("accepts every property's example and default", () => {
    for (const { resource, fields } of tables) {
      const properties = Object.fromEntries(fields.map(({ name, example }) => [name, example]));
      const defaults = Object.fromEntries(
        fields.flatMap(({ name, default: value }) =>
          value === undefined || value === null ? [] : [[name, value]],
        ),
      );
      for (const each of [properties, { ...properties, ...defaults }]) {
        expect([validate(file({ type: resource, properties: each })), validate.errors]).toEqual([
          true,
          null,
        ]);
      }
    }
  });
  test("accepts every option", () => {
    const options = {
      protect: true,
      retainOnDelete: false,
      ignoreChanges: ["headers.Accept"],
      aliases: ["old"],
      dependsOn: ["other"],
      provider: "emea",
    };
    expect(
      validate({ $schema: "./schema.json", ...(file({ ...databar, options }) as object) }),
    ).toBe(true);
  });
  test.each<[string, unknown]>([
    ["another key beside them", { connectors: {}, connector: {} }],
    ["a definition without properties", file({ type: databar.type })],
    ["an unknown type", file({ ...databar, type: "Databar" })],
    ["another key in a definition", file({ ...databar, option: {} })],
    ["an unknown option", file({ ...databar, options: { protected: true } })],
    [
      "a property of the other vendor",
      file({ ...databar, properties: { ...databar.properties, teamId: "1" } }),
    ],
    ["a missing property", file({ ...databar, properties: { name: "A", method: "get" } })],
    [
      "a value out of bounds",
      file({ ...databar, properties: { ...databar.properties, rateLimit: 0 } }),
    ],
    [
      "a value of another type",
      file({ ...databar, properties: { ...databar.properties, headers: [] } }),
    ],
    [
      "an unknown choice",
      file({ ...databar, properties: { ...databar.properties, method: "GET" } }),
    ],
    [
      "an identifier of another form",
      file({
        type: "SupermetricsConnector",
        properties: { name: "A", connectorIdentifier: "bad id!" },
      }),
    ],
  ])("rejects %s", (_, definitions) => expect(validate(definitions)).toBe(false));
  test("explains every property, with its default and an example", () => {
    const { definitions } = JSON.parse(read("schema.json")) as {
      definitions: Record<string, { required: string[]; properties: Record<string, object> }>;
    };
    const inMap = { entries: true, secrets: true, document: true };
    for (const { resource, fields } of tables) {
      const { required, properties } = definitions[resource]!;
      expect(Object.keys(properties)).toEqual(fields.map(({ name }) => name));
      expect(required).toEqual(fields.flatMap((field) => (field.required ? [field.name] : [])));
      for (const { name, kind, description, example } of fields) {
        const examples = { examples: [example] };
        expect(properties[name]).toMatchObject({
          description: expect.stringContaining(description),
          ...(kind in inMap ? { else: examples } : examples),
        });
      }
    }
    expect(definitions["DatabarConnector"]!.properties["type"]).toMatchObject({
      default: "enrichment",
    });
  });
});
