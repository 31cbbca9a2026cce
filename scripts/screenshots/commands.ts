/**
 * Runs the real commands in this process, in a temporary project, and captures what an 80-column
 * terminal shows.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { planCommand } from "../../provider/cli/plan";
import { validateCommand } from "../../provider/cli/validate";
import { startSandbox } from "../../provider/sandbox/index";
import { BROKEN_DEFINITIONS, DEFINITIONS } from "./definitions";

/** `validate` of definitions with faults. */
export function validateScreen(): Promise<string> {
  return inProject(BROKEN_DEFINITIONS, (output) =>
    validateCommand([], { format: "pretty" }, output),
  );
}

/** `plan` of the same definitions, corrected, against workspaces that differ from them. */
export async function planScreen(): Promise<string> {
  const sandbox = await startSandbox();
  try {
    const { databar, supermetrics } = sandbox;
    const parameters = (...names: string[]): { name: string; value: string }[] =>
      names.map((name) => ({ name, value: "" }));
    databar.seed({
      name: "Hunter: e-mail finder",
      method: "get",
      url: "https://api.hunter.io/v2/email-finder",
      headers: [
        { name: "Accept", value: "text/html" },
        { name: "Authorization", value: "Bearer stored" },
      ],
      parameters: parameters("domain", "first_name", "last_name"),
    });
    databar.seed({
      name: "Companies House",
      method: "get",
      url: "https://api.company-information.service.gov.uk/search/companies",
      parameters: parameters("q"),
    });
    databar.seed({
      name: "Copy of Hunter (test)",
      method: "get",
      url: "https://api.hunter.io/v2/email-finder",
    });
    const reportTypes = [
      {
        id: "transactions",
        title: "Transactions",
        request: {
          method: "GET",
          url: "https://api.awin.com/publishers/{{account.id}}/commissions/",
        },
      },
    ];
    supermetrics.seed({
      connector_identifier: "AWIN1",
      name: "Awin",
      description: "Transactions per advertiser.",
      configuration_json: { reporting: { reportTypes } },
    });
    const config = [
      `databar:baseUrl=${databar.url}`,
      "databar:apiKey=any",
      `supermetrics:baseUrl=${supermetrics.url}`,
      "supermetrics:apiKey=any",
      "supermetrics:teamId=936506",
    ];
    return await inProject(DEFINITIONS, (output) =>
      planCommand([], { format: "pretty", config, quiet: true }, output),
    );
  } finally {
    await sandbox.close();
  }
}

/** A stream that supports colors. */
function terminal(printed: string[]): NodeJS.WriteStream {
  return {
    isTTY: true,
    columns: 80,
    write: (text: string) => printed.push(text) > 0,
  } as unknown as NodeJS.WriteStream;
}

/**
 * The output of a command in a folder with these files. Ignores color settings of the environment.
 */
async function inProject(
  files: Readonly<Record<string, string>>,
  command: (output: NodeJS.WriteStream) => number | Promise<number>,
): Promise<string> {
  const before = { cwd: process.cwd(), env: process.env };
  const folder = mkdtempSync(join(tmpdir(), "screenshots-"));
  const printed: string[] = [];
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    process.chdir(folder);
    process.env = { ...before.env, FORCE_COLOR: "1", NO_COLOR: "" };
    await command(terminal(printed));
  } finally {
    process.env = before.env;
    process.chdir(before.cwd);
    rmSync(folder, { recursive: true });
  }
  return printed.join("");
}
