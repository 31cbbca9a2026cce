/** A file is written completely or not at all, and never replaces one that it must not replace. */
import fs, { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeAtomically } from "../../../provider/cli/write-file";
import { folderOf, removeFolders } from "../../../harness/definition-folder";

afterEach(() => jest.restoreAllMocks());
afterEach(removeFolders);

const fails = (code: string) => (): never => {
  throw Object.assign(new Error(code), { code });
};

describe.each([
  ["with hard links", undefined],
  ["without hard links", "EPERM"],
])("on a file system %s", (_, code) => {
  beforeEach(() => {
    if (code !== undefined) {
      jest.spyOn(fs, "linkSync").mockImplementation(fails(code));
    }
  });

  test("a new file is written, without temporary files left over", () => {
    const folder = folderOf({});
    writeAtomically(join(folder, "sub/a.yaml"), "one", { exclusive: true });
    expect([
      readdirSync(join(folder, "sub")),
      readFileSync(join(folder, "sub/a.yaml"), "utf8"),
    ]).toEqual([["a.yaml"], "one"]);
  });
  test("an existing file is kept or replaced, depending on the option", () => {
    const folder = folderOf({ "a.yaml": "one" });
    expect(() => writeAtomically(join(folder, "a.yaml"), "two", { exclusive: true })).toThrow(
      "EEXIST",
    );
    expect([readdirSync(folder), readFileSync(join(folder, "a.yaml"), "utf8")]).toEqual([
      ["a.yaml"],
      "one",
    ]);
    writeAtomically(join(folder, "a.yaml"), "two");
    expect(readFileSync(join(folder, "a.yaml"), "utf8")).toBe("two");
  });
});

test("any other failure is thrown", () => {
  jest.spyOn(fs, "linkSync").mockImplementation(fails("ENOSPC"));
  expect(() => writeAtomically(join(folderOf({}), "a.yaml"), "one", { exclusive: true })).toThrow(
    "ENOSPC",
  );
});
