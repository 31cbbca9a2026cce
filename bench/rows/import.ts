/** What a program pays for importing `pulumi-connectors`, beyond what `@pulumi/pulumi` costs it anyway. */
import { spawnSync } from "node:child_process";
import { deleteTempFolder } from "../../harness/engine/temp-folder";
import { type Row } from "../row";
import { spread } from "../stats";
import { projectFolder } from "../world";

const MOST = 60;

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
          what: "import of `pulumi-connectors` after `@pulumi/pulumi`, against the import of that",
          unit: "ms",
          value,
          baseline,
          ratio: value.median / baseline.median,
          goal: `below ${MOST} ms`,
          met: value.median < MOST,
        },
      ]);
    } finally {
      deleteTempFolder(folder);
    }
  },
};
