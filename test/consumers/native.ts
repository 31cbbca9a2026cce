/** Projects that use the native packages: in Pulumi YAML, and with SDKs that the CLI generates. */
import { renameSync } from "node:fs";
import { join } from "node:path";
import { isOnPath } from "../../harness/engine/select";
import { VENDOR_NAMES } from "../../provider/vendors/index";
import { npm } from "./managers";

interface Native {
  /** What must be on PATH beside Pulumi's CLI. */
  readonly needs: readonly string[];
  /** What is written after the SDKs are there: to add one, Go resolves all imports. */
  readonly program?: string;
  /**
   * Commands that check the program with the SDKs; a Go program is compiled by its deployment.
   * Projects without any need no SDK.
   */
  readonly compile?: readonly (readonly string[])[];
}

const VENV = process.platform === "win32" ? "venv/Scripts/python" : "venv/bin/python";

/** By the names of the folders in `projects`. */
const NATIVE: Readonly<Record<string, Native>> = {
  "native-yaml": { needs: ["pulumi-language-yaml"] },
  "native-nodejs": {
    needs: ["pulumi-language-nodejs"],
    compile: [["npx", "tsc", "--noEmit", "--project", "."]],
  },
  "native-python": {
    needs: ["pulumi-language-python", "python3"],
    compile: [[VENV, "-m", "mypy", "--strict", "__main__.py"]],
  },
  "native-go": {
    needs: ["pulumi-language-go", "go"],
    program: "main.go",
    compile: [["go", "mod", "tidy"]],
  },
};

/** Connectors in the fleet of each of these projects. */
export const FLEET: readonly string[] = ["North"];

export function isNative(kind: string): boolean {
  return kind in NATIVE;
}

/** What a project of this kind needs and this machine lacks. */
export function missingTools(kind: string): string[] {
  return ["pulumi", ...(NATIVE[kind]?.needs ?? [])].filter((tool) => !isOnPath(tool));
}

/**
 * Adds the SDKs of both packages to an installed project, as docs/native.md says, and compiles its
 * program.
 *
 * @param home for what Pulumi's CLI keeps.
 */
export async function addSdks(folder: string, kind: string, home: string): Promise<void> {
  const { program, compile } = NATIVE[kind] ?? {};
  if (compile === undefined) {
    return;
  }
  const aside = join(folder, "program.txt");
  if (program !== undefined) {
    renameSync(join(folder, program), aside);
  }
  const environment = { PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" };
  for (const vendor of VENDOR_NAMES) {
    const plugin = `./node_modules/pulumi-connectors/plugin/${vendor}`;
    await npm(["pulumi", "package", "add", plugin, "--non-interactive"], folder, environment);
  }
  if (program !== undefined) {
    renameSync(aside, join(folder, program));
  }
  for (const command of compile) {
    await npm(command, folder);
  }
}
