/**
 * `npm run screenshots`: writes the images in docs/images/ from the output of the commands. Runs
 * the demo, which takes a minute; `npm run screenshots validate plan` writes only these two.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { imageOf, imagePath, SCREENS } from "./screens";

const ROOT = resolve(__dirname, "../..");

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.filter((each) => !SCREENS.some(({ name }) => name === each));
  if (unknown.length > 0) {
    throw new Error(
      `no image is called ${unknown.join(", ")}. There are ${SCREENS.map(({ name }) => name).join(", ")}.`,
    );
  }
  for (const screen of SCREENS.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const printed = await screen.print();
    if (screen.name === "demo") {
      playDemo(printed.split("\n").slice(2).join("\n"));
    }
    const path = imagePath(screen);
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), imageOf(screen, printed));
    process.stdout.write(`${path}\n`);
  }
}

/** @throws when the demo fails, or its final table is not the one that the image shows. */
function playDemo(table: string): void {
  const printed = execFileSync(
    process.execPath,
    ["--import", "tsx", join(ROOT, "scripts/demo/demo.ts")],
    { cwd: ROOT, encoding: "utf8", env: { ...process.env, FORCE_COLOR: "1", NO_COLOR: "" } },
  );
  if (!printed.includes(table)) {
    throw new Error(`The demo ended otherwise:\n${printed}`);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
