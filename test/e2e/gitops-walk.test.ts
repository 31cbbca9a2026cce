/**
 * Runs the commands of the README's GitOps section in an empty folder: a new project, a new
 * connector and its request, export, edit a header, validate, plan, deploy.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { startSandbox } from "pulumi-connectors/sandbox";
import { selectEngine } from "../../harness/engine/select";
import { deleteTempFolder, makeTempFolder } from "../../harness/engine/temp-folder";
import { type RunResult, type Stack } from "../../harness/engine/types";
import { type CommandRun, runCommand } from "../../harness/e2e/command";
import { linkModules } from "../../harness/e2e/modules";
import { DATABAR_KEY, engineLine, expectOk, sandboxConfig } from "../../harness/e2e/world";

jest.setTimeout(240_000);

const section = readFileSync(resolve(__dirname, "../../README.md"), "utf8")
  .split("\n## GitOps")[1]!
  .split("\n## ")[0]!;
const blocks = (language: string): string[] =>
  [...section.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))].map(
    ([, text]) => text!,
  );

/** As a shell splits them. */
const wordsOf = (command: string): string[] =>
  [...command.matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word);

it(`${engineLine}. The README's GitOps section works as written`, async () => {
  const sandbox = await startSandbox();
  const empty = makeTempFolder("gitops");
  let folder = empty;
  let stack: Stack | undefined;
  try {
    const { databar } = sandbox;
    databar.seed({
      name: "Scoring",
      method: "post",
      url: "https://api.example.com/v1/score",
      headers: [
        { name: "Authorization", value: "Bearer canary-123" },
        { name: "Accept", value: "text/csv" },
      ],
    });
    databar.seed({ name: "Orders", method: "get", url: "https://api.example.com/orders" });
    const before = structuredClone(databar.connectors);
    const commands = blocks("sh")
      .flatMap((block) => block.trim().split("\n"))
      .flatMap((line) => line.split(" && "))
      .map((line) => line.replace(/\s+#.*$/, ""))
      // The modules are linked instead.
      .filter((line) => line !== "npm install");
    const environment: Record<string, string> = { DATABAR_BASE_URL: databar.url };
    const runs: CommandRun[] = [];
    const results: RunResult[] = [];
    for (const command of commands) {
      switch (
        command
          .replace(/ -- .*/, "")
          .split(" ")
          .slice(0, 3)
          .join(" ")
      ) {
        case "cd connectors":
          folder = join(empty, "connectors");
          linkModules(folder);
          break;
        case "export DATABAR_API_KEY=…":
          environment["DATABAR_API_KEY"] = DATABAR_KEY;
          break;
        case "pulumi stack init":
          stack = await selectEngine().stack({
            workDir: folder,
            config: Object.fromEntries(
              Object.entries(sandboxConfig(sandbox)).filter(
                ([key]) => key.startsWith("databar:") && key !== "databar:apiKey",
              ),
            ),
          });
          break;
        case "pulumi config set":
          await stack!.setConfig({ [command.split(" ").at(-1)!]: { secret: DATABAR_KEY } });
          break;
        case "npx pulumi-connectors set-values": {
          // Runs the engine's own command, which the local engine does not have.
          expect(command).toBe("npx pulumi-connectors set-values < connectors.values.json");
          const values = JSON.parse(
            readFileSync(join(folder, "connectors.values.json"), "utf8"),
          ) as Record<string, { value: string; secret: boolean }>;
          expect(values).toEqual({
            "connectors:scoringAuthorization": { value: "canary-123", secret: true },
          });
          await stack!.setConfig(
            Object.fromEntries(
              Object.entries(values).map(([key, { value }]) => [key, { secret: value }]),
            ),
          );
          break;
        }
        case "rm connectors.values.json":
        case "rm connectors/company.yaml connectors/google-dns.yaml":
          command
            .split(" ")
            .slice(1)
            .forEach((file) => rmSync(join(folder, file)));
          break;
        case "pulumi up":
          results.push(expectOk(await stack!.up()));
          if (results.length === 1) {
            expect(databar.log.filter(({ method }) => method !== "GET")).toEqual([]);
            expect(databar.connectors).toEqual(before);
            const file = join(folder, "connectors/scoring.yaml");
            writeFileSync(
              file,
              readFileSync(file, "utf8").replace("Accept: text/csv", "Accept: application/json"),
            );
          }
          break;
        default:
          expect(command).toMatch(/^npx pulumi-connectors /);
          runs.push(await runCommand(wordsOf(command).slice(2), folder, environment));
      }
    }
    const asked = `Databar: asking ${databar.url} (no stack)\n`;
    expect(runs.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual([
      [0, ""],
      [0, ""],
      [0, ""],
      [0, asked],
      [0, ""],
      [0, asked],
      [0, ""],
      [3, asked],
    ]);
    const uncompared =
      "\nNot compared: 1 encrypted value of 1 connector. To compare:\n  pulumi config --json --show-secrets |\n    npx pulumi-connectors plan --config-file -\n\n";
    const orders =
      "orders   adopt, unchanged (id 2): nothing is written\n      DatabarConnector, connectors/orders.yaml:3";
    expect(runs.map(({ stdout }) => stdout)).toEqual([
      expect.stringContaining("Wrote a project to connectors:"),
      expect.stringContaining("Wrote connectors/company.yaml."),
      "GET https://api.example.com/v1/companies?domain=acme.com\nAccept: application/json\n",
      expect.stringContaining("2 connectors exported to connectors."),
      "No problems. 2 connectors checked.\n",
      `Databar\n  = ${orders}\n  = scoring  adopt, unchanged (id 1): nothing is written\n      DatabarConnector, connectors/scoring.yaml:3\n${uncompared}2 unchanged.\n`,
      "No problems. 2 connectors checked.\n",
      `Databar\n  = ${orders}\n  ~ scoring  adopt, update (id 1)  DatabarConnector, connectors/scoring.yaml:3\n      headers.Accept: "text/csv" → "application/json"\n${uncompared}1 to update, 1 unchanged.\n`,
    ]);
    expect(results.at(-1)!.changes).toMatchObject({ update: 1 });
    expect(
      databar.log
        .filter(({ method }) => method !== "GET")
        .map(({ method, path }) => `${method} ${path}`),
    ).toEqual(["PUT /v1/connectors/1"]);
    expect(databar.connectors).toEqual([
      {
        ...before[0]!,
        headers: [
          { name: "Accept", value: "application/json" },
          { name: "Authorization", value: "Bearer canary-123" },
        ],
      },
      before[1],
    ]);
    expect(existsSync(join(folder, "connectors.values.json"))).toBe(false);
    const texts = readdirSync(join(folder, "connectors")).map((name) =>
      readFileSync(join(folder, "connectors", name), "utf8"),
    );
    expect(
      [
        ...texts,
        ...runs.flatMap(({ stdout, stderr }) => [stdout, stderr]),
        ...results.map(({ text }) => text),
      ].join(""),
    ).not.toContain("canary");
  } finally {
    await stack?.remove();
    await sandbox.close();
    deleteTempFolder(empty);
  }
});
