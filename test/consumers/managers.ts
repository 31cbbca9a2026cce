/** Package managers that install a project, at fixed versions, so that a run says something about the package alone. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface Manager {
  readonly name: string;
  /** What `npm exec` runs it from; npm is the one that runs this script. */
  readonly from?: string;
  readonly install: readonly string[];
  /** Settings that a project needs, by file. */
  readonly settings: Readonly<Record<string, string>>;
}

export const MANAGERS: readonly Manager[] = [
  { name: "npm", install: ["npm", "install", "--no-audit", "--no-fund"], settings: {} },
  {
    name: "pnpm",
    from: "pnpm@12.21.0",
    install: ["pnpm", "install"],
    // Pulumi's SDK brings a package with an install script, which it works without; pnpm wants to hear that.
    settings: { "pnpm-workspace.yaml": "allowBuilds:\n  protobufjs: false\n" },
  },
  {
    name: "yarn",
    from: "yarn@1.22.22",
    install: ["yarn", "install", "--no-progress"],
    settings: {},
  },
  {
    name: "yarn-berry",
    from: "@yarnpkg/cli-dist@4.18.1",
    install: ["yarn", "install"],
    settings: { ".yarnrc.yml": "nodeLinker: node-modules\nenableTelemetry: false\n" },
  },
];

/** Installs what a project's package.json names. Rejects with what the manager said. */
export async function install({ from, install, settings }: Manager, folder: string): Promise<void> {
  for (const [file, text] of Object.entries(settings)) {
    writeFileSync(join(folder, file), text);
  }
  const command =
    from === undefined ? install : ["npm", "exec", "--yes", `--package=${from}`, "--", ...install];
  await npm(command, folder);
}

/** Runs a command of npm's family in a folder as a user would there: not as part of this script. */
export async function npm(
  [command = "", ...args]: readonly string[],
  cwd: string,
): Promise<string> {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(npm_(package|lifecycle)_|npm_config_local_prefix$|INIT_CWD$)/i.test(name),
  );
  const env = {
    ...Object.fromEntries(own),
    ...(await registries()),
    YARN_ENABLE_IMMUTABLE_INSTALLS: "false",
  };
  try {
    return (
      await run(command, args, {
        cwd,
        env,
        shell: process.platform === "win32",
        maxBuffer: 2 ** 26,
      })
    ).stdout;
  } catch (error) {
    // The message holds what was written to stderr.
    const { message, stdout } = error as Error & { stdout: string };
    throw new Error(`${message}\n${stdout}`);
  }
}

let known: Promise<Record<string, string>> | undefined;

/** Both kinds of yarn have a registry of their own; here they use npm's. */
function registries(): Promise<Record<string, string>> {
  known ??= run("npm", ["config", "get", "registry"], { shell: process.platform === "win32" }).then(
    ({ stdout }) => ({
      npm_config_registry: stdout.trim(),
      YARN_REGISTRY: stdout.trim(),
      YARN_NPM_REGISTRY_SERVER: stdout.trim(),
    }),
  );
  return known;
}
