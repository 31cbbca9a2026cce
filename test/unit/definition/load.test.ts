/** Which files are loaded together, their includes, and the definitions of each environment. */
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { definitionsOf, load, type Loaded, projectFolder } from "../../../provider/definition/load";
import { valueOf } from "../../../provider/definition/read/node";
import { formatLocation } from "../../../provider/definition/file-diagnostic";
import { databarFile, folderOf, removeFolders } from "../../../harness/definition-folder";

afterEach(removeFolders);

const summaries = ({ diagnostics }: { diagnostics: Loaded["diagnostics"] }): string[] =>
  diagnostics.map(
    (diagnostic) => `${formatLocation(diagnostic)} ${diagnostic.rule}: ${diagnostic.message}`,
  );
const properties = (loaded: Loaded, environment?: string): Record<string, unknown> =>
  Object.fromEntries(
    definitionsOf(loaded, environment).definitions.map((definition) => [
      definition.name,
      valueOf(definition.properties),
    ]),
  );

describe("files", () => {
  test("of a folder and its subfolders define connectors together, by name", () => {
    const from = folderOf({
      "connectors/b.yaml": databarFile({ b: {} }),
      "connectors/deep/a.json": databarFile({ a: {}, c: {} }),
      "connectors/README.md": "x",
    });
    const loaded = load(["connectors"], { from });
    expect(Object.keys(properties(loaded))).toEqual(["b", "a", "c"]);
    expect(summaries(loaded)).toEqual([]);
  });
  test("without definitions are an error", () => {
    const from = folderOf({ "connectors/README.md": "x" });
    expect(summaries(load(["connectors"], { from }))).toEqual([
      "connectors file/none: holds no definition files",
    ]);
  });
  test("that are links to a parent folder are read once", () => {
    const from = folderOf({ "connectors/a.yaml": databarFile({ a: {} }) });
    symlinkSync("..", join(from, "connectors/loop"));
    expect(Object.keys(properties(load(["connectors"], { from })))).toEqual(["a"]);
  });
  test("named individually are loaded with their neighbours, but only their own errors are reported", () => {
    const from = folderOf({
      "connectors/a.yaml": databarFile({ a: {}, twin: {} }),
      "connectors/b.yaml": "connectors: 5\n",
      "connectors/c.yaml": databarFile({ twin: {} }),
    });
    const loaded = load(["connectors/c.yaml"], { from });
    expect(summaries(loaded)).toEqual([]);
    expect(summaries(definitionsOf(loaded, undefined))).toEqual([
      "connectors/c.yaml:1:16 definition/duplicate: another connector of this name is defined in connectors/a.yaml:1",
    ]);
  });
});

describe("overlays", () => {
  const files = {
    "connectors/a.yaml": databarFile({
      a: { headers: { Accept: "x", Keep: "y" }, rateLimit: 5 },
      b: {},
    }),
    "connectors/a.prod.json": JSON.stringify({
      connectors: {
        a: {
          properties: {
            url: "https://prod.example.com/",
            headers: { Accept: "z" },
            rateLimit: null,
          },
        },
        b: null,
      },
    }),
    "connectors/other.prod.yaml": databarFile({ other: {} }),
  };
  test("are merged into the file of the same name, for their environment only", () => {
    const from = folderOf(files);
    const loaded = load(["connectors"], { from });
    expect(loaded.environments).toEqual(["prod"]);
    expect(properties(loaded)["a"]).toMatchObject({ url: "https://example.com/", rateLimit: 5 });
    expect(properties(loaded, "dev")).toEqual(properties(loaded));
    expect(properties(loaded, "prod")["a"]).toEqual({
      name: "a",
      method: "get",
      url: "https://prod.example.com/",
      headers: { Accept: "z", Keep: "y" },
    });
    expect(Object.keys(properties(loaded, "prod")).sort()).toEqual(["a", "other"]);
  });
  test("keep the places of both files", () => {
    const from = folderOf(files);
    const [a] = definitionsOf(load(["connectors"], { from }), "prod").definitions;
    const headers = a!.properties.entries.get("headers");
    if (headers?.kind !== "map") {
      throw new Error("no map");
    }
    expect([...headers.entries].map(([name, { place }]) => [name, place.source.path])).toEqual([
      ["Accept", "connectors/a.prod.json"],
      ["Keep", "connectors/a.yaml"],
    ]);
  });
  test("named individually, are loaded with their base file", () => {
    const from = folderOf(files);
    expect(Object.keys(properties(load(["connectors/a.prod.json"], { from }), "prod"))).toContain(
      "a",
    );
  });
});

describe("$file", () => {
  const including = (file: unknown): string =>
    JSON.stringify({
      connectors: {
        a: {
          type: "SupermetricsConnector",
          properties: { name: "A", configuration: { $file: file } },
        },
      },
    });
  test("inserts a parsed file, a text, and nested includes", () => {
    const from = folderOf({
      "connectors/a.yaml": databarFile({ a: { bodyTemplate: { $file: "./t.jinja" } } }),
      "connectors/b.yaml":
        "connectors: {b: {type: SupermetricsConnector, properties: {name: B, configuration: {$file: ./b.configuration.yaml}}}}",
      "connectors/b.configuration.yaml":
        "inner: {$file: parts/inner.json}\nlist: [1, {$file: t.jinja}]\n",
      "connectors/parts/inner.json": '{"x": 1}',
      "connectors/t.jinja": "{{ x }}\r\n{{ y }}\r\n",
    });
    const loaded = load(["connectors"], { from });
    expect(summaries(loaded)).toEqual([]);
    expect(properties(loaded)).toMatchObject({
      a: { bodyTemplate: "{{ x }}\n{{ y }}" },
      b: { configuration: { inner: { x: 1 }, list: [1, "{{ x }}\n{{ y }}"] } },
    });
  });
  test("included files are not definition files, even if their names look like overlays", () => {
    const from = folderOf({
      "connectors/a.yaml": including("./a.configuration.json"),
      "connectors/a.configuration.json": "{}",
    });
    const loaded = load(["connectors"], { from });
    expect(loaded.environments).toEqual([]);
    expect(loaded.files.map(({ shown }) => shown)).toEqual(["connectors/a.yaml"]);
  });
  test("an included file named individually is checked with the file that includes it", () => {
    const from = folderOf({
      "connectors/a.yaml": including("./a.configuration.json"),
      "connectors/a.configuration.json": "{}",
      "connectors/b.yaml": databarFile({ b: {} }),
    });
    expect(
      load(["connectors/a.configuration.json"], { from })
        .files.filter(({ selected }) => selected)
        .map(({ shown }) => shown),
    ).toEqual(["connectors/a.yaml"]);
  });
  test.each<[string, unknown, string]>([
    [
      "a file that is not there",
      "./nowhere.json",
      "connectors/a.json:1:102 file/include: names a file that does not exist",
    ],
    [
      "a file outside the project",
      "../../outside.json",
      "connectors/a.json:1:102 file/include: names a file outside the project",
    ],
    [
      "an absolute path",
      "/etc/hostname",
      "connectors/a.json:1:102 file/include: names a file outside the project",
    ],
    [
      "a link that leads outside",
      "./link.json",
      "connectors/a.json:1:102 file/include: names a file outside the project",
    ],
    ["an empty file", "./empty.yaml", "connectors/a.json:1:102 file/include: names an empty file"],
    ["no text", 5, "connectors/a.json:1:102 file/include: $file must name a file, as text"],
    ["a folder", ".", "connectors/a.json:1:102 file/include: names a file that is a folder"],
    [
      "a file that is not JSON",
      "./bad.json",
      "connectors/bad.json:1:2 syntax/json: is not valid JSON",
    ],
    [
      "the file itself",
      "./a.json",
      "connectors/a.json:1:102 file/include: names a file that includes this one",
    ],
  ])("%s is an error", (_, file, error) => {
    const from = folderOf({
      "project/connectors/a.json": including(file),
      "project/parts/empty.yaml": "# nothing\n",
      "project/parts/bad.json": "{",
      "outside.json": "{}",
    });
    const project = join(from, "project");
    symlinkSync("../parts/empty.yaml", join(project, "connectors/empty.yaml"));
    symlinkSync("../parts/bad.json", join(project, "connectors/bad.json"));
    symlinkSync(join(from, "outside.json"), join(project, "connectors/link.json"));
    expect(summaries(load(["connectors/a.json"], { from: project, root: project }))).toContain(
      error,
    );
  });
  test("a large file included many times exceeds the limit", () => {
    const from = folderOf({
      "values.json": JSON.stringify(Array.from({ length: 30_000 }, () => 1)),
      "connectors/a.json": JSON.stringify({
        "x-a": Array.from({ length: 8 }, () => ({ $file: "../values.json" })),
        connectors: {},
      }),
    });
    const errors = summaries(load(["connectors"], { from, root: from }));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain("syntax/too-large");
  });
  test("two files that include each other are an error, not an endless loop", () => {
    const from = folderOf({
      "connectors/a.yaml": including("./x.json"),
      "connectors/x.json": '{"y": {"$file": "./y.json"}}',
      "connectors/y.json": '{"x": {"$file": "./x.json"}}',
    });
    expect(summaries(load(["connectors/a.yaml"], { from }))).toContain(
      "connectors/y.json:1:17 file/include: names a file that includes this one",
    );
  });
  test("other keys beside it are an error", () => {
    const from = folderOf({
      "connectors/a.yaml":
        "connectors: {a: {type: DatabarConnector, properties: {bodyTemplate: {$file: x, y: 1}}}}\n",
    });
    expect(summaries(load(["connectors"], { from }))).toEqual([
      "connectors/a.yaml:1:70 file/include: $file stands for the whole map, and cannot have other keys beside it",
    ]);
  });
});

test("the project folder is the nearest one with a Pulumi.yaml, at or above the definitions", () => {
  const from = folderOf({
    "project/Pulumi.yaml": "name: x\n",
    "project/deep/connectors/a.yaml": "",
  });
  expect(projectFolder(["project/deep/connectors"], from)).toBe(join(from, "project"));
  expect(projectFolder(["project/deep/connectors/a.yaml"], from)).toBe(join(from, "project"));
  rmSync(join(from, "project/Pulumi.yaml"));
  expect(projectFolder(["project/deep/connectors"], from)).toBe(from);
  mkdirSync(join(from, "elsewhere"));
  expect(projectFolder(["../x"], join(from, "elsewhere"))).toBe(join(from, "x"));
});

describe("overlays without effect", () => {
  const [base, empty] = [databarFile({ a: {} }), "connectors: {}\n"];
  test("of an overlay are an error", () => {
    const from = folderOf({
      "connectors/a.yaml": base,
      "connectors/a.prod.yaml": empty,
      "connectors/a.prod.eu.yaml": empty,
    });
    expect(summaries(load(["connectors"], { from }))).toEqual([
      "connectors/a.prod.eu.yaml file/overlay: is an overlay of connectors/a.prod.yaml, which is an overlay itself",
    ]);
  });
  test("that are the second one for an environment are an error", () => {
    const from = folderOf({
      "connectors/a.yaml": base,
      "connectors/a.prod.json": '{"connectors": {}}',
      "connectors/a.prod.yaml": empty,
    });
    expect(summaries(load(["connectors"], { from }))).toEqual([
      "connectors/a.prod.yaml file/overlay: is an overlay of connectors/a.yaml for prod, and so is connectors/a.prod.json",
    ]);
  });
});
