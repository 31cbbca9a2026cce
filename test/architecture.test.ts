/** The structure that the design promises, as executable rules. */
import { execFileSync } from "node:child_process";
import ts from "typescript";
import { apiReports } from "../scripts/api/report";
import { countNodes, type Import, importsOf, read, ROOT, trackedFiles } from "../harness/sources";

const files = trackedFiles();
const typescript = files.filter((file) => file.endsWith(".ts"));
const provider = typescript.filter((file) => file.startsWith("provider/"));
/** The made-up vendor of the tests is judged as if it stood where vendors do. */
const inPlace = (path: string): string =>
  path.replace(/^test\/fixtures\/third-vendor\/(?=vendors|sandbox)/, "provider/");
const judged = typescript.filter((file) => inPlace(file).startsWith("provider/"));
const imports = judged
  .flatMap(importsOf)
  .map((each) => ({ ...each, from: inPlace(each.from), to: inPlace(each.to) }));
const shown = ({ from, to }: Import): string => `${from} → ${to}`;

/** The part of the library that a file belongs to: a folder, a vendor, or a file at the top. */
function partOf(path: string): string {
  const [, folder = "", name = ""] = path.split("/");
  return folder === "vendors" ? `vendors/${name}` : folder.replace(/\.ts$/, "");
}

/** Each vendor has a folder of its own. */
const vendorsIn = (files: readonly string[]): string[] => [
  ...new Set(files.filter((file) => file.startsWith("provider/vendors/")).map(partOf)),
];
const VENDORS = vendorsIn(judged.map(inPlace));

/** What each part may import; nothing that is not listed. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  diagnostics: [],
  http: ["errors", "diagnostics"],
  lifecycle: ["errors", "diagnostics"],
  observe: ["http", "diagnostics"],
  pulumi: ["observe", "lifecycle", "http", "errors", "diagnostics"],
  ...Object.fromEntries(
    VENDORS.map((vendor) => [vendor, ["pulumi", "lifecycle", "http", "errors", "diagnostics"]]),
  ),
  sandbox: [],
  definition: [...VENDORS, "pulumi", "lifecycle", "errors", "diagnostics"],
  testing: ["sandbox", ...VENDORS, "pulumi", "observe", "lifecycle", "http"],
  cli: [
    "definition",
    ...VENDORS,
    "sandbox",
    "pulumi",
    "observe",
    "lifecycle",
    "http",
    "errors",
    "diagnostics",
  ],
  index: ["definition", ...VENDORS, "lifecycle", "errors", "diagnostics"],
};

describe("imports", () => {
  const own = imports.filter(({ to }) => to.startsWith("provider/"));

  test("there are files to judge", () => expect(provider.length).toBeGreaterThan(100));
  test("every part is known", () =>
    expect(
      [...new Set(judged.map(inPlace).map(partOf))].filter((part) => !(part in ALLOWED)),
    ).toEqual([]));
  test("go one way", () => {
    const wrong = own.filter(
      ({ from, to }) => partOf(from) !== partOf(to) && !ALLOWED[partOf(from)]?.includes(partOf(to)),
    );
    expect(wrong.map(shown)).toEqual([]);
  });
  test("stay within provider/", () =>
    expect(
      imports.filter(({ to }) => /^(\.\.|test|examples|dist)(\/|$)/.test(to)).map(shown),
    ).toEqual([]));
  test("reach the insides of http from vendors only; anybody else uses its front door", () => {
    const inside = own.filter(
      ({ from, to }) =>
        partOf(to) === "http" &&
        partOf(from) !== "http" &&
        to !== "provider/http/index" &&
        !from.startsWith("provider/vendors/"),
    );
    expect(inside.map(shown)).toEqual([]);
  });
  test("reach Pulumi's side from the command line for the settings only", () => {
    const inside = own.filter(
      ({ from, to, typeOnly }) =>
        partOf(from) === "cli" &&
        partOf(to) === "pulumi" &&
        to !== "provider/pulumi/settings" &&
        !typeOnly,
    );
    expect(inside.map(shown)).toEqual([]);
  });
  test("reach the insides of a vendor from nowhere but its folder, definitions, the command line, what tests of programs use, and the public surface", () => {
    const inside = own.filter(
      ({ from, to }) =>
        to.startsWith("provider/vendors/") &&
        partOf(from) !== partOf(to) &&
        !/^provider\/(definition|cli|testing)\/|^provider\/index\.ts$/.test(from),
    );
    expect(inside.map(shown)).toEqual([]);
  });
  test("the vendors' folders hold the same file names at their core", () => {
    const names = (vendor: string): string[] =>
      judged
        .map(inPlace)
        .filter((file) => partOf(file) === vendor)
        .map((file) => file.split("/")[3] ?? "");
    const core = [
      "adapter.ts",
      "api.ts",
      "args.ts",
      "errors.ts",
      "export.ts",
      "fields.ts",
      "id.ts",
      "index.ts",
      "runtime.ts",
      "vendor.ts",
    ];
    expect(VENDORS.length).toBeGreaterThan(1);
    for (const vendor of VENDORS) {
      expect(names(vendor)).toEqual(expect.arrayContaining(core));
    }
  });
  test("have no cycle", () => expect(cycles(own)).toEqual([]));

  test("Pulumi's SDK is known to provider/pulumi, what tests of programs use, and the vendors' resource classes and argument types only", () => {
    const users = imports.filter(({ to }) => /^@pulumi\//.test(to));
    const wrong = users.filter(
      ({ from, typeOnly }) =>
        !/^provider\/(pulumi\/|testing\/|vendors\/\w+\/index\.ts$|definition\/)/.test(from) &&
        !(typeOnly && /\/args\.ts$/.test(from)),
    );
    expect(wrong.map(shown)).toEqual([]);
    expect(users.length).toBeGreaterThan(0);
  });
  test("packages are those that package.json names", () => {
    const named = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
    const packages = imports
      .map(({ to }) => to)
      .filter((to) => !to.startsWith("provider/") && !to.startsWith("node:"));
    const names = packages.map((to) =>
      to.startsWith("@") ? to.split("/", 2).join("/") : (to.split("/")[0] ?? ""),
    );
    expect([...new Set(names)].filter((name) => !named.includes(name))).toEqual([]);
    expect(Object.keys(manifest.dependencies).filter((name) => !names.includes(name))).toEqual([]);
  });

  test("a program loads neither the HTTP stack nor the validator: they belong to the provider's process", () => {
    const script =
      'require("./provider/index.ts"); console.log(JSON.stringify(Object.keys(require.cache)))';
    const paths = JSON.parse(
      execFileSync(process.execPath, ["--require", "tsx/cjs", "-e", script], {
        cwd: ROOT,
        encoding: "utf8",
      }),
    ) as string[];
    const loaded = paths.map((path) => path.replaceAll("\\", "/"));
    expect(
      loaded.filter((path) =>
        /node_modules\/(undici|ajv|yaml|nunjucks)\/|provider\/(http|sandbox|testing|cli)\//.test(
          path,
        ),
      ),
    ).toEqual([]);
    expect(loaded.some((path) => path.endsWith("provider/vendors/databar/index.ts"))).toBe(true);
  });
});

/** Rings of imports that are left after compilation, each by its files. */
function cycles(edges: readonly Import[]): string[][] {
  const next = new Map<string, string[]>();
  for (const { from, to, typeOnly } of edges) {
    if (!typeOnly) {
      next.set(from, [...(next.get(from) ?? []), `${to}.ts`]);
    }
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
  test("no file needs a table of contents: at most 250 lines", () => {
    expect(
      typescript
        .map((file) => [file, read(file).split("\n").length - 1] as const)
        .filter(([, lines]) => lines > 250),
    ).toEqual([]);
  });
  test("most files of the library are under 100 lines", () => {
    const lengths = provider.map((file) => read(file).split("\n").length).sort((a, b) => a - b);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThan(100);
  });
  test("no any", () =>
    expect(
      typescript.filter(
        (file) => countNodes(file, (node) => node.kind === ts.SyntaxKind.AnyKeyword) > 0,
      ),
    ).toEqual([]));
  test("no enum: unions of literals", () =>
    expect(typescript.filter((file) => countNodes(file, ts.isEnumDeclaration) > 0)).toEqual([]));
  test("no test is left out or left alone", () => {
    const marked =
      /\b(describe|test|it)\.(only|skip|todo|failing)\b|\b(xdescribe|xtest|xit|fdescribe|fit)\(/;
    expect(
      typescript.filter(
        (file) =>
          file.startsWith("test/") &&
          file !== "test/architecture.test.ts" &&
          marked.test(read(file)),
      ),
    ).toEqual([]);
  });
});

interface Manifest {
  readonly name: string;
  readonly pulumi?: unknown;
  readonly files: readonly string[];
  /** A path, or one per condition. */
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly typesVersions: { readonly "*": Readonly<Record<string, readonly string[]>> };
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(read("package.json")) as Manifest;

describe("package.json", () => {
  test("does not call the package a Pulumi plugin: the CLI would look for one to download", () =>
    expect(manifest.pulumi).toBeUndefined());
  test("leaves Pulumi's SDK to the project: a peer, and a development dependency", () => {
    expect(manifest.dependencies).not.toHaveProperty("@pulumi/pulumi");
    expect(manifest.peerDependencies).toHaveProperty("@pulumi/pulumi");
    expect(manifest.devDependencies).toHaveProperty("@pulumi/pulumi");
  });
  test("exports the paths that stored resources import, at the files that they are compiled to", () => {
    expect(manifest.name).toBe("pulumi-connectors");
    const runtimes = vendorsIn(provider).map((vendor) => [
      vendor.replace("vendors", "."),
      `./dist/${vendor}/runtime`,
    ]);
    for (const [path = "", file = ""] of runtimes) {
      expect(manifest.exports[`${path}/runtime`]).toEqual({
        types: `${file}.d.ts`,
        default: `${file}.js`,
      });
    }
    expect(Object.keys(manifest.exports).filter((path) => path.endsWith("/runtime"))).toHaveLength(
      runtimes.length,
    );
  });
  test("names the declarations of every subpath twice: compilers that resolve as Node 10 did read no exports", () => {
    const subpaths = Object.entries(manifest.exports).flatMap(([path, target]) =>
      path !== "." && typeof target === "object" ? [[path.slice(2), [target["types"]]]] : [],
    );
    expect(subpaths).toHaveLength(4);
    expect(manifest.typesVersions).toEqual({ "*": Object.fromEntries(subpaths) });
  });
  test("packs what it exports", () => {
    const targets = JSON.stringify(manifest.exports).match(/\.\/[\w./-]+\.(js|ts|json)\b/g) ?? [];
    const packed = (path: string): boolean =>
      path === "./package.json" ||
      manifest.files.some((entry) => path === `./${entry}` || path.startsWith(`./${entry}/`));
    expect(targets.length).toBeGreaterThan(5);
    expect(targets.filter((path) => !packed(path))).toEqual([]);
  });
});

describe("the public surface", () => {
  let reports: Readonly<Record<string, string>>;
  beforeAll(() => void (reports = apiReports()));

  test("is what the reports say: npm run api shows what changed", () =>
    expect(reports).toEqual(
      Object.fromEntries(Object.keys(reports).map((file) => [file, read(file)])),
    ));
  test("is all in reports", () =>
    expect(Object.keys(reports).sort()).toEqual(files.filter((file) => file.endsWith(".api.md"))));
  test("holds no any", () =>
    expect(Object.keys(reports).filter((file) => /\bany\b/.test(reports[file] ?? ""))).toEqual([]));
});

describe("tracked files", () => {
  const texts = files
    .filter((file) => !/\.(png|jpg|jpeg|gif|ico)$/.test(file))
    .map((file) => [file, read(file)] as const);
  const holding = (pattern: RegExp): string[] =>
    texts
      .filter(([, text]) => pattern.test(text))
      .map(([file, text]) => `${file}: ${pattern.exec(text)?.[0] ?? ""}`);
  /** Puts a text together that this file must not hold itself. */
  const join = (...parts: readonly string[]): string => parts.join("");

  test.each([
    join("/wo", "rk/"),
    join("/op", "t/"),
    join("/ro", "ot/"),
    join("/ho", "me/"),
    join("/Us", "ers/"),
  ])("hold no path below %s", (path) => {
    expect(holding(new RegExp(`(?<![\\w.})/-])${path}`))).toEqual([]);
  });
  test("hold no registry's host", () =>
    expect(
      holding(new RegExp(join("\\bregis", "try\\.[a-z0-9.-]+\\.(com|dev|io|net|org)\\b"))),
    ).toEqual([]));
  test("do not point at files that are not here", () =>
    expect(holding(new RegExp(join("\\.\\./sha", "red|\\bfac", "ts/")))).toEqual([]));
  test("the lock file holds every platform's optional packages: npm ci refuses a lock that lacks one", () => {
    const { packages } = JSON.parse(read("package-lock.json")) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>;
    };
    const optional = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).map((name) => [path, name] as const),
    );
    expect(optional.length).toBeGreaterThan(20);
    expect(
      optional.filter(
        ([path, name]) =>
          !packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`],
      ),
    ).toEqual([]);
  });
  test("the lock file holds no address that a package was fetched from", () =>
    expect(read("package-lock.json")).not.toMatch(/"resolved"|https?:\/\/[^"]*\.tgz/));
  test("hold no carriage return", () =>
    expect(texts.filter(([, text]) => text.includes("\r")).map(([file]) => file)).toEqual([]));
});
