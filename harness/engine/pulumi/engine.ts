import { copyFileSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

import {
  LocalWorkspace,
  type PulumiCommand,
  Stack as AutomationStack,
} from "@pulumi/pulumi/automation";

import { makeTempFolder } from "../temp-folder";
import { type Engine, type Stack, type StackOptions } from "../types";
import { killableCommand } from "./command";
import { PulumiStack } from "./stack";

/**
 * The Pulumi CLI that is on PATH, through the Automation API. Hermetic: its home, its backend and
 * its config lie in a temp folder, and it downloads nothing.
 */
export class PulumiEngine implements Engine {
  readonly name = "pulumi";
  private command: Promise<PulumiCommand> | undefined;

  async stack(options: StackOptions): Promise<Stack> {
    this.command ??= killableCommand();
    const folder = makeTempFolder("pulumi");
    const stackName = options.stackName ?? "test";
    const workspace = {
      pulumiCommand: await this.command,
      envVars: { ...hermeticEnv(folder), ...options.env },
    };

    // The CLI writes Pulumi.<stack>.yaml next to Pulumi.yaml, and the project folder must not
    // change.
    const settingsFolder = join(folder, "settings");
    copyFileSync(
      join(resolve(options.workDir), "Pulumi.yaml"),
      join(settingsFolder, "Pulumi.yaml"),
    );
    const settingsWorkspace = await LocalWorkspace.create({
      ...workspace,
      workDir: settingsFolder,
    });
    const settings = await AutomationStack.create(stackName, settingsWorkspace);
    const { name: projectName } = await settingsWorkspace.projectSettings();

    const programWorkspace = await LocalWorkspace.create({
      ...workspace,
      workDir: resolve(options.workDir),
    });
    const program = await AutomationStack.select(stackName, programWorkspace);
    const configFile = join(settingsFolder, `Pulumi.${stackName}.yaml`);
    const stack = new PulumiStack({
      program,
      workspace: programWorkspace,
      settings,
      folder,
      projectName,
      configFile,
    });
    if (options.config) {
      await stack.setConfig(options.config);
    }
    return stack;
  }
}

function hermeticEnv(folder: string): Record<string, string> {
  const [home, backend] = ["home", "backend", "settings"].map((name) => {
    const path = join(folder, name);
    mkdirSync(path);
    return path;
  });
  return {
    PULUMI_HOME: home!,
    PULUMI_BACKEND_URL: `file://${backend!}`,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}
