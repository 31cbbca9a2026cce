/**
 * `npm run demo`: deploys examples/gitops into the sandbox through whichever engine is there, and shows a connector's
 * whole life. Leaves nothing behind, also when it is interrupted.
 */
import { type Sandbox, startSandbox } from "pulumi-connectors/sandbox";
import { describeEngine, selectEngine } from "../engine/select";
import { type RunResult, type Stack } from "../engine/types";
import { copyGitops, type Project } from "./project";
import { brief, full, heading, say } from "./screen";
import { demoConfig } from "./config";

interface Demo {
  readonly sandbox: Sandbox;
  readonly stack: Stack;
  readonly project: Project;
}

const FILE = "databar/anthropic.ts";

async function create({ stack, sandbox }: Demo): Promise<void> {
  heading(1, "Create every connector of examples/gitops", "pulumi up");
  brief(expect(true, await stack.up()));
  say(`   The sandbox now holds ${sandbox.databar.connectors.length} Databar and ${sandbox.supermetrics.connectors.length} Supermetrics connectors.`);
}

async function unchanged({ stack, sandbox }: Demo): Promise<void> {
  sandbox.clearLogs();
  heading(2, "Nothing changed: no call of either API", "pulumi up");
  brief(expect(true, await stack.up()));
  say(`   API calls: ${calls(sandbox)}.`);
}

async function edit({ stack, sandbox, project }: Demo): Promise<void> {
  project.edit(FILE, '"2023-06-01"', '"2026-11-01"');
  heading(3, "Edit one header: the preview shows that header, the update is one call", "pulumi preview --diff");
  full(expect(true, await stack.preview()));
  sandbox.clearLogs();
  say("   $ pulumi up");
  expect(true, await stack.up());
  say(`   API calls: ${calls(sandbox)}.`);
}

async function drift({ stack, sandbox }: Demo): Promise<void> {
  const dns = sandbox.databar.connectors.find(({ parameters }) => parameters.some(({ value }) => value === "MX"));
  if (dns) sandbox.databar.change(dns.id, { parameters: dns.parameters.map(({ name, value }) => ({ name, value: value === "MX" ? "TXT" : value })) });
  const rates = sandbox.supermetrics.connectors.find(({ name }) => name.includes("Frankfurter"));
  if (rates) sandbox.supermetrics.change(rates.connector_identifier, { description: "Edited by hand." });
  heading(4, "Somebody edits two connectors in the web page: refresh shows the drift", "pulumi refresh");
  full(expect(true, await stack.refresh()));
  heading(5, "The next update makes them equal to git again", "pulumi up");
  full(expect(true, await stack.up()));
}

async function refusal({ stack, sandbox, project }: Demo): Promise<void> {
  const anthropic = sandbox.databar.connectors.find(({ name }) => name.startsWith("Anthropic"));
  const index = anthropic?.headers.findIndex(({ name }) => name === "anthropic-version");
  const fault = { loc: ["body", "headers", index, "value"], msg: "Value error, this version does not exist", type: "value_error" };
  sandbox.databar.fault({ method: "PUT", status: 422, body: { detail: [fault] } });
  project.edit(FILE, '"2026-11-01"', '"1999-01-01"');
  heading(6, "Databar rejects a change: the failure names the property and the fix", "pulumi up");
  full(expect(false, await stack.up()));
  project.edit(FILE, '"1999-01-01"', '"2026-11-01"');
}

async function destroy({ stack, sandbox }: Demo): Promise<void> {
  heading(7, "Destroy", "pulumi destroy");
  brief(expect(true, await stack.destroy()));
  say(`   The sandbox now holds ${sandbox.databar.connectors.length + sandbox.supermetrics.connectors.length} connectors.`);
}

function calls(sandbox: Sandbox): string {
  const all = [...sandbox.databar.log, ...sandbox.supermetrics.log].map(({ method, path }) => `${method} ${path}`);
  return all.length === 0 ? "none" : all.join(", ");
}

/** The demo proves what it shows: a step that ends otherwise ends the demo. */
function expect(ok: boolean, result: RunResult): RunResult {
  if (result.ok !== ok) throw new Error(`This step should have ${ok ? "succeeded" : "failed"}:\n${result.text}`);
  return result;
}

async function main(): Promise<void> {
  const started = Date.now();
  say("pulumi-connectors: a connector's life, in a sandbox of both vendors");
  say(describeEngine());
  const sandbox = await startSandbox();
  const project = copyGitops();
  const stack = await selectEngine().stack({ workDir: project.folder, stackName: "demo", config: demoConfig(sandbox), env: { PULUMI_NODEJS_TRANSPILE_ONLY: "true" } });
  try {
    for (const scene of [create, unchanged, edit, drift, refusal, destroy]) await scene({ sandbox, stack, project });
  } finally {
    await stack.remove();
    await sandbox.close();
  }
  say();
  say(`Done in ${Math.round((Date.now() - started) / 1000)} s.`);
}

for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(130));

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
