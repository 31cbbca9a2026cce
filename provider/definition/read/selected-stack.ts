import { createHash } from "node:crypto";
import { readFileSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { isObject } from "../../json";
import { projectFile, type Stacks } from "./pulumi-files";

/**
 * The stack that `pulumi` uses in a project: that of `PULUMI_STACK`, or that of `pulumi stack
 * select`. `undefined` where none is selected.
 */
export function selectedStack(folder: string, { project }: Stacks): string | undefined {
  const { PULUMI_STACK: named, PULUMI_HOME: home = join(homedir(), ".pulumi") } = process.env;
  if (named !== undefined && named !== "") {
    return shortName(named);
  }
  const paths = [folder, realpathSync.native(folder)].flatMap((each) => projectFile(each) ?? []);
  for (const path of paths) {
    const digest = createHash("sha1").update(path).digest("hex");
    const stack = readStack(join(home, "workspaces", `${project}-${digest}-workspace.json`));
    if (stack !== undefined) {
      return shortName(stack);
    }
  }
  return undefined;
}

/** `organization/project/dev` → `dev`, as in the name of the stack's file. */
function shortName(stack: string): string {
  return stack.slice(stack.lastIndexOf("/") + 1);
}

function readStack(path: string): string | undefined {
  try {
    const settings: unknown = JSON.parse(readFileSync(path, "utf8"));
    const stack = isObject(settings) ? settings["stack"] : undefined;
    return typeof stack === "string" && stack !== "" ? stack : undefined;
  } catch {
    return undefined;
  }
}
