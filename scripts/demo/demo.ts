/**
 * `npm run demo`: deploys examples/gitops into the sandbox through whichever engine is there, and shows a connector's
 * whole life. Leaves nothing behind, also when it is interrupted.
 */
import { startSandbox } from "pulumi-connectors/sandbox";
import { styleFor } from "../../provider/cli/terminal/style";
import { describeEngine, selectEngine } from "../../harness/engine/select";
import { demoConfig } from "./config";
import { copyGitops } from "./project";
import { type Demo, SCENES } from "./scenes";
import { command, heading, say } from "./screen";
import { type Outcome, summary } from "./summary";

/** Plays every scene. The demo proves what it shows: a scene that ends otherwise ends the demo. */
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
