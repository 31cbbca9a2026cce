/** What `validate` warns of: overlays, ignored changes and numbers that mean something else. */
import {
  type DefinitionDiagnostic,
  formatLocation,
} from "../../../provider/definition/file-diagnostic";
import {
  type ValidateOptions,
  validateFiles,
} from "../../../provider/definition/validate/validate";
import { folderOf, removeFolders } from "../../../harness/definition-folder";

afterEach(removeFolders);

const diagnosticsOf = (
  files: Readonly<Record<string, string>>,
  options: Partial<ValidateOptions> = {},
): readonly DefinitionDiagnostic[] =>
  validateFiles(["connectors"], { from: folderOf(files), ...options }).diagnostics;

const DATABAR = `connectors:
  a:
    type: DatabarConnector
    properties:
      name: a
      method: get
      url: https://example.com/
`;
const SUPERMETRICS = `connectors:
  a:
    type: SupermetricsConnector
    properties:
      name: a
      configuration:
`;

describe("a number that YAML does not keep as it is written", () => {
  const warned = (files: Readonly<Record<string, string>>): string[] =>
    diagnosticsOf(files)
      .filter(({ rule }) => rule === "syntax/number-form")
      .map(({ path, message }) => `${path}: ${message}`);
  const inConfiguration = (value: string): string[] =>
    warned({ "connectors/a.yaml": `${SUPERMETRICS}        own: ${value}\n` });

  test.each([
    ["007", "loses its leading zeros"],
    ["-08", "loses its leading zeros"],
    ["1.10", "loses the zeros at its end"],
    ["2.0", "loses the zeros at its end"],
    ["12e4", "is kept in another form than it is written in"],
    ["0x1F", "is kept in another form than it is written in"],
    ["0o17", "is kept in another form than it is written in"],
    ["+49", "is kept in another form than it is written in"],
  ])("%s %s", (number, loss) =>
    expect(inConfiguration(number)).toEqual([
      `connectors.a.properties.configuration.own: this number ${loss}`,
    ]),
  );
  test.each(["7", "0", "0.5", "-1.1", "1000000", '"007"', "'1.10'", "1.2.30", "2024-01-01", "0b1"])(
    "%s is kept as it is",
    (value) => expect(inConfiguration(value)).toEqual([]),
  );
  test("is found at any depth, in included YAML, behind an alias, and in examples", () => {
    expect(
      warned({
        "connectors/a.yaml": `x-version: &version 1.10\n${SUPERMETRICS}        deep: [{own: 007}, *version]\n        part: {$file: ../part.yaml}\n`,
        "part.yaml": "version: 1.0\n",
      }),
    ).toEqual([
      "connectors.a.properties.configuration.deep[1]: this number loses the zeros at its end",
      "connectors.a.properties.configuration.deep[0].own: this number loses its leading zeros",
      "connectors.a.properties.configuration.part.version: this number loses the zeros at its end",
    ]);
    expect(
      warned({
        "connectors/a.yaml": `${DATABAR}      parameters: {zip: ""}\n    examples:\n      - row: {zip: 00123}\n        url: https://example.com/?zip=123\n`,
      }),
    ).toEqual(["connectors.a.examples[0].row.zip: this number loses its leading zeros"]);
  });
  test("is no warning in JSON, which has no texts without quotes", () =>
    expect(
      warned({
        "connectors/a.yaml": `${SUPERMETRICS}        part: {$file: ../part.json}\n`,
        "part.json": '{"version": 1.10}\n',
      }),
    ).toEqual([]));
  test.each(["headers: {X-Version: 1.10}", "parameters: {id: 007}", "parameters: {id: [007]}"])(
    "is an error already where only a text can be: %s",
    (line) => {
      const found = diagnosticsOf({ "connectors/a.yaml": `${DATABAR}      ${line}\n` });
      expect(found.map(({ rule, hint }) => [rule, hint])).toEqual([
        ["property/type", "Write it in quotes"],
      ]);
    },
  );
  test("is kept in the name of a header or parameter", () =>
    expect(
      diagnosticsOf({ "connectors/a.yaml": `${DATABAR}      parameters: {007: "", 1.10: ""}\n` }),
    ).toEqual([]));
});

describe("a value of a stack's file", () => {
  const warned = (value: string): string[] =>
    diagnosticsOf({
      "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
      "Pulumi.prod.yaml": `config:\n  shop:deep:\n    own: [${value}]\n`,
      "connectors/a.yaml": DATABAR,
    }).map((each) => `${formatLocation(each)} ${each.rule}: ${each.hint ?? ""}`);
  test.each(["007", "010", "1.10", "1e3", "0x1F", "1_000", "2024-01-01", "2024-01-01T10:00:00Z"])(
    "that Pulumi does not keep as it is written is warned of: %s",
    (value) =>
      expect(warned(value)).toEqual(["Pulumi.prod.yaml:3:11 file/stack-value: Put it in quotes"]),
  );
  test.each(["7", "0.5", "true", "yes", "text", "12:30:45", "a_1", '"007"', '"2024-01-01"', "_"])(
    "that it keeps is not: %s",
    (value) => expect(warned(value)).toEqual([]),
  );
});

describe("a path in ignoreChanges", () => {
  const hintsFor = (...paths: readonly string[]): (string | undefined)[] =>
    diagnosticsOf({
      "connectors/a.yaml": `${DATABAR}    options:\n      ignoreChanges: ${JSON.stringify(paths)}\n`,
    }).map(({ rule, severity, hint }) => {
      expect([rule, severity]).toEqual(["definition/ignore-changes", "warning"]);
      return hint;
    });
  test.each(["rateLimit", "headers.Accept", 'headers["X-A"]', '["headers"]["X-A"]', "body.*", "*"])(
    "is accepted where it starts with a property: %s",
    (path) => expect(hintsFor(path)).toEqual([]),
  );
  test.each([
    ["rate_limit", "Did you mean rateLimit?"],
    ["header.Accept", "Did you mean headers?"],
    ["properties.url", expect.stringMatching(/^Known properties: name, type, /)],
    ["createdAt", expect.stringMatching(/^Known properties: /)],
  ])("is warned of where it does not: %s", (path, hint) => expect(hintsFor(path)).toEqual([hint]));
  test("is warned of at its own place", () => {
    const [found] = diagnosticsOf({
      "connectors/a.yaml": `${DATABAR}    options:\n      ignoreChanges: [url, ulr]\n`,
    });
    expect(found && formatLocation(found)).toBe("connectors/a.yaml:9:28");
  });
});

describe("an overlay", () => {
  const files = {
    "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
    "Pulumi.prod.yaml": "config: {}\n",
    "Pulumi.dev.yaml": "config: {}\n",
    "connectors/a.yaml": DATABAR,
    "connectors/a.prod.yaml": "connectors: {a: {properties: {method: post}}}\n",
    "connectors/a.prd.yaml": "connectors: {a: {properties: {method: post}}}\n",
    "connectors/a.second.yaml": "connectors: {a: {properties: {method: post}}}\n",
  };
  const warned = (
    given: Readonly<Record<string, string>>,
    options: Partial<ValidateOptions> = {},
  ): string[] =>
    diagnosticsOf(given, options).map(
      (each) => `${formatLocation(each)} ${each.rule}: ${each.hint ?? ""}`,
    );
  test("for a stack without a file is warned of", () =>
    expect(warned(files)).toEqual([
      "connectors/a.prd.yaml:1:1 file/unused-overlay: Did you mean prod?",
      "connectors/a.second.yaml:1:1 file/unused-overlay: Name it for a stack (dev, prod), or remove it",
    ]));
  test("is not judged where a stack is given, or no stack is known", () => {
    expect(warned(files, { environment: "prod" })).toEqual([]);
    const { "Pulumi.prod.yaml": prod, "Pulumi.dev.yaml": dev, ...rest } = files;
    expect([prod, dev, warned(rest)]).toEqual(["config: {}\n", "config: {}\n", []]);
  });
  test("can say that a program uses it", () =>
    expect(
      warned({
        ...files,
        "connectors/a.prd.yaml": `# connectors-ignore file/unused-overlay\n${files["connectors/a.prd.yaml"]}`,
        "connectors/a.second.yaml": "",
      }),
    ).toEqual([]));
});
