/**
 * Every link of a page leads to a file of the repository, and to a heading that exists. Nothing is
 * fetched.
 */
import { posix } from "node:path";
import { anchorsOf, linksOf } from "../harness/markdown";
import { read, trackedFiles } from "../harness/sources";

const files = trackedFiles();
const known = new Set(files);
const folders = new Set(
  files.flatMap((file) =>
    file
      .split("/")
      .slice(0, -1)
      .map((_, index, parts) => parts.slice(0, index + 1).join("/")),
  ),
);
const pages = files.filter((file) => file.endsWith(".md"));
const texts = new Map(pages.map((page) => [page, read(page)]));

/** What is wrong with a link from a page; `undefined` if it has a target. */
function faultOf(page: string, target: string): string | undefined {
  if (/^[a-z][a-z\d+.-]*:/i.test(target)) {
    return isHttps(target) ? undefined : "is no https address";
  }
  const [path = "", anchor] = target.split("#");
  if (path.startsWith("/")) {
    return "is absolute: GitHub and a package show it in different places";
  }
  const file = path === "" ? page : resolved(page, path);
  if (!known.has(file) && !folders.has(file) && file !== ".") {
    return `${file} is not a file of the repository`;
  }
  return anchor === undefined ? undefined : anchorFault(file, anchor);
}

function isHttps(target: string): boolean {
  return URL.canParse(target) && /^(https|mailto):/.test(target);
}

function resolved(page: string, path: string): string {
  const joined = posix.join(posix.dirname(page), decodeURIComponent(path));
  return posix.normalize(joined).replace(/\/$/, "");
}

function anchorFault(file: string, anchor: string): string | undefined {
  const text = texts.get(file);
  // GitHub gives source files line anchors only.
  if (text === undefined) {
    return /^L\d+(-L\d+)?$/.test(anchor) ? undefined : `${file} has no headings`;
  }
  return anchorsOf(text).has(anchor) ? undefined : `${file} has no heading #${anchor}`;
}

test("there are pages and links", () => {
  expect(pages.length).toBeGreaterThan(15);
  expect([...texts].flatMap(([, text]) => linksOf(text)).length).toBeGreaterThan(150);
});

test.each(pages)("every link of %s has a target", (page) => {
  const faults = linksOf(texts.get(page)!).map(
    ({ target, line }) => [`${page}:${line}`, target, faultOf(page, target)] as const,
  );
  expect(faults.filter(([, , fault]) => fault !== undefined)).toEqual([]);
});

test.each<[string, string, RegExp | undefined]>([
  ["README.md", "docs/errors.md", undefined],
  ["README.md", "docs/errors.md#databar", undefined],
  ["docs/errors.md", "#without-an-answer-or-before-one", undefined],
  ["docs/errors.md", "../provider/errors.ts#L1-L9", undefined],
  ["docs/errors.md", "rules.md", undefined],
  ["README.md", "docs/error.md", /not a file/],
  ["README.md", "docs/errors.md#databer", /no heading/],
  ["docs/errors.md", "docs/errors.md", /not a file/],
  ["README.md", "../elsewhere.md", /not a file/],
  ["README.md", "/docs/errors.md", /absolute/],
  ["README.md", "http://example.com", /https/],
])("in %s, the link %s is checked", (page, target, fault) => {
  if (fault === undefined) {
    expect(faultOf(page, target)).toBeUndefined();
  } else {
    expect(faultOf(page, target)).toMatch(fault);
  }
});

test("the README links to every page of docs/", () => {
  const linked = linksOf(texts.get("README.md")!).map(({ target }) => target.replace(/#.*/, ""));
  expect(pages.filter((page) => page.startsWith("docs/") && !linked.includes(page))).toEqual([]);
});

test("every docs/….md that a source file names is a page", () => {
  const named = files
    .filter((file) => /\.(ts|js|json|ya?ml)$/.test(file))
    .flatMap((file) =>
      [...read(file).matchAll(/\bdocs\/[\w-]+\.md\b/g)].map(([page]) => [file, page] as const),
    );
  expect(named.length).toBeGreaterThan(5);
  // The made-up vendor has no page.
  expect(
    named.filter(
      ([file, page]) =>
        !known.has(page) && file !== "test/links.test.ts" && page !== "docs/acme-connector.md",
    ),
  ).toEqual([]);
});
