import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";

/** What Pulumi.yaml says, as far as this engine cares. */
export interface Project {
  name: string;
  /** The folder of Pulumi.yaml. */
  folder: string;
  /** Where the program and the providers run: the folder of `main`. */
  programFolder: string;
  /** What to hand to the program runner: a file in the program's folder, or "." for all of it. */
  entry: string;
  typescript: boolean;
  nodeArgs: string[];
  /** The executables of native providers that `plugins` names, by package. */
  plugins: Record<string, string>;
  /** Resolves modules as the program would, falling back to this repository. */
  resolveModule: (specifier: string) => string;
}

/** @throws if Pulumi.yaml or the program is missing, or if the runtime is not Node. */
export function loadProject(workDir: string): Project {
  const folder = resolve(workDir);
  const settings = readSettings(folder);
  const runtime =
    typeof settings.runtime === "string" ? { name: settings.runtime } : settings.runtime;
  if (runtime.name !== "nodejs") {
    throw new Error(`The local engine runs Node programs, not ${runtime.name}: ${folder}`);
  }
  const { programFolder, entry } = locateProgram(folder, settings.main);
  return {
    name: settings.name,
    folder,
    programFolder,
    entry,
    typescript: runtime.options?.typescript ?? true,
    nodeArgs: runtime.options?.nodeargs?.split(" ") ?? [],
    plugins: pluginsOf(folder, settings),
    resolveModule: moduleResolver(folder),
  };
}

/** The project's name, and the config values that it sets itself. */
export function loadSettings(workDir: string): { name: string; config: Record<string, string> } {
  const settings = readSettings(resolve(workDir));
  return { name: settings.name, config: projectConfig(settings) };
}

function readSettings(folder: string): ProjectSettings {
  const file = join(folder, "Pulumi.yaml");
  if (!existsSync(file)) {
    throw new Error(`There is no Pulumi.yaml in ${folder}.`);
  }
  return parseYaml(readFileSync(file, "utf8"), moduleResolver(folder)) as ProjectSettings;
}

interface ProjectSettings {
  name: string;
  runtime: string | { name: string; options?: { typescript?: boolean; nodeargs?: string } };
  main?: string;
  config?: Record<string, unknown>;
  plugins?: { providers?: { name: string; path: string }[] };
}

function pluginsOf(folder: string, { plugins }: ProjectSettings): Record<string, string> {
  return Object.fromEntries(
    (plugins?.providers ?? []).map(({ name, path }) => [
      name,
      resolve(folder, path, `pulumi-resource-${name}`),
    ]),
  );
}

function locateProgram(
  folder: string,
  main: string | undefined,
): { programFolder: string; entry: string } {
  const path = resolve(folder, main ?? ".");
  if (!existsSync(path)) {
    throw new Error(`The program that Pulumi.yaml names does not exist: ${path}`);
  }
  return statSync(path).isDirectory()
    ? { programFolder: path, entry: "." }
    : { programFolder: dirname(path), entry: basename(path) };
}

function projectConfig(settings: ProjectSettings): Record<string, string> {
  const entries = Object.entries(settings.config ?? {}).flatMap(([key, value]) => {
    const setting =
      typeof value === "object" && value !== null
        ? (value as { value?: unknown; default?: unknown })
        : { value };
    const chosen = setting.value ?? setting.default;
    return chosen === undefined
      ? []
      : [[key.includes(":") ? key : `${settings.name}:${key}`, asText(chosen)] as const];
  });
  return Object.fromEntries(entries);
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function moduleResolver(folder: string): (specifier: string) => string {
  const project = createRequire(join(folder, "package.json"));
  return (specifier) => {
    try {
      return project.resolve(specifier);
    } catch {
      return require.resolve(specifier);
    }
  };
}

/** With the parser that `@pulumi/pulumi` brings along and itself reads this file with. */
function parseYaml(text: string, resolveModule: (specifier: string) => string): unknown {
  const pulumi = createRequire(resolveModule("@pulumi/pulumi/package.json"));
  return (pulumi("js-yaml") as { load(text: string): unknown }).load(text);
}
