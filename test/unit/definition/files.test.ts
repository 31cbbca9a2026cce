import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { findFiles, readSource, shownPath } from "../../../provider/definition/read/files";
import { validateFiles } from "../../../provider/definition/validate/validate";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), "definitions-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (path: string, content: string | Uint8Array = "a: 1\n"): void => {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), content);
};
const found = (...paths: string[]): string[] =>
  findFiles(paths, folder).files.map((path) => relative(folder, path).split(sep).join("/"));

describe("definition files", () => {
  test("are all YAML and JSON files in a folder and its subfolders, sorted by path", () => {
    for (const path of [
      "b.yaml",
      "a.yml",
      "sub/deep/c.json",
      "d.YAML",
      "notes.md",
      "noextension",
    ]) {
      write(path);
    }
    expect(found(".")).toEqual(["a.yml", "b.yaml", "d.YAML", "sub/deep/c.json"]);
  });
  test("exclude Pulumi's own files, package files, hidden files and node_modules", () => {
    for (const path of [
      "Pulumi.yaml",
      "Pulumi.prod.yaml",
      "package.json",
      "package-lock.json",
      "tsconfig.json",
      ".hidden.yaml",
      ".git/a.yaml",
      "node_modules/x/a.yaml",
      "a.yaml",
    ]) {
      write(path);
    }
    expect(found(".")).toEqual(["a.yaml"]);
  });
  test("can be named individually, with any name, and are found once", () => {
    for (const path of ["a.yaml", "b.txt"]) {
      write(path);
    }
    expect(found("b.txt", "a.yaml", ".")).toEqual(["a.yaml", "b.txt"]);
  });
  test("that do not exist are an error each, and the others are found", () => {
    write("a.yaml");
    expect(findFiles(["nowhere", ".", "a.yaml/b.yaml"], folder).diagnostics).toEqual([
      {
        severity: "error",
        rule: "file/unreadable",
        file: "nowhere",
        path: "",
        message: "does not exist",
        hint: "Correct the path",
      },
      {
        severity: "error",
        rule: "file/unreadable",
        file: "a.yaml/b.yaml",
        path: "",
        message: "is below a path that is not a folder",
        hint: "Correct the path",
      },
    ]);
    expect(found("nowhere", ".")).toEqual(["a.yaml"]);
  });
  test("are found once if a link points to a parent folder", () => {
    write("sub/a.yaml");
    symlinkSync(folder, join(folder, "sub", "again"), "junction");
    expect(found(".")).toEqual(["sub/a.yaml"]);
  });
  test("behind a link to itself are an error", () => {
    symlinkSync(join(folder, "loop.yaml"), join(folder, "loop.yaml"));
    expect(findFiles(["."], folder).diagnostics).toMatchObject([
      {
        rule: "file/unreadable",
        file: "loop.yaml",
        message: "is a link to itself",
      },
    ]);
  });
});

describe("what is no definition file", () => {
  test("does not matter: links to other files, to nothing, and to themselves", () => {
    write("a.yaml");
    symlinkSync(join(tmpdir(), "elsewhere.txt"), join(folder, "notes.txt"));
    symlinkSync(join(folder, "loop"), join(folder, "loop"));
    symlinkSync(process.execPath, join(folder, "node"));
    expect(findFiles(["."], folder)).toEqual({ files: [join(folder, "a.yaml")], diagnostics: [] });
  });
  // Windows has no pipes in folders.
  if (process.platform !== "win32") {
    test("does not matter: a pipe with the name of a definition file", () => {
      write("a.yaml");
      execFileSync("mkfifo", [join(folder, "b.yaml")]);
      expect(found(".")).toEqual(["a.yaml"]);
    });
    test("is refused, and not waited for, where a definition names it: a pipe", () => {
      mkdirSync(join(folder, "connectors"));
      execFileSync("mkfifo", [join(folder, "pipe"), join(folder, "pipe.json")]);
      symlinkSync(join(folder, "pipe"), join(folder, "link"));
      const connector = (name: string, more: string): string =>
        `  ${name}: {type: SupermetricsConnector, properties: {name: ${name}, ${more}}}\n`;
      write(
        "connectors/a.yaml",
        [
          "connectors:\n",
          connector("a", "description: {$file: ../pipe}"),
          connector("b", "description: {$file: ../link}"),
          connector("c", "configuration: {$file: ../pipe.json}"),
        ].join(""),
      );
      const { diagnostics } = validateFiles(["connectors"], { from: folder, root: folder });
      expect(diagnostics.map(({ path, message }) => `${path} ${message.split(".")[0]}`)).toEqual([
        " names something that is not a file",
        " names something that is not a file",
        " names something that is not a file",
      ]);
    });
  }
});

describe("reading a file", () => {
  const read = (content: string | Uint8Array) => {
    write("a.yaml", content);
    return readSource(join(folder, "a.yaml"), folder);
  };
  test("accepts UTF-8, with or without a byte order mark", () => {
    expect(read("ä: €\n")).toEqual({ path: "a.yaml", text: "ä: €\n" });
    expect(read("\ufeffa: 1\n")).toEqual({ path: "a.yaml", text: "a: 1\n" });
  });
  test.each<[string, Uint8Array, string]>([
    ["UTF-16", Buffer.from("\ufeffa: 1\n", "utf16le"), "is in UTF-16"],
    ["UTF-16 without a mark", Buffer.from("a: 1\n", "utf16le"), "is not in UTF-8"],
    [
      "big-endian UTF-16 without a mark",
      Buffer.from("a: 1\n", "utf16le").swap16(),
      "is not in UTF-8",
    ],
    ["Latin-1", Buffer.from("a: \xe4\n", "latin1"), "is not in UTF-8"],
  ])("%s is an error", (_, content, message) =>
    expect(read(content)).toMatchObject({
      rule: "file/encoding",
      file: "a.yaml",
      message,
      hint: "Save it in UTF-8",
    }),
  );
  test("a file that is too large is an error", () =>
    expect(read(Buffer.alloc(5 * 1024 * 1024 + 1, "a"))).toMatchObject({ rule: "file/too-large" }));
  test("a file that was removed is an error", () =>
    expect(readSource(join(folder, "gone.yaml"), folder)).toMatchObject({
      rule: "file/unreadable",
      message: "does not exist",
    }));
});

test("a path is shown relative to the current folder, and absolute outside it", () => {
  expect(shownPath(join(folder, "sub", "a.yaml"), folder)).toBe("sub/a.yaml");
  expect(shownPath(folder, folder)).toBe(".");
  expect(shownPath(join(folder, "a.yaml"), join(folder, "sub"))).toBe(
    join(folder, "a.yaml").split(sep).join("/"),
  );
});
