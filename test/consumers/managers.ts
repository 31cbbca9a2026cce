/** Package managers at fixed versions, so that a result depends on the package alone. */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface Manager {
  readonly name: string;
  /** The package for `npm exec`; for npm itself, the npm that runs this script. */
  readonly from?: string;
  readonly install: readonly string[];
  /** Configuration files that a project needs. */
  readonly settings: Readonly<Record<string, string>>;
}

export const MANAGERS: readonly Manager[] = [
  { name: "npm", install: ["npm", "install", "--no-audit", "--no-fund"], settings: {} },
  {
    name: "pnpm",
    from: "pnpm@12.21.0",
    install: ["pnpm", "install"],
    // Pulumi's SDK depends on a package with an optional install script; pnpm requires an explicit
    // decision about it.
    settings: { "pnpm-workspace.yaml": "allowBuilds:\n  protobufjs: false\n" },
  },
  {
    name: "yarn",
    from: "yarn@1.22.22",
    // Its cache knows a packed file by name and version, and would give the package of another run.
    install: ["yarn", "install", "--no-progress", "--cache-folder", ".yarn-cache"],
    settings: {},
  },
  {
    name: "yarn-berry",
    from: "@yarnpkg/cli-dist@4.18.1",
    install: ["yarn", "install"],
    settings: { ".yarnrc.yml": "nodeLinker: node-modules\nenableTelemetry: false\n" },
  },
];

/** Installs the dependencies of a project. Rejects with the output of the package manager. */
export async function install({ from, install, settings }: Manager, folder: string): Promise<void> {
  for (const [file, text] of Object.entries(settings)) {
    writeFileSync(join(folder, file), text);
  }
  const command =
    from === undefined ? install : ["npm", "exec", "--yes", `--package=${from}`, "--", ...install];
  await npm(command, folder);
}

/** Runs a tool in a folder like a user, without the environment of this script. */
export async function npm(
  [command = "", ...args]: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(npm_(package|lifecycle)_|npm_config_local_prefix$|INIT_CWD$)/i.test(name),
  );
  const env = {
    ...Object.fromEntries(own),
    ...(await registries()),
    YARN_ENABLE_IMMUTABLE_INSTALLS: "false",
    ...environment,
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
    // The message contains the output on stderr.
    const { message, stdout } = error as Error & { stdout: string };
    throw new Error(`${message}\n${stdout}`);
  }
}

let known: Promise<Record<string, string>> | undefined;

/** Both versions of yarn have their own default registry; here they use npm's. */
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
