/** `npm run release-notes -- v1.2.3`: prints the section of the changelog for a tag. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/**
 * The changelog's section of a version, without its heading.
 *
 * @throws when the tag does not match the package's version, or the section is missing or empty.
 */
export function releaseNotes(tag: string, version: string, changelog: string): string {
  if (tag !== `v${version}`) {
    throw new Error(
      `The tag ${tag} does not name the package's version ${version}: it must be v${version}.`,
    );
  }
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((each) => each.startsWith(`[${version}] - `));
  if (section === undefined) {
    throw new Error(`CHANGELOG.md has no section "## [${version}] - <date>".`);
  }
  const [heading = "", ...lines] = section.split("\n");
  if (!/ - \d{4}-\d{2}-\d{2}$/.test(heading)) {
    throw new Error(
      `CHANGELOG.md: "## ${heading}" must end with the day of the release, such as 2025-01-31.`,
    );
  }
  const notes = lines.join("\n").trim();
  if (notes === "") {
    throw new Error(`CHANGELOG.md has an empty section for ${version}.`);
  }
  return `${notes}\n`;
}

function main(tag = ""): void {
  const root = resolve(__dirname, "..");
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    version: string;
  };
  try {
    process.stdout.write(
      releaseNotes(tag, version, readFileSync(join(root, "CHANGELOG.md"), "utf8")),
    );
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

if (require.main === module) {
  main(process.argv[2]);
}
