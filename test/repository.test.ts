/** What the package exports and packs, and what tracked files may hold. */
import { apiReports } from "../scripts/api/report";
import { read, trackedFiles } from "../harness/sources";

const files = trackedFiles();
/** The folders of the vendors that the package has. */
const VENDORS = [
  ...new Set(
    files
      .map((file) => /^provider\/vendors\/(\w+)\/runtime\.ts$/.exec(file)?.[1])
      .filter((vendor) => vendor !== undefined),
  ),
];

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
    const runtimes = VENDORS.map((vendor) => [`./${vendor}`, `./dist/vendors/${vendor}/runtime`]);
    expect(runtimes.length).toBeGreaterThan(1);
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
  test("packs executables and a plugin folder for each vendor's native package", () => {
    expect(manifest.files).toEqual(expect.arrayContaining(["bin", "plugin"]));
    const native = VENDORS.flatMap((vendor) => [
      ...["bin", `plugin/${vendor}`].flatMap((folder) =>
        ["", ".cmd"].map((extension) => `${folder}/pulumi-resource-${vendor}${extension}`),
      ),
      ...["PulumiPlugin.yaml", "index.js", "package.json", "schema.json"].map(
        (name) => `plugin/${vendor}/${name}`,
      ),
    ]);
    expect(files.filter((file) => /^(bin|plugin)\//.test(file)).sort()).toEqual(native.sort());
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
  test("do not point at files that are not here", () => {
    const outside = new RegExp(join("\\.\\./sha", "red/|\\bfac", "ts/"));
    const found = texts.filter(
      ([file, text]) => outside.test(text) && !/^provider\/vendors\/|\/vendors\/acme\//.test(file),
    );
    expect(found.map(([file]) => file)).toEqual([]);
  });
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
