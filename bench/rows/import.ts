/** The time to import `pulumi-connectors` after `@pulumi/pulumi`. */
import { spawnSync } from "node:child_process";
import { deleteTempFolder } from "../../harness/engine/temp-folder";
import { type Row } from "../row";
import { spread } from "../stats";
import { projectFolder } from "../world";

const MAX_MS = 60;

const SCRIPT = `
const start = performance.now();
require("@pulumi/pulumi");
const between = performance.now();
require("pulumi-connectors");
console.log(JSON.stringify([between - start, performance.now() - between]));
`;

export const importing: Row = {
  ids: ["import"],
  run(bench) {
    const folder = projectFolder({ kind: "single", vendor: "databar", definitions: {} });
    try {
      const times = Array.from({ length: bench.runs(21, 11) }, () => {
        const { stdout, stderr, status } = spawnSync(process.execPath, ["-e", SCRIPT], {
          cwd: folder,
          encoding: "utf8",
        });
        if (status !== 0) {
          throw new Error(stderr);
        }
        return JSON.parse(stdout) as [number, number];
      });
      const value = spread(times.map(([, ours]) => ours));
      const baseline = spread(times.map(([pulumi]) => pulumi));
      return Promise.resolve([
        {
          id: "import",
          what: "import of `pulumi-connectors` after `@pulumi/pulumi`, against the import of `@pulumi/pulumi`",
          unit: "ms",
          value,
          baseline,
          ratio: value.median / baseline.median,
          goal: `below ${MAX_MS} ms`,
          met: value.median < MAX_MS,
        },
      ]);
    } finally {
      deleteTempFolder(folder);
    }
  },
};
