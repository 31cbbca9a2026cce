/** Helpers for failure scenarios. */
import { type Sandbox } from "pulumi-connectors/sandbox";
import { type RunResult, type StateResource } from "../../harness/engine/types";
import { type Declared, type World } from "../../harness/e2e/world";

export const SECRET = "canary-value-9f8e7d6c";
export const PAGE = "<!DOCTYPE html><html><body>Gateway page</body></html>";

export function databar(name: string, version: string): Declared {
  const args = {
    ...{
      name,
      method: "post",
      url: `https://api.example.com/${version}/score`,
      bodyTemplate: "{}",
      maxConcurrency: 2,
    },
    ...{
      headers: { Authorization: `Bearer ${SECRET}`, "X-Region": "emea" },
      parameters: { domain: "" },
    },
  };
  return { type: "DatabarConnector", args };
}

export function supermetrics(name: string, version: string): Declared {
  return { type: "SupermetricsConnector", args: { name, description: `Version /${version}/.` } };
}

/** The engine's error messages for a resource. */
export function messageOf(result: RunResult, name: string): string {
  const messages = result.diagnostics.filter(
    ({ severity, urn }) => severity === "error" && urn?.endsWith(`::${name}`),
  );
  if (messages.length === 0) {
    throw new Error(`Nothing is said against ${name}:\n${result.text}`);
  }
  return messages.map(({ message }) => message).join("\n");
}

/** The connectors in the state. */
export async function managed({ stack }: World): Promise<readonly StateResource[]> {
  return (await stack.exportState()).resources.filter(({ type }) => type.includes("Connector"));
}

export function count({ databar: first, supermetrics: second }: Sandbox, method: string): number {
  return [...first.log, ...second.log].filter((entry) => entry.method === method).length;
}
