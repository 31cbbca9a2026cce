/**
 * `npm run jinja-vectors`: has Python's jinja2 judge and render the templates of the tests. Needs
 * python3; installs jinja2 into a temporary folder.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";

/** Another version may judge otherwise. */
const JINJA2 = "jinja2==3.1.6";

const FOLDER = resolve(__dirname, "../../test/fixtures/jinja");

/** Templates that share a context. */
interface Group {
  readonly group: string;
  readonly context: Readonly<Record<string, unknown>>;
  readonly templates: Readonly<Record<string, string>>;
}

function main(): void {
  const groups = parse(readFileSync(join(FOLDER, "templates.yaml"), "utf8")) as readonly Group[];
  const templates = groups.flatMap(({ group, context, templates: each }) =>
    Object.entries(each).map(([name, template]) => ({
      name: `${group}: ${name}`,
      template,
      context,
    })),
  );
  const folder = mkdtempSync(join(tmpdir(), "jinja2-"));
  try {
    execFileSync("python3", ["-m", "venv", folder]);
    const python = join(folder, process.platform === "win32" ? "Scripts/python" : "bin/python");
    execFileSync(python, ["-m", "pip", "install", "--quiet", JINJA2], { stdio: "inherit" });
    const vectors = execFileSync(python, [join(__dirname, "render.py")], {
      input: JSON.stringify(templates),
      encoding: "utf8",
    });
    writeFileSync(join(FOLDER, "vectors.json"), oneLineEach(JSON.parse(vectors) as unknown[]));
    process.stdout.write(`${templates.length} templates\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** JSON with a line per vector, for readable differences. */
function oneLineEach(vectors: readonly unknown[]): string {
  return `[\n${vectors.map((vector) => JSON.stringify(vector)).join(",\n")}\n]\n`;
}

main();
