import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { describeLogo, readLogo } from "../../../../provider/vendors/supermetrics/logo";
import { connectorErrorOf } from "../../../../harness/errors";

const PNG = Buffer.from("89504e470d0a1a0a0000", "hex");
const JPG = Buffer.from("ffd8ffe000", "hex");
const folder = mkdtempSync(join(tmpdir(), "logo-"));
const file = (name: string, content: Buffer): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const sha256 = (content: Buffer): string => createHash("sha256").update(content).digest("hex");

afterAll(() => rmSync(folder, { recursive: true }));

describe("describeLogo", () => {
  test.each([
    ["a.png", PNG],
    ["a.jpg", JPG],
    ["no-suffix", PNG],
  ])("%s is known by its path and its content's digest", (name, content) => {
    const path = file(name, content);
    expect(describeLogo(path)).toEqual({
      path: relative(process.cwd(), path),
      sha256: sha256(content),
    });
  });
  test("a relative path stays as the program wrote it; an absolute one becomes relative", async () => {
    const absolute = file("logo.png", PNG);
    const path = relative(process.cwd(), absolute);
    expect(describeLogo(absolute)).toMatchObject({ path });
    expect(describeLogo(`./${path}`)).toMatchObject({ path: `./${path}` });
    expect((await readLogo(describeLogo(absolute))).content).toEqual(PNG);
  });
  test("a file of exactly 5 MB is one, a larger one is refused with its size", () => {
    const most = Buffer.concat([PNG, Buffer.alloc(5 * 1024 * 1024 - PNG.length)]);
    expect(describeLogo(file("most.png", most))).toHaveProperty("sha256");
    expect(describeLogo(file("more.png", Buffer.concat([most, PNG])))).toMatchObject({
      fault: "must be at most 5 MB; more.png has 5.0 MB",
    });
  });
  test.each([
    ["text.png", Buffer.from("<svg/>")],
    ["empty.png", Buffer.alloc(0)],
    ["half.png", PNG.subarray(0, 7)],
    ["half.jpg", JPG.subarray(0, 2)],
  ])("%s is refused by its content, whatever its name", (name, content) => {
    expect(describeLogo(file(name, content))).toMatchObject({
      fault: `must be a PNG or JPG file, and ${name} is neither`,
    });
  });
  test("a file that is not there, and one that cannot be read", () => {
    mkdirSync(join(folder, "folder"));
    expect(describeLogo("./nowhere.png")).toEqual({
      path: "./nowhere.png",
      fault:
        "names a file that does not exist. Write a path relative to the folder that the program runs in: that of Pulumi.yaml, or of main where it names a file",
    });
    expect(describeLogo(join(folder, "folder"))).toMatchObject({
      fault:
        "names a file that cannot be read. Write a path relative to the folder that the program runs in: that of Pulumi.yaml, or of main where it names a file",
    });
  });
  // Windows has no pipes in folders.
  if (process.platform !== "win32") {
    test("a pipe is refused, and not waited for", () => {
      const pipe = join(folder, "pipe.png");
      execFileSync("mkfifo", [pipe]);
      expect(describeLogo(pipe)).toMatchObject({
        fault: expect.stringMatching(/^names a file that cannot be read\. /) as string,
      });
    });
  }
  test.each([5, null, {}, undefined])("%j is no path", (value) =>
    expect(describeLogo(value)).toEqual({ path: "", fault: "must be the path of a file, as text" }),
  );
});

describe("readLogo", () => {
  test.each([
    ["b.png", PNG, "image/png"],
    ["b.jpg", JPG, "image/jpeg"],
  ])("%s is ready to be sent", async (name, content, mediaType) => {
    expect(await readLogo(describeLogo(file(name, content)))).toEqual({
      fileName: name,
      mediaType,
      content,
    });
  });
  test("a file that changed meanwhile is refused", async () => {
    const logo = describeLogo(file("c.png", PNG));
    file("c.png", Buffer.concat([PNG, PNG]));
    expect((await connectorErrorOf(readLogo(logo))).message).toBe(
      "[invalid] The logo c.png changed while the deployment ran. Run pulumi up again",
    );
  });
  test("a file that is no image any more is refused", async () => {
    const path = file("d.png", Buffer.from("text"));
    expect(
      (await connectorErrorOf(readLogo({ path, sha256: sha256(Buffer.from("text")) }))).message,
    ).toContain("The logo d.png changed");
  });
  test("a file that went away is refused", async () => {
    expect(
      (await connectorErrorOf(readLogo({ path: join(folder, "gone.png"), sha256: "x" }))).message,
    ).toBe("[invalid] The logo gone.png cannot be read any more. Run pulumi up again");
  });
});
