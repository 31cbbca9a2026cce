/**
 * Editors judge, complete and explain definition files as `validate` does: the language server of
 * VS Code's YAML extension, with schema.json.
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import fc from "fast-check";
import { positionOf } from "../../../provider/definition/read/source";
import { escapeReferences } from "../../../provider/definition/references";
import { renderDefinition } from "../../../provider/definition/export/render";
import { validateFiles } from "../../../provider/definition/validate/validate";
import { type Json, type JsonObject } from "../../../provider/json";
import { VENDORS } from "../../../provider/vendors/index";
import { RULE_PATTERNS } from "../../../scripts/generate/schema-values";
import { RULE_EXAMPLES } from "../../../scripts/generate/rule-examples";
import { folderOf, removeFolders } from "../../../harness/definition-folder";
import {
  type EditorCompletion,
  type EditorPosition,
  LanguageServer,
} from "../../../harness/language-server";
import { blocksOf, blocksOfSection } from "../../../harness/markdown";
import { read, trackedFiles } from "../../../harness/sources";
import { programs } from "../../reliability/definitions";
import { databar, type Files, INVALID, supermetrics, VALID } from "./editor-documents";

const ROOT = resolve(__dirname, "../../..");

/** What docs/definitions.md shows for editors. */
const SHOWN = blocksOfSection(read("docs/definitions.md"), "Editors");
const COMMENT = SHOWN.find(({ text }) => text.startsWith("# yaml-language-server: "))?.text ?? "";
const SETTINGS = JSON.parse(
  SHOWN.find(({ language }) => language === "json")?.text ?? "{}",
) as Readonly<Record<string, unknown>>;

/** Rules of which no schema can see the fault. */
const UNSEEN: readonly string[] = [
  // The server reads what `validate` refuses.
  ...["syntax/several-documents", "syntax/number-form", "syntax/value", "syntax/json"],
  // Several files, and the project's configuration.
  ...["file/unreadable", "file/too-large", "file/empty", "file/none", "file/include"],
  ...[
    "file/overlay",
    "file/unused-overlay",
    "file/stack",
    "file/stack-value",
    "property/file",
    "reference/config",
  ],
  // Several connectors or properties.
  ...["definition/duplicate", "definition/depends-on", "definition/same-id"],
  ...["definition/same-name", "reference/secret", "reference/unused-secret"],
  ...["secret/clear-text", "secret/mask", "example/request"],
  // What a vendor accepts, but is probably a mistake.
  ...Object.keys(RULE_EXAMPLES).filter((id) => /^(databar|supermetrics)\//.test(id)),
];

/** Rules of which the editor shows another line: that of the value, or of what follows. */
const ANOTHER_LINE: readonly string[] = [
  "syntax/merge",
  "syntax/missing-character",
  "definition/shape",
];

/** Definitions of the repository, under their own names, and of the pages. */
const REPOSITORY = trackedFiles()
  .filter((path) => !path.startsWith("test/") && path !== "docs/rules.md")
  .flatMap((path): (readonly [title: string, files: Files])[] => {
    if (path.endsWith(".md")) {
      return blocksOf(read(path))
        .filter(({ language, text }) => language === "yaml" && isDefinition(text))
        .map(({ line, text }) => [`${path}:${line}`, text]);
    }
    return path.endsWith(".yaml") && isDefinition(read(path))
      ? [[path, { [`connectors/${basename(path)}`]: read(path) }]]
      : [];
  });

function isDefinition(text: string): boolean {
  return /^connectors:/m.test(text);
}

/** Definitions as `export` writes them, with everything that a vendor may store. */
const EXPORTED: Readonly<Record<string, string>> = Object.fromEntries(
  fc
    .sample(programs, { seed: 16, numRuns: 60 })
    .flatMap((program, index) =>
      Object.entries(program).map(([name, { vendor, args }]) => [
        `${index}/${name}`,
        renderDefinition(
          { name, type: VENDORS[vendor].table.resource, properties: written(args), notes: [] },
          "../node_modules/pulumi-connectors/schema.json",
        ),
      ]),
    ),
);

/** As in a file: outside of a configuration, `${` is escaped. */
function written(args: Readonly<Record<string, unknown>>): JsonObject {
  const escaped = (value: Json): Json => {
    if (typeof value === "string") {
      return escapeReferences(value);
    }
    if (Array.isArray(value)) {
      return value.map(escaped);
    }
    return typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key, escaped(each)]))
      : value;
  };
  return Object.fromEntries(
    Object.entries(args as JsonObject).map(([name, value]) => [
      name,
      name === "configuration" ? value : escaped(value),
    ]),
  );
}

/** Definitions with something inserted or left out, most of them invalid. */
const EDITED: readonly string[] = fc.sample(
  fc
    .record({
      text: fc.constantFrom(
        databar(
          ["headers: {Accept: [a, text/plain]}", "rateLimit: 60", "body: {domain: ''}"],
          ["options: {dependsOn: []}"],
        ),
        supermetrics("configuration: {a: [{b: '${secrets.key}'}]}", "secrets: {key: '${env.K}'}"),
      ),
      at: fc.nat(1000),
      left: fc.constantFrom(0, 0, 1, 2, 9),
      piece: fc.constantFrom(
        ...Array.from(" \n:\"'{}[],&*|#?-5"),
        "- ",
        ": ",
        " #",
        "\n  ",
        "${",
        "null",
        "",
      ),
    })
    .map(({ text, at, left, piece }) => {
      const start = at % text.length;
      return text.slice(0, start) + piece + text.slice(start + left);
    }),
  { seed: 16, numRuns: 120 },
);

/** All documents whose squiggles are looked at. The server judges them side by side. */
const DOCUMENTS: readonly Files[] = [
  ...Object.values(VALID),
  ...Object.values(INVALID),
  ...Object.values(RULE_EXAMPLES).flatMap(({ failing, fixed }) => [failing, fixed]),
  ...REPOSITORY.map(([, files]) => files),
  ...Object.values(EXPORTED),
  ...EDITED,
];

let project: string;
let server: LanguageServer;
let squiggles: ReadonlyMap<Files, readonly string[]>;
let opened = 0;

beforeAll(async () => {
  project = realpathSync.native(mkdtempSync(join(tmpdir(), "editor-")));
  mkdirSync(join(project, "node_modules"));
  symlinkSync(ROOT, join(project, "node_modules/pulumi-connectors"), "junction");
  server = await LanguageServer.start(project, { schemas: SETTINGS["yaml.schemas"] });
  squiggles = new Map(
    await Promise.all(DOCUMENTS.map(async (files) => [files, await squigglesOf(files)] as const)),
  );
});
afterAll(async () => {
  await server.stop();
  rmSync(project, { recursive: true });
});
afterEach(removeFolders);

const filesOf = (files: Files): Readonly<Record<string, string>> =>
  typeof files === "string" ? { "connectors/example.yaml": files } : files;

/** A name that no other document has, still that of an overlay where it was one. */
const uniqueName = (path: string): string => path.replace("connectors/", `connectors/${++opened}-`);

/** Squiggles in the definition files, as `file:line message`. */
async function squigglesOf(files: Files): Promise<string[]> {
  const own = Object.entries(filesOf(files)).filter(([path]) =>
    /^connectors\/.*\.(yaml|json)$/.test(path),
  );
  const found = await Promise.all(
    own.map(async ([path, text]) => {
      const diagnostics = await server.diagnostics(uniqueName(path), text);
      return diagnostics.map(({ message, range }) => `${path}:${range.start.line + 1} ${message}`);
    }),
  );
  return found.flat();
}

/** What `validate` reports, as `file:line message`. */
function faultsOf(files: Files): string[] {
  const { diagnostics } = validateFiles(["connectors"], { from: folderOf(filesOf(files)) });
  return diagnostics.map(
    ({ file, place, message }) => `${file}:${place ? positionOf(place).line : 1} ${message}`,
  );
}

const placesOf = (found: readonly string[]): string[] => [
  ...new Set(found.map((each) => each.split(" ")[0] ?? "")),
];

describe("what validate takes has no squiggle:", () => {
  test.each(Object.entries(VALID))("%s", (_, files) =>
    expect([faultsOf(files), squiggles.get(files)]).toEqual([[], []]),
  );
  test.each(Object.entries(RULE_EXAMPLES).map(([id, { fixed }]) => [id, fixed] as const))(
    "the fixed example of %s",
    (_, fixed) => expect(squiggles.get(fixed)).toEqual([]),
  );
  test.each(REPOSITORY)("%s", (_, files) => expect(squiggles.get(files)).toEqual([]));
  test("any definition that export writes", () => {
    const faulted = Object.entries(EXPORTED).flatMap(([name, text]) =>
      squiggles.get(text)?.length === 0 ? [] : [name, squiggles.get(text), text],
    );
    expect(faulted).toEqual([]);
    expect(Object.keys(EXPORTED).length).toBeGreaterThan(100);
  });
});

describe("what validate faults has a squiggle on the line:", () => {
  test.each(Object.entries(INVALID))("%s", (_, files) => {
    const places = placesOf(faultsOf(files));
    expect(places).not.toEqual([]);
    expect(placesOf(squiggles.get(files)!)).toEqual(places);
  });
  test.each(Object.entries(RULE_EXAMPLES).map(([id, { failing }]) => [id, failing] as const))(
    "the failing example of %s, if a schema can see it",
    (id, failing) => {
      const found = squiggles.get(failing)!;
      if (UNSEEN.includes(id)) {
        expect(found).toEqual([]);
      } else if (ANOTHER_LINE.includes(id)) {
        expect(found).not.toEqual([]);
      } else {
        expect(placesOf(found)).toEqual(expect.arrayContaining(placesOf(faultsOf(failing))));
      }
    },
  );
});

test("the comment that the page shows names the schema in any folder", async () => {
  const wrong = databar(["rateLimit: 0"]);
  expect(await server.diagnostics("elsewhere/a.yaml", wrong)).toEqual([]);
  expect(await server.diagnostics("elsewhere/b.yaml", `${COMMENT}${wrong}`)).toHaveLength(1);
});
describe("a base file that leaves what is required to its overlays", () => {
  const base = databar().replace("      url: https://api.example.com/score\n", "");
  const files = {
    "Pulumi.yaml": "name: shop\n",
    "Pulumi.prod.yaml": "config: {}\n",
    "connectors/example.yaml": base,
    "connectors/example.prod.yaml":
      "connectors: {scoring: {properties: {url: https://api.example.com/}}}\n",
  };
  test("has a squiggle, although validate takes it", async () => {
    expect(faultsOf(files)).toEqual([]);
    expect(await squigglesOf(files)).toEqual(['connectors/example.yaml:4 Missing property "url".']);
  });
  test("has none with the comment that the page names", async () => {
    const comment = "# yaml-language-server-disable";
    expect(read("docs/definitions.md")).toContain(`\`${comment}\` above that line`);
    const silenced = base.replace("    properties:", `    ${comment}\n    properties:`);
    expect(await squigglesOf(silenced)).toEqual([]);
  });
});
test("a missing type has no squiggle where the path has a dot: the file may be an overlay", async () => {
  const text = databar().replace("    type: DatabarConnector\n", "");
  expect(await server.diagnostics("connectors/v1.2/a.yaml", text)).toEqual([]);
  expect(await server.diagnostics("connectors/v1/a.yaml", text)).toHaveLength(1);
});
test("what has a squiggle is faulted by validate", () => {
  const alone = EDITED.filter((text) => squiggles.get(text)!.length > 0);
  expect(alone.filter((text) => faultsOf(text).length === 0)).toEqual([]);
  expect(alone.length).toBeGreaterThan(EDITED.length / 4);
});

describe("a pattern of the schema is never stricter than its rule", () => {
  const piece = fc.constantFrom(
    ...["http", "HTTPS", "://", "/", "?", "#", "\\", ":", "@", "[", "]", "a.b", "localhost", "é"],
    ...["{", "}", "{{ a }}", "{b}", "%20", " ", "\t", "\n", "\u00a0", "\u0085", "\u007f", "\0"],
    ...["-", "_", "~", "1", "🙂", "<<", "$"],
  );
  const anyText = fc.oneof(
    fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join("")),
    fc.array(piece, { maxLength: 8 }).map((pieces) => `https://a${pieces.join("")}`),
    fc.string({ unit: "grapheme", maxLength: 8 }),
  );
  const matches = (pattern: string, text: string): boolean => new RegExp(pattern, "u").test(text);

  test.each([...RULE_PATTERNS].map(([rule, patterns]) => [rule.name, rule, patterns] as const))(
    "%s",
    (_, rule, { text, name }) => {
      const takes = (value: unknown): boolean => rule(value, "").length === 0;
      const isOfMap = name !== undefined;
      fc.assert(
        fc.property(
          anyText,
          (value) =>
            (!text || !takes(isOfMap ? { a: value } : value) || matches(text.pattern, value)) &&
            (!isOfMap || !takes({ [value]: "" }) || matches(name.pattern, value)),
        ),
        { seed: 16, numRuns: 2000 },
      );
    },
  );
});

/** A document with the cursor at `|`. */
function withCursor(marked: string): { readonly text: string; readonly position: EditorPosition } {
  const lines = marked.slice(0, marked.indexOf("|")).split("\n");
  return {
    text: marked.replace("|", ""),
    position: { line: lines.length - 1, character: lines.at(-1)!.length },
  };
}

const suggestionsAt = (marked: string): Promise<readonly EditorCompletion[]> => {
  const { text, position } = withCursor(marked);
  return server.completions(uniqueName("connectors/example.yaml"), text, position);
};
const labelsAt = async (marked: string): Promise<string[]> =>
  (await suggestionsAt(marked)).map(({ label }) => label).sort();

/** The document after the editor has inserted a snippet, with its default texts. */
function inserted(marked: string, { insertText }: EditorCompletion): string {
  const line = marked.slice(0, marked.indexOf("|")).split("\n").at(-1) ?? "";
  const text = insertText
    .replace(/\$\{\d+\|([^,|]*)[^|]*\|\}/g, "$1")
    .replace(/\$\{\d+:((?:\\.|[^}\\])*)\}/g, "$1")
    .replace(/(?<!\\)\$(?:\d+|\{\d+\})/g, "")
    .replace(/\\([\\$}])/g, "$1")
    .replaceAll("\n", `\n${/^ */.exec(line)?.[0] ?? ""}`);
  return marked.replace("|", () => text);
}

/** What snippets name. */
const NAMED_FILES = {
  "connectors/bodyTemplate.txt": "{}",
  "connectors/configuration.json": "{}",
};

const NAMES = {
  databar: VENDORS.databar.table.fields.map(({ name }) => name),
  supermetrics: VENDORS.supermetrics.table.fields.map(({ name }) => name),
};
const without = (names: readonly string[], ...left: readonly string[]): string[] =>
  names.filter((name) => !left.includes(name));

/** Documents with a cursor, and what the editor suggests there. */
const SUGGESTED: Readonly<Record<string, readonly [marked: string, labels: readonly string[]]>> = {
  "an empty file": ["|", ["$schema", "connectors"]],
  "below connectors": ["connectors:\n  |", ["Databar connector", "Supermetrics connector"]],
  "in a connector": ["connectors:\n  a:\n    |", ["type", "properties", "options", "examples"]],
  "for a type": ["connectors:\n  a:\n    type: |", ["DatabarConnector", "SupermetricsConnector"]],
  // The type stands for all properties that it requires.
  "in the properties of a type": [
    "connectors:\n  a:\n    type: DatabarConnector\n    properties:\n      |",
    [...NAMES.databar, "DatabarConnector"],
  ],
  "in the properties of a connector that has some": [
    databar(["|"]),
    without(NAMES.databar, "name", "method", "url"),
  ],
  "in the properties of the other vendor": [supermetrics("|"), without(NAMES.supermetrics, "name")],
  "in the properties of an overlay": [
    "connectors:\n  a:\n    properties:\n      |",
    [...new Set([...NAMES.databar, ...NAMES.supermetrics])],
  ],
  "for a choice": [databar().replace("post", "|"), ["get", "patch", "post", "put"]],
  "for an optional choice": [databar(["onConflict: |"]), ["adopt", "create", "fail", "null"]],
  "for a number": [databar(["rateLimit: |"]), ["60", "null"]],
  "for a text of digits, in quotes": [supermetrics("teamId: |"), ['"936506"', "null"]],
  "for a text that is kept in a file": [
    databar(["bodyTemplate: |"]),
    ["$file", '"{\\"domain\\": \\"{{ domain }}\\"}"', "null"],
  ],
  "for a map": [databar(["headers: |"]), ["Content-Type: application/json", "null"]],
  "for a value that may be secret": [databar(["headers:", "  Authorization: |"]), ["${config.…}"]],
  "for a secret": [supermetrics("secrets:", "  api_key: |"), ["${config.…}"]],
  "for a document": [supermetrics("configuration: |"), ["$file", "null"]],
  "in a document": [supermetrics("configuration:", "  accounts:", "    |"), ["fetchers", "filter"]],
  "for a value in a document": [
    supermetrics("configuration: {authentication: {userInputs: [{type: |}]}}"),
    ["password", "text"],
  ],
  "in the options": [
    databar([], ["options:", "  |"]),
    ["protect", "retainOnDelete", "ignoreChanges", "aliases", "dependsOn", "provider"],
  ],
  "for an option": [databar([], ["options:", "  protect: |"]), ["false", "true"]],
  "for a property whose changes are ignored": [
    databar([], ["options:", "  ignoreChanges:", "    - |"]),
    NAMES.databar,
  ],
  "in an example": [
    databar([], ["examples:", "  - |"]),
    ["name", "row", "report", "method", "url", "headers", "body"],
  ],
};

describe("the editor suggests what there is:", () => {
  test.each(Object.entries(SUGGESTED))("%s", async (_, [marked, labels]) =>
    expect(await labelsAt(marked)).toEqual([...labels].sort()),
  );

  /** Where one suggestion is enough for a valid file. */
  const complete = Object.entries(SUGGESTED).filter(
    ([title]) =>
      !/^(an empty file|for a type|in (a connector|an example|the options|.*overlay))$/.test(title),
  );
  test.each(complete)("and inserts what validate takes: %s", async (_, [marked]) => {
    const suggestions = await suggestionsAt(marked);
    const documents = suggestions.map((suggestion) => inserted(marked, suggestion));
    const faults = documents.flatMap((text) => {
      const from = folderOf({ ...NAMED_FILES, "connectors/example.yaml": text });
      const { diagnostics } = validateFiles(["connectors/example.yaml"], { from });
      return diagnostics
        .filter(({ severity }) => severity === "error")
        .filter(({ rule }) => !["property/required", "property/file"].includes(rule))
        .map(({ message }) => `${message}\n${text}`);
    });
    expect(faults).toEqual([]);
  });
});

/** Documents with a cursor, and a part of what the editor shows. */
const EXPLAINED: Readonly<Record<string, readonly [marked: string, shown: RegExp]>> = {
  "the name of a connector": [
    databar().replace("scoring", "sc|oring"),
    /Its key is the name of the resource in the stack/,
  ],
  "a property, with its bounds, an example and the vendor's page": [
    databar().replace("url", "u|rl"),
    /Complete URL that .* 1 to 512 characters[^]*\(https:\/\/docs\.databar\.ai\/\)[^]*Example:[^]*https:\/\/api\.example/,
  ],
  "a property with a default": [databar(["hea|ders: {Accept: a}"]), /Default: none\./],
  "a value of a choice, with the others": [
    databar().replace("post", "po|st"),
    /Allowed Values:[^]*`post`[^]*`get`/,
  ],
  "a property whose value is a file": [
    databar(["bodyTem|plate: {$file: ./a.txt}"]),
    /^#### DatabarConnector\n\nJinja template of the body/,
  ],
  $file: [databar(["bodyTemplate: {$fi|le: ./a.txt}"]), /content of another file/],
  "a property of an overlay": [
    "connectors: {a: {properties: {rate|Limit: 5}}}",
    /Requests per minute/,
  ],
  "an option": [databar([], ["options: {pro|tect: true}"]), /Refuse to delete the connector/],
  "a key of a document, with Markdown": [
    supermetrics("configuration: {authentication: {userInputs: [{ty|pe: text}]}}"),
    /`password` hides what is typed/,
  ],
};

describe("the editor explains", () => {
  test.each(Object.entries(EXPLAINED))("%s", async (_, [marked, shown]) => {
    const { text, position } = withCursor(marked);
    const hover = await server.hover(uniqueName("connectors/example.yaml"), text, position);
    expect(hover).toMatch(shown);
  });
});
