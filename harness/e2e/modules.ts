import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = resolve(__dirname, "../..");

/**
 * Gives a folder the dependencies of an installed project: this package, as built, and our own
 * Pulumi, its policy SDK, TypeScript and tsx.
 */
export function linkModules(folder: string): void {
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, "@pulumi"), { recursive: true });
  symlinkSync(ROOT, join(modules, "pulumi-connectors"), "junction");
  for (const name of ["@pulumi/pulumi", "@pulumi/policy", "typescript", "ts-node", "tsx"]) {
    symlinkSync(join(ROOT, "node_modules", name), join(modules, name), "junction");
  }
}

/** Gives a folder the command `npx pulumi-connectors`, as built. */
export function linkCommand(folder: string): void {
  const commands = join(folder, "node_modules/.bin");
  mkdirSync(commands, { recursive: true });
  writeFileSync(
    join(commands, "pulumi-connectors"),
    `#!/bin/sh\nexec node "${join(ROOT, "dist/cli/main.js")}" "$@"\n`,
    { mode: 0o755 },
  );
}
