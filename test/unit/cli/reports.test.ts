/** The output of `validate` in each format, without secrets. */
import { type SarifLog } from "./sarif";
import { type DefinitionDiagnostic, errorAt } from "../../../provider/definition/file-diagnostic";
import { secretPlaces } from "../../../provider/definition/read/secret-places";
import { parse } from "../../../provider/definition/read/parse";
import { type ValidationResult } from "../../../provider/definition/validate/validate";
import { githubReport } from "../../../provider/cli/report/diagnostics-github";
import { jsonReport } from "../../../provider/cli/report/diagnostics-json";
import { prettyReport } from "../../../provider/cli/report/diagnostics-pretty";
import { RULES } from "../../../provider/definition/validate/rule-catalogue";
import { publishedPage } from "../../../provider/version";
import { sarifReport } from "../../../provider/cli/report/diagnostics-sarif";
import { styleFor } from "../../../provider/cli/terminal/style";
import { columnsOf } from "../../../provider/cli/terminal/text-width";

const source = {
  path: "connectors/a b.yaml",
  text: "connectors:\n  a:\n    headers: {Authorization: Bearer sk-12345, Accept: 5}\n",
};
const at = (text: string): DefinitionDiagnostic["place"] & object => ({
  source,
  start: source.text.indexOf(text),
  end: source.text.indexOf(text) + text.length,
});
const five = at("5}");
const error = errorAt(
  "property/type",
  { ...five, end: five.end - 1 },
  "must be text",
  "Write it in quotes",
  "connectors.a.properties.headers.Accept",
);
const warning: DefinitionDiagnostic = {
  severity: "warning",
  rule: "definition/same-name",
  file: "connectors/a b.yaml",
  place: at("a:"),
  path: "connectors.a",
  message: "50% of, this: line\nbreak",
};
const whole: DefinitionDiagnostic = {
  severity: "error",
  rule: "file/empty",
  file: "empty.yaml",
  path: "",
  message: "is empty",
};
const verdict: ValidationResult = {
  diagnostics: [error, warning, whole],
  definitions: 2,
  environments: [],
  secrets: [at("Bearer sk-12345")],
};
const plain = (_: unknown, text: string): string => text;

test("pretty: place, rule, the line with a marker, message and hint, and a summary", () => {
  expect(prettyReport(verdict, plain)).toBe(`connectors/a b.yaml:3:55  error  property/type
  3 |     headers: {Authorization: ••••••••, Accept: 5}
    |                                                ^
  headers.Accept: must be text. Write it in quotes.

connectors/a b.yaml:2:3  warning  definition/same-name
  2 |   a:
    |   ^^
  50% of, this: line
  break.

empty.yaml  error  file/empty
  is empty.

2 errors, 1 warning. 2 connectors checked.
`);
  expect(
    prettyReport({ diagnostics: [], definitions: 1, environments: [], secrets: [] }, plain),
  ).toBe("No problems. 1 connector checked.\n");
});

test("pretty: no line is wider than a terminal, even for long lines of a file", () => {
  const long = { path: "a.yaml", text: `a: ${"x".repeat(500)} END ${"y".repeat(500)}\n` };
  const start = long.text.indexOf("END");
  const report = prettyReport(
    {
      diagnostics: [
        errorAt(
          "property/length",
          { source: long, start, end: start + 3 },
          "word ".repeat(60).trim(),
        ),
      ],
      definitions: 1,
      environments: [],
      secrets: [],
    },
    plain,
  );
  for (const line of report.split("\n")) {
    expect(line.length).toBeLessThanOrEqual(80);
  }
  const [, shown, marker] = report.split("\n");
  expect(shown!.slice(marker!.indexOf("^"), marker!.lastIndexOf("^") + 1)).toBe("END");
});

describe("pretty: within 80 columns", () => {
  const pretty = (diagnostic: DefinitionDiagnostic): string[] =>
    prettyReport(
      { diagnostics: [diagnostic], definitions: 1, environments: [], secrets: [] },
      plain,
    )
      .split("\n")
      .slice(0, -3);
  const inFile = (
    path: string,
    text: string,
    find: string,
    message: string,
    hint?: string,
  ): string[] => {
    const start = text.indexOf(find);
    return pretty(
      errorAt(
        "property/url",
        { source: { path, text }, start, end: start + find.length },
        message,
        hint,
      ),
    );
  };
  test("a long path is not split, and the rule is printed below it", () => {
    const path = `connectors/${"long/".repeat(14)}a.yaml`;
    expect(inFile(path, "a: b\n", "b", "is wrong")).toEqual([
      `${path}:1:4`,
      "  error  property/url",
      "  1 | a: b",
      "    |    ^",
      "  is wrong.",
    ]);
  });
  test("the hint starts a new line if both do not fit on one, and a command is not split", () => {
    expect(
      inFile(
        "a.yaml",
        "a: b\n",
        "b",
        "is no secret of this stack, which a deployment would notice",
        "Set it with all of its characters by `pulumi config set --secret key`",
      ).slice(3),
    ).toEqual([
      "  is no secret of this stack, which a deployment would notice.",
      "  Set it with all of its characters by `pulumi config set --secret key`.",
    ]);
    expect(
      inFile(
        "a.yaml",
        "a: b\n",
        "b",
        "is wrong",
        "Set it with exactly all of its characters, by running it: `pulumi config set key`",
      ).slice(4),
    ).toEqual([
      "  Set it with exactly all of its characters, by running it:",
      "  `pulumi config set key`.",
    ]);
  });
  test.each<[string, string, string, string]>([
    [
      "wide characters before and in it",
      "名前: 会社の検索 x\n",
      "会社の検索",
      "    |       ^^^^^^^^^^",
    ],
    ["emoji and accents made of two characters", "😀e\u0301: x\n", "x", "    |      ^"],
    ["half-width letters of Japanese", "ｱｲｳ: x\n", "x", "    |      ^"],
    ["an emoji of several parts", "👨‍👩‍👧: x\n", "x", "    |     ^"],
    ["a tab", "a:\tb\n", "b", "    |    ^"],
  ])("the marker is below the marked text: %s", (_, text, find, marker) =>
    expect(inFile("a.yaml", text, find, "m")[2]).toBe(marker),
  );
  test("a long line is cut to the part around the place, with … at the cuts", () => {
    const [, middle, marker] = inFile(
      "a.yaml",
      `a: ${"検".repeat(100)}END${"検".repeat(100)}\n`,
      "END",
      "m",
    );
    expect([middle!.slice(6, 7), middle!.at(-1), columnsOf(middle!) <= 80]).toEqual([
      "…",
      "…",
      true,
    ]);
    expect(columnsOf(middle!.slice(0, middle!.indexOf("END")))).toBe(marker!.indexOf("^"));
    const [, end] = inFile("a.yaml", `${"x".repeat(200)} END\n`, "END", "m");
    expect(end).toBe(`  1 | …${"x".repeat(69)} END`);
  });
  test("control and direction characters of names and messages are replaced", () => {
    const text = pretty({
      severity: "error",
      rule: "file/empty",
      file: "a\u001b[31m.yaml",
      path: "",
      message: "b\u202ec\u0007",
    }).join("\n");
    expect(text).toBe("a\ufffd[31m.yaml  error  file/empty\n  b\ufffdc\ufffd.");
  });
});

test("json: an object with the diagnostics, each with every key", () => {
  expect(JSON.parse(jsonReport(verdict))).toEqual({
    diagnostics: [
      {
        file: "connectors/a b.yaml",
        line: 3,
        column: 55,
        rule: "property/type",
        severity: "error",
        path: "connectors.a.properties.headers.Accept",
        message: "must be text",
        hint: "Write it in quotes",
      },
      {
        file: "connectors/a b.yaml",
        line: 2,
        column: 3,
        rule: "definition/same-name",
        severity: "warning",
        path: "connectors.a",
        message: "50% of, this: line\nbreak",
        hint: "",
      },
      {
        file: "empty.yaml",
        line: 0,
        column: 0,
        rule: "file/empty",
        severity: "error",
        path: "",
        message: "is empty",
        hint: "",
      },
    ],
  });
});

test("github: one annotation per line, with special characters escaped", () => {
  expect(githubReport(verdict)).toBe(
    "::error file=connectors/a b.yaml,line=3,col=55,title=property/type::headers.Accept: must be text. Write it in quotes.\n" +
      "::warning file=connectors/a b.yaml,line=2,col=3,title=definition/same-name::50%25 of, this: line%0Abreak.\n" +
      "::error file=empty.yaml,title=file/empty::is empty.\n",
  );
});

test("sarif: rules, results and regions as in the standard", () => {
  const log = JSON.parse(sarifReport(verdict, "1.2.3")) as SarifLog;
  const [run] = log.runs;
  expect(log).toMatchObject({
    version: "2.1.0",
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
  });
  expect(run!.tool.driver).toMatchObject({ name: "pulumi-connectors", version: "1.2.3" });
  expect(
    run!.tool.driver.rules.map(({ id, defaultConfiguration }) => [id, defaultConfiguration.level]),
  ).toEqual([
    ["file/empty", "error"],
    ["definition/same-name", "warning"],
    ["property/type", "error"],
  ]);
  expect(
    run!.results.map(({ ruleId, ruleIndex, level }) => [
      ruleId,
      run!.tool.driver.rules[ruleIndex]!.id,
      level,
    ]),
  ).toEqual([
    ["property/type", "property/type", "error"],
    ["definition/same-name", "definition/same-name", "warning"],
    ["file/empty", "file/empty", "error"],
  ]);
  const places = run!.results.map(({ locations: [location] }) => location!.physicalLocation);
  expect(places).toEqual([
    {
      artifactLocation: { uri: "connectors/a%20b.yaml" },
      region: { startLine: 3, startColumn: 55, endLine: 3, endColumn: 56 },
    },
    {
      artifactLocation: { uri: "connectors/a%20b.yaml" },
      region: { startLine: 2, startColumn: 3, endLine: 2, endColumn: 5 },
    },
    { artifactLocation: { uri: "empty.yaml" } },
  ]);
});

test("sarif: each rule has help, with an example and its fix", () => {
  const diagnostics = RULES.map(({ id: rule, severity }) => ({
    ...{ severity, rule, file: "a.yaml", path: "", message: "m" },
  }));
  const log = JSON.parse(sarifReport({ ...verdict, diagnostics }, "1.2.3")) as SarifLog;
  const rules = log.runs[0]!.tool.driver.rules;
  expect(rules.map(({ id }) => id)).toEqual(RULES.map(({ id }) => id));
  for (const [index, { id, description }] of RULES.entries()) {
    const { help, helpUri } = rules[index]!;
    expect([id, help.text.split("\n")[0]]).toEqual([id, description]);
    expect(help.markdown.startsWith(`${description}\n\n`)).toBe(true);
    expect(help.markdown).toMatch(/^Fixed:\n\n(`.*`\n\n)?```(yaml|json)\n/m);
    expect(help.markdown).not.toMatch(/^#{2,3} /m);
    expect(helpUri).toBe(publishedPage(`docs/rules.md#${id.replace("/", "")}`));
  }
});
test.each([
  ["git+https://github.com/owner/name.git", true],
  ["https://github.com/owner/na.me", true],
  ["git+ssh://git@github.com/owner/name.git", true],
  ["github:owner/name", true],
  ["owner/name", true],
  ["https://gitlab.com/owner/name.git", false],
  ["", false],
])("a page is published in the repository on GitHub: %s", (url, isThere) => {
  const name = url.includes("na.me") ? "na.me" : "name";
  const page = isThere ? `https://github.com/owner/${name}/blob/v1.2.3/docs/rules.md` : undefined;
  const manifest = { name: "x", version: "1.2.3" };
  for (const repository of [url, { url }]) {
    expect(publishedPage("docs/rules.md", { ...manifest, repository })).toBe(page);
  }
  expect(publishedPage("docs/rules.md", manifest)).toBeUndefined();
});

describe("a line is printed without its secrets", () => {
  const printed = (text: string, find: string, path = "a.yaml"): string => {
    const file = { path, text };
    const { node, diagnostics } = parse(file);
    const found = node
      ? errorAt(
          "x/y",
          { source: file, start: text.indexOf(find), end: text.indexOf(find) + 1 },
          "m",
        )
      : diagnostics[0]!;
    const places = node ? secretPlaces(node).map((place) => ({ ...place, source: file })) : [];
    return prettyReport(
      {
        diagnostics: [
          node
            ? {
                ...found,
                place: { source: file, start: text.indexOf(find), end: text.indexOf(find) + 1 },
              }
            : found,
        ],
        definitions: 0,
        environments: [],
        secrets: places,
      },
      plain,
    );
  };
  test.each<[string, string, string]>([
    ["under the name of a credential", 'password: "hunter2"\n', "password"],
    ["in JSON, on one line", '{"api_key": "hunter2", "b": 1}', '"b"'],
    ["written with escapes", '{a: 1, secrets: {x: "hunt\\u0065r2hunter2"}}\n', "a:"],
    ["that look like credentials", "x: Bearer hunter2\n", "x"],
    ["in a list under the name of a credential", "Authorization: [hunter2, x]\n", "Authorization"],
    ["in a map called secrets, further down", "secrets:\n  deep:\n    first: hunter2\n", "first"],
    ["of several lines", "secrets:\n  cert: |\n    hunter2\n    more\n", "hunter2"],
    ["of a pair", "headers: [{name: x-api-key, value: hunter2}]\n", "headers"],
    ["beside a reference", 'x: "Bearer hunter2${config.a}"\n', "x"],
    ["in a URL", "url: https://example.com/?api_key=hunter2\n", "url"],
    ["in a URL that is none", "url: htt p://example.com/?api_key=hunter2\n", "url"],
    ["that YAML takes for an anchor", "password: &hunter2\n", "password"],
    ["that YAML takes for a long one", `password: &hunter2${"x".repeat(20_000)}\n`, "password"],
    ["that YAML takes for a comment", "password: #hunter2\n", "password"],
    ["of which YAML takes the end for a comment", "password: abc #hunter2\n", "password"],
    ["that YAML takes for a key", "password: [x, hunter2: ]\n", "password"],
    ["at a place where no definition has a value", "connectors: {a: {b: hunter2}}\n", "a"],
    [
      "under a property that there is not",
      "connectors: {a: {properties: {cert: hunter2}}}\n",
      "properties",
    ],
  ])("%s", (_, text, find) => {
    const report = printed(text, find, text.startsWith('{"') ? "a.json" : "a.yaml");
    expect(report).toContain("••••••••");
    expect(report).not.toContain("hunter2");
  });
  test.each([
    "secrets:\n  first: hunter2\n\tx: hunter2\n",
    "Authorization:Bearer hunter2\n  x: 1\n",
    "secrets:\n\t- hunter2\n",
    "password: abc,hunter2#ghi{jk : hunter2\n",
    "a: 'it''s_hunter2\n",
    '{"Authorization": ["hunter2" "x"]}',
    '{"secrets": {"x": "hunter2"} "name": 1}',
  ])("of an unreadable file, only a key is printed: %j", (text) =>
    expect(printed(text, "", text.startsWith("{") ? "a.json" : "a.yaml")).not.toContain("hunter2"),
  );
  const connector = (...lines: string[]): string =>
    ["connectors:", "  a:", "    type: DatabarConnector", "    properties:", ...lines, ""].join(
      "\n",
    );
  test.each([
    ["name: Scoring: one", connector("      method: get", "      name: Scoring: one")],
    ['name: "Scoring', connector('      name: "Scoring', "      method: get")],
    ["type: @databar", "connectors:\n  a:\n    type: @databar\n"],
    [
      "name: a: b",
      connector("      headers: {X-Key: k}", "      # a comment", "", "      name: a: b"),
    ],
    ["name: a: b", connector("      headers:", "        X-Key: k", "      name: a: b")],
    [
      "name: a: b",
      connector(
        "      body:",
        "        - k",
        "      bodyTemplate: |",
        "        {{ k }}",
        "      name: a: b",
      ),
    ],
    ["description: It: is", connector("      description: It: is")],
  ])("of an unreadable file, a property without secrets is printed: %s", (shown, text) =>
    expect(printed(text, "")).toContain(
      `| ${" ".repeat(text.startsWith("connectors:\n  a:\n    type: @") ? 4 : 6)}${shown}\n`,
    ),
  );
  test.each([
    ["a credential", connector('      name: "Bearer hunter2')],
    ["another property", connector('      bodyTemplate: "hunter2')],
    ["a property that can hold a credential", connector("      url: https://x/?token=hunter2: 1")],
    ["a header of such a name", connector("      headers:", '        name: "hunter2')],
    ["a secret of such a name", connector("      secrets:", '        name: "hunter2')],
    ["one that is not indented", connector("      secrets:", '      name: "hunter2')],
    ["a line of a text", connector("      bodyTemplate: |", '      name: "hunter2')],
    ["one too far right", connector("      method: get", '       name: "hunter2')],
    ["no connector", 'secrets:\n  properties:\n    name: "hunter2\n'],
    ["an item", connector('      - name: "hunter2')],
  ])("of an unreadable file, nothing else is printed: %s", (_, text) =>
    expect(printed(text, "")).not.toContain("hunter2"),
  );
  test("with a marker below the masked value, as wide as the mask", () => {
    const text = "{password: hunter2hunter2, token: abc, x-y: 1}\n";
    const markerOf = (find: string, from = 0, length = find.length): string => {
      const file = { path: "a.yaml", text };
      const start = text.indexOf(find) + from;
      const secrets = secretPlaces(parse(file).node!).map((place) => ({ ...place, source: file }));
      return prettyReport(
        {
          diagnostics: [errorAt("x/y", { source: file, start, end: start + length }, "m")],
          definitions: 0,
          environments: [],
          secrets,
        },
        plain,
      )
        .split("\n")
        .slice(1, 3)
        .join("\n");
    };
    const line = "  1 | {password: ••••••••, token: ••••••••, x-y: 1}";
    expect(markerOf("hunter2hunter2")).toBe(`${line}\n    |            ^^^^^^^^`);
    expect(markerOf("hunter2hunter2", 10, 2)).toBe(`${line}\n    |            ^^^^^^^^`);
    expect(markerOf("abc")).toBe(`${line}\n    |                             ^^^^^^^^`);
    expect(markerOf("x-y: 1")).toBe(`${line}\n    |                                       ^^^^^^`);
  });
  test("and with its references", () => {
    expect(printed('Authorization: "Bearer ${config.key}"\n', "A")).toContain(
      'Authorization: "Bearer ${config.key}"',
    );
    expect(printed("secrets:\n  a: ${config.b}\nx-other: value\n", "x-other")).toContain(
      "x-other: value",
    );
  });
  test("control characters are replaced", () =>
    expect(printed("a: x\u001b[31m\n", "a")).not.toContain("\u001b"));
});

describe("colours", () => {
  const stream = (isTTY: boolean): NodeJS.WriteStream => ({ isTTY }) as NodeJS.WriteStream;
  test.each<[string, boolean, NodeJS.ProcessEnv, boolean]>([
    ["a terminal", true, {}, true],
    ["no terminal", false, {}, false],
    ["a terminal without colours", true, { TERM: "dumb" }, false],
    ["NO_COLOR", true, { NO_COLOR: "1" }, false],
    ["NO_COLOR without a value", true, { NO_COLOR: "" }, true],
    ["FORCE_COLOR", false, { FORCE_COLOR: "1" }, true],
    ["FORCE_COLOR=0", true, { FORCE_COLOR: "0" }, false],
    ["FORCE_COLOR=false", true, { FORCE_COLOR: "false" }, false],
    ["both", false, { FORCE_COLOR: "1", NO_COLOR: "1" }, false],
  ])("%s (the last column says whether there are any)", (_, isTTY, environment, coloured) => {
    expect(styleFor(stream(isTTY), environment)("red", "x")).toBe(
      coloured ? "\u001b[31mx\u001b[39m" : "x",
    );
  });
});
