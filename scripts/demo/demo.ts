/**
 * `npm run demo`: deploys examples/gitops into the sandbox with the engine that is available, and
 * shows the life of its connectors from create to delete. Cleans up after itself, even when
 * interrupted.
 */
import { startSandbox } from "pulumi-connectors/sandbox";
import { styleFor } from "../../provider/cli/terminal/style";
import { describeEngine, selectEngine } from "../../harness/engine/select";
import { demoConfig } from "./config";
import { copyGitops } from "./project";
import { type Demo, SCENES } from "./scenes";
import { command, heading, say } from "./screen";
import { type Outcome, summary } from "./summary";

/** Runs every scene. Stops with an error at the first scene that does not end as expected. */
async function play(demo: Demo): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [index, scene] of SCENES.entries()) {
    const { title, shows, expected } = scene;
    heading(`${index + 1}. ${title}${shows === undefined ? "" : `: ${shows}`}`);
    command(scene.command);
    const { result, calls } = await scene.play(demo);
    if (result !== expected.result || calls !== expected.calls) {
      throw new Error(
        `${title}: ${result} with ${calls} calls, where ${expected.result} with ${expected.calls} calls was expected`,
      );
    }
    outcomes.push({ title, result, calls });
  }
  return outcomes;
}

async function main(): Promise<void> {
  const started = Date.now();
  say("pulumi-connectors: a connector's life, in a sandbox of both vendors");
  say(describeEngine());
  const sandbox = await startSandbox();
  const project = copyGitops();
  const stack = await selectEngine().stack({
    workDir: project.folder,
    stackName: "demo",
    config: demoConfig(sandbox),
    env: { PULUMI_NODEJS_TRANSPILE_ONLY: "true" },
  });
  try {
    const outcomes = await play({ sandbox, stack, project });
    say();
    process.stdout.write(summary(outcomes, styleFor(process.stdout)));
  } finally {
    await stack.remove();
    await sandbox.close();
  }
  say();
  say(`Done in ${Math.round((Date.now() - started) / 1000)} s.`);
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => process.exit(130));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
