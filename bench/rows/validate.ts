/**
 * The duration of the process `pulumi-connectors validate` for a folder with one connector per
 * file.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { runCommand } from "../../harness/e2e/command";
import { deleteTempFolder, makeTempFolder } from "../../harness/engine/temp-folder";
import { type Definition, definitions } from "../definitions";
import { type Row } from "../row";
import { type VendorName } from "../sandbox-process";
import { seconds, spread } from "../stats";

const TYPES: Readonly<Record<VendorName, string>> = {
  databar: "DatabarConnector",
  supermetrics: "SupermetricsConnector",
};

export const validate: Row = {
  ids: ["validate"],
  async run(bench) {
    const n = bench.size(1_000, 1_000);
    const folder = makeTempFolder("bench");
    try {
      writeProject(folder, n);
      const times: number[] = [];
      for (let run = bench.runs(7, 5); run > 0; run--) {
        times.push(
          await seconds(async () => {
            const { exitCode, stdout, stderr } = await runCommand(
              ["validate", "connectors"],
              folder,
            );
            if (exitCode !== 0) {
              throw new Error(`${stdout}${stderr}`.slice(0, 2_000));
            }
          }),
        );
      }
      const value = spread(times);
      return [
        {
          id: "validate",
          what: "`validate` as a process, one definition per file, half of them for each vendor",
          n,
          unit: "s",
          value,
          goal: "below 2 s",
          met: value.median < 2,
        },
      ];
    } finally {
      deleteTempFolder(folder);
    }
  },
};

function writeProject(folder: string, n: number): void {
  mkdirSync(join(folder, "connectors"));
  for (const vendor of ["databar", "supermetrics"] as const) {
    for (const [name, definition] of Object.entries(definitions(vendor, Math.ceil(n / 2)))) {
      const document = {
        connectors: {
          [`${vendor}-${name}`]: { type: TYPES[vendor], properties: withReferences(definition) },
        },
      };
      writeFileSync(join(folder, "connectors", `${vendor}-${name}.yaml`), stringify(document));
    }
  }
}

/** Replaces credentials by references, as in files that are committed to git. */
function withReferences({ headers, secrets, ...rest }: Definition): Definition {
  return {
    ...rest,
    ...(headers === undefined
      ? {}
      : { headers: { ...headers, Authorization: "Bearer ${config.key}" } }),
    ...(secrets === undefined ? {} : { secrets: { api_key: "${config.key}" } }),
  };
}
