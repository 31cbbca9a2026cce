/** The structure that docs/design.md describes, as executable rules. */
import { execFileSync } from "node:child_process";
import ts from "typescript";
import { countNodes, type Import, importsOf, read, ROOT, trackedFiles } from "../harness/sources";

const typescript = trackedFiles().filter((file) => file.endsWith(".ts"));
/** The made-up vendor of the tests counts as if it stood where vendors do. */
const inPlace = (path: string): string =>
  path.replace(/^test\/fixtures\/third-vendor\/(?=vendors|sandbox)/, "provider/");
const sources = typescript.filter((file) => inPlace(file).startsWith("provider/"));
const imports = sources
  .flatMap(importsOf)
  .map((each) => ({ ...each, from: inPlace(each.from), to: inPlace(each.to) }));
const own = imports.filter(({ to }) => to.startsWith("provider/"));
const shown = ({ from, to }: Import): string => `${from} → ${to}`;

/**
 * The part of the library that a file belongs to: a folder or a file at the top of provider/, a
 * vendor, the rows of all vendors (`vendors`), or a side of the boundary to Pulumi.
 */
function partOf(path: string): string {
  const [, top = "", inner = "", ...deeper] = path.split("/");
  const isFolder = deeper.length > 0;
  return (top === "vendors" || top === "pulumi") && isFolder
    ? `${top}/${inner}`
    : top.replace(/\.ts$/, "");
}

const VENDORS = [...new Set(sources.map(inPlace).map(partOf))].filter(
  (part) => part.startsWith("vendors/") && part !== "vendors/shared",
);

const BASE = ["errors", "message", "diagnostics", "json"];
const INSIDE = ["lifecycle", "model", "http", ...BASE];

/** What each part may import, types included; nothing that is not listed. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  message: [],
  errors: ["message"],
  diagnostics: [],
  json: [],
  version: [],
  model: BASE,
  lifecycle: ["model", ...BASE],
  http: ["version", ...BASE],
  observe: ["http", ...BASE],
  "pulumi/program": [],
  "pulumi/protocol": ["json"],
  "pulumi/provider": ["pulumi/program", "pulumi/protocol", "observe", ...INSIDE],
  plugin: [
    ...["vendors", "pulumi/program", "pulumi/protocol", "pulumi/provider", "observe", "version"],
    ...INSIDE,
  ],
  "vendors/shared": INSIDE,
  ...Object.fromEntries(
    VENDORS.map((vendor) => [
      vendor,
      ["vendors/shared", "pulumi/program", "pulumi/provider", ...INSIDE],
    ]),
  ),
  vendors: [...VENDORS, "pulumi/program", "pulumi/provider", ...INSIDE],
  sandbox: [],
  definition: ["vendors", "lifecycle", "model", ...BASE],
  testing: ["sandbox", "vendors", "pulumi/program", "pulumi/provider", "observe", ...INSIDE],
  cli: [
    ...["definition", "vendors", "sandbox", "pulumi/provider", "observe", "version"],
    ...INSIDE,
  ],
  index: ["definition", "vendors", ...VENDORS, "pulumi/program", "model"],
};

describe("imports", () => {
  test("every part is known", () => {
    const parts = [...new Set(sources.map(inPlace).map(partOf))];
    expect(parts.length).toBeGreaterThan(15);
    expect(parts.filter((part) => !(part in ALLOWED))).toEqual([]);
  });
  test("go one way", () => {
    const wrong = own.filter(
      ({ from, to }) => partOf(from) !== partOf(to) && !ALLOWED[partOf(from)]?.includes(partOf(to)),
    );
    expect(wrong.map(shown)).toEqual([]);
  });
  test("form no circle, types included", () => expect(circles(own)).toEqual([]));
  test("stay within provider/", () => {
    const outside = imports.filter(({ to }) =>
      /^(\.\.|test|harness|scripts|examples|dist)(\/|$)/.test(to),
    );
    expect(outside.map(shown)).toEqual([]);
  });
  test("reach the inside of http from the vendors only; all others use its index", () => {
    const inside = own.filter(
      ({ from, to }) =>
        partOf(to) === "http" &&
        partOf(from) !== "http" &&
        to !== "provider/http/index" &&
        !from.startsWith("provider/vendors/"),
    );
    expect(inside.map(shown)).toEqual([]);
  });
  test("reach Pulumi's side from the command line for settings only, types aside", () => {
    const inside = own.filter(
      ({ from, to, typeOnly }) =>
        partOf(from) === "cli" &&
        partOf(to) === "pulumi/provider" &&
        to !== "provider/pulumi/provider/stack-settings" &&
        !typeOnly,
    );
    expect(inside.map(shown)).toEqual([]);
  });
  test("name Pulumi's SDK in pulumi/, in what programs load, and in testing/ only", () => {
    const users = imports.filter(({ to }) => /^@pulumi\//.test(to));
    const wrong = users.filter(
      ({ from, typeOnly }) =>
        !/^provider\/(pulumi|testing|definition\/register)\/|^provider\/vendors\/\w+\/index\.ts$/.test(
          from,
        ) && !(typeOnly && /^provider\/vendors\//.test(from)),
    );
    expect(wrong.map(shown)).toEqual([]);
    expect(users.length).toBeGreaterThan(0);
  });
  test("name the packages that package.json names, and it names no others", () => {
    const manifest = JSON.parse(read("package.json")) as Record<string, Record<string, string>>;
    const { dependencies = {}, peerDependencies = {} } = manifest;
    const packages = imports
      .map(({ to }) => to)
      .filter((to) => !to.startsWith("provider/") && !to.startsWith("node:"));
    const names = packages.map((to) =>
      to.startsWith("@") ? to.split("/", 2).join("/") : (to.split("/")[0] ?? ""),
    );
    const known = Object.keys({ ...dependencies, ...peerDependencies });
    expect([...new Set(names)].filter((name) => !known.includes(name))).toEqual([]);
    expect(Object.keys(dependencies).filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe("walls", () => {
  const filesOf = (part: string): string[] => sources.filter((file) => partOf(file) === part);
  const holding = (part: string, words: RegExp): string[] =>
    filesOf(part).filter((file) => words.test(read(file)));

  test("model is pure: of Node it uses hashes and compression", () => {
    const used = imports.filter(
      ({ from, to }) => partOf(from) === "model" && to.startsWith("node:"),
    );
    expect([...new Set(used.map(({ to }) => to))].sort()).toEqual(["node:crypto", "node:zlib"]);
    expect(
      holding("model", /\b(process\.|async |await |Promise|setTimeout|Date\.now|Math\.random)/),
    ).toEqual([]);
  });
  test("http speaks of requests only", () => {
    expect(filesOf("http").length).toBeGreaterThan(15);
    expect(
      holding("http", /\bconnectors?\b(?<!pulumi-connectors)|\bdefinition|pulumi up/i),
    ).toEqual([]);
  });
  test.each(["model", "lifecycle", "http"])("%s names no vendor", (part) => {
    expect(filesOf(part).length).toBeGreaterThan(8);
    expect(holding(part, /databar|supermetrics/i)).toEqual([]);
  });
  test("a stage of the flow is made by its maker only: no cast to inputs or state elsewhere", () => {
    const calling = (words: RegExp): string[] =>
      sources.filter((file) => file.startsWith("provider/") && words.test(read(file)));
    expect(calling(/\bas (unknown as )?(Checked)?(Inputs|State)\b/)).toEqual([
      "provider/model/check.ts",
      "provider/model/state.ts",
    ]);
    const makers = [
      [/\bmakeState</, /^provider\/(model|lifecycle|vendors)\//],
      [/\bstoredState[<(]/, /^provider\/(model|pulumi\/provider|definition\/plan)\//],
      [/\bknownInputs[<(]/, /^provider\/(model|pulumi\/provider|definition\/plan)\//],
    ] as const;
    for (const [call, place] of makers) {
      expect(calling(call).length).toBeGreaterThan(1);
      expect(calling(call).filter((file) => !place.test(file))).toEqual([]);
    }
  });
  test("a program loads neither the HTTP stack nor the validator", () => {
    const loaded = loadedBy('require("./provider/index.ts")');
    expect(
      loaded.filter((path) =>
        /node_modules\/(undici|ajv|yaml)\/|provider\/(http|lifecycle|sandbox|testing|cli)\//.test(
          path,
        ),
      ),
    ).toEqual([]);
    expect(loaded.some((path) => path.endsWith("provider/vendors/databar/index.ts"))).toBe(true);
  });
  test("a native provider prints its port before it loads HTTP, the validator or gRPC", () => {
    const loaded = loadedBy(
      'require("./provider/plugin/serve.ts").serve("databar").then(() => process.exit())',
    );
    expect(
      loaded.filter((path) => /node_modules\/(undici|ajv|@grpc|@pulumi)\//.test(path)),
    ).toEqual([]);
    expect(loaded.some((path) => path.endsWith("provider/vendors/databar/vendor.ts"))).toBe(true);
  });
  test("the vendors' folders hold the same file names at their core", () => {
    const names = (vendor: string): string[] =>
      sources
        .map(inPlace)
        .filter((file) => partOf(file) === vendor)
        .map((file) => file.split("/")[3] ?? "");
    const core = [
      ...["adapter.ts", "api.ts", "errors.ts", "export.ts", "fields.ts", "index.ts"],
      ...["patch.ts", "remote.ts", "runtime.ts", "stage-types.ts", "types.ts", "vendor.ts"],
    ];
    expect(VENDORS.length).toBeGreaterThan(1);
    for (const vendor of VENDORS) {
      expect(names(vendor)).toEqual(expect.arrayContaining(core));
    }
  });
});

/** The files that a script loads until it ends. */
function loadedBy(script: string): string[] {
  const print = 'process.on("exit", () => console.log(JSON.stringify(Object.keys(require.cache))))';
  const output = execFileSync(
    process.execPath,
    ["--require", "tsx/cjs", "-e", `${print}; ${script}`],
    { cwd: ROOT, encoding: "utf8" },
  );
  const paths = JSON.parse(output.trim().split("\n").at(-1) ?? "") as string[];
  return paths.map((path) => path.replaceAll("\\", "/"));
}

/** Circles of imports, each as its files in order. */
function circles(edges: readonly Import[]): string[][] {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const files = [`${to}.ts`, `${to}/index.ts`];
    next.set(from, [...(next.get(from) ?? []), ...files]);
  }
  const done = new Set<string>();
  const found: string[][] = [];
  const walk = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      found.push([...path.slice(path.indexOf(file)), file]);
    }
    if (path.includes(file) || done.has(file)) {
      return;
    }
    for (const other of next.get(file) ?? []) {
      walk(other, [...path, file]);
    }
    done.add(file);
  };
  for (const file of next.keys()) {
    walk(file, []);
  }
  return found;
}

describe("sources", () => {
  test("no any", () => {
    const found = typescript.filter(
      (file) => countNodes(file, (node) => node.kind === ts.SyntaxKind.AnyKeyword) > 0,
    );
    expect(found).toEqual([]);
  });
  test("no enum: unions of literals", () => {
    expect(typescript.filter((file) => countNodes(file, ts.isEnumDeclaration) > 0)).toEqual([]);
  });
  test("no private member has a # name: the private keyword", () => {
    expect(typescript.filter((file) => countNodes(file, ts.isPrivateIdentifier) > 0)).toEqual([]);
  });
  test("no test is skipped or runs alone", () => {
    const only =
      /\b(describe|test|it)\.(only|skip|todo|failing)\b|\b(xdescribe|xtest|xit|fdescribe|fit)\(/;
    const found = typescript.filter(
      (file) =>
        file.startsWith("test/") && file !== "test/architecture.test.ts" && only.test(read(file)),
    );
    expect(found).toEqual([]);
  });
});
