import { blocksOf } from "../../harness/markdown";
import { trackedFiles, read } from "../../harness/sources";

/** Folder of the documents' TypeScript programs as files, so that lint checks their types. */
export const PROGRAMS = "test/unit/docs/programs/";

/** The README and the pages of docs/, by path. `fresh` replaces the generated ones. */
export function pages(fresh: Readonly<Record<string, string>> = {}): ReadonlyMap<string, string> {
  const paths = trackedFiles().filter(
    (path) => path === "README.md" || /^docs\/[\w-]+\.md$/.test(path),
  );
  return new Map(
    [...new Set([...paths, ...Object.keys(fresh).filter((path) => path.endsWith(".md"))])]
      .sort()
      .map((path) => [path, fresh[path] ?? read(path)]),
  );
}

/** Every TypeScript block of these pages as a file: text by path. */
export function programs(markdown: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  const files = [...markdown].flatMap(([page, text]) =>
    blocksOf(text)
      .filter(({ language }) => language === "ts")
      .map((block, index): [string, string] => [
        programPath(page, index + 1),
        `// From ${page}; npm run generate writes this file.\n${block.text}`,
      ]),
  );
  return Object.fromEntries(files);
}

/** `docs/scale.md`, 2 → `…/scale-2.ts`. */
export function programPath(page: string, number: number): string {
  const name = page
    .replace(/^docs\//, "")
    .replace(/\.md$/, "")
    .toLowerCase();
  return `${PROGRAMS}${name}-${number}.ts`;
}
