import { type Sandbox } from "pulumi-connectors/sandbox";
import { type RunResult, type Stack } from "../../harness/engine/types";
import { type Project } from "./project";
import { brief, command, full, outcome, say } from "./screen";
import { type Outcome } from "./summary";

/** The result of a scene. */
type Told = Omit<Outcome, "title">;

/** What scenes work with. */
export interface Demo {
  readonly sandbox: Sandbox;
  readonly stack: Stack;
  readonly project: Project;
}

/** A step of the demo. */
export interface Scene {
  readonly title: string;
  /** The title. */
  readonly shows?: string;
  /** The command that a user would type. */
  readonly command: string;
  /** The expected result. */
  readonly expected: Told;
  play(demo: Demo): Promise<Told>;
}

const FILE = "databar/anthropic.ts";

async function create({ stack, sandbox }: Demo): Promise<Told> {
  sandbox.clearLogs();
  const result = expect(true, await stack.up());
  brief(result);
  say(
    `   The sandbox now holds ${sandbox.databar.connectors.length} Databar and ${sandbox.supermetrics.connectors.length} Supermetrics connectors.`,
  );
  return told(result, sandbox);
}

async function unchanged({ stack, sandbox }: Demo): Promise<Told> {
  sandbox.clearLogs();
  const result = expect(true, await stack.up());
  brief(result);
  sayCalls(sandbox);
  return told(result, sandbox);
}

async function edit({ stack, sandbox, project }: Demo): Promise<Told> {
  project.edit(FILE, '"2023-06-01"', '"2026-11-01"');
  sandbox.clearLogs();
  full(expect(true, await stack.preview()));
  command("pulumi up");
  const result = expect(true, await stack.up());
  sayCalls(sandbox);
  return told(result, sandbox);
}

async function drift({ stack, sandbox }: Demo): Promise<Told> {
  const dns = sandbox.databar.connectors.find(({ parameters }) =>
    parameters.some(({ value }) => value === "MX"),
  );
  if (dns) {
    sandbox.databar.change(dns.id, {
      parameters: dns.parameters.map(({ name, value }) => ({
        name,
        value: value === "MX" ? "TXT" : value,
      })),
    });
  }
  const rates = sandbox.supermetrics.connectors.find(({ name }) => name.includes("Frankfurter"));
  if (rates) {
    sandbox.supermetrics.change(rates.connector_identifier, { description: "Edited by hand." });
  }
  sandbox.clearLogs();
  const result = expect(true, await stack.refresh());
  full(result);
  return told(result, sandbox);
}

async function repair({ stack, sandbox }: Demo): Promise<Told> {
  sandbox.clearLogs();
  const result = expect(true, await stack.up());
  full(result);
  return told(result, sandbox);
}

async function refusal({ stack, sandbox, project }: Demo): Promise<Told> {
  const anthropic = sandbox.databar.connectors.find(({ name }) => name.startsWith("Anthropic"));
  const index = anthropic?.headers.findIndex(({ name }) => name === "anthropic-version");
  const fault = {
    loc: ["body", "headers", index, "value"],
    msg: "Value error, this version does not exist",
    type: "value_error",
  };
  sandbox.databar.fault({ method: "PUT", status: 422, body: { detail: [fault] } });
  project.edit(FILE, '"2026-11-01"', '"1999-01-01"');
  sandbox.clearLogs();
  const result = expect(false, await stack.up());
  full(result);
  project.edit(FILE, '"1999-01-01"', '"2026-11-01"');
  return told(result, sandbox);
}

async function destroy({ stack, sandbox }: Demo): Promise<Told> {
  sandbox.clearLogs();
  const result = expect(true, await stack.destroy());
  brief(result);
  say(
    `   The sandbox now holds ${sandbox.databar.connectors.length + sandbox.supermetrics.connectors.length} connectors.`,
  );
  return told(result, sandbox);
}

/** In order. */
export const SCENES: readonly Scene[] = [
  {
    title: "Create every connector of examples/gitops",
    command: "pulumi up",
    expected: { result: "16 created", calls: 30 },
    play: create,
  },
  {
    title: "Nothing changed",
    shows: "no call of either API",
    command: "pulumi up",
    expected: { result: "16 unchanged", calls: 0 },
    play: unchanged,
  },
  {
    title: "Edit one header",
    shows: "the preview shows that header, the update is a list and one write",
    command: "pulumi preview --diff",
    expected: { result: "1 changed, 15 unchanged", calls: 2 },
    play: edit,
  },
  {
    title: "Somebody edits two connectors in the web page",
    shows: "refresh shows the drift",
    command: "pulumi refresh",
    expected: { result: "2 changed, 14 unchanged", calls: 5 },
    play: drift,
  },
  {
    title: "The next update makes them equal to git again",
    command: "pulumi up",
    expected: { result: "2 changed, 14 unchanged", calls: 3 },
    play: repair,
  },
  {
    title: "Databar rejects a change",
    shows: "the failure names the property and the fix",
    command: "pulumi up",
    expected: { result: "1 failed", calls: 2 },
    play: refusal,
  },
  {
    title: "Destroy",
    command: "pulumi destroy",
    expected: { result: "16 deleted", calls: 17 },
    play: destroy,
  },
];

function calls({ databar, supermetrics }: Sandbox): string[] {
  return [...databar.log, ...supermetrics.log].map(({ method, path }) => `${method} ${path}`);
}

function sayCalls(sandbox: Sandbox): void {
  say(`   API calls: ${calls(sandbox).join(", ") || "none"}.`);
}

function told(result: RunResult, sandbox: Sandbox): Told {
  return { result: outcome(result), calls: calls(sandbox).length };
}

/** Throws when a step does not end as expected. */
function expect(ok: boolean, result: RunResult): RunResult {
  if (result.ok !== ok) {
    throw new Error(`This step should have ${ok ? "succeeded" : "failed"}:\n${result.text}`);
  }
  return result;
}
