/** A refresh of a fleet, compared with that of an empty fleet. */
import { definitions } from "../definitions";
import { compared, type Row } from "../row";
import { countByOperation } from "../sandbox-client";
import { compare, interleave, seconds } from "../stats";
import { expectOk, openProject, type Project } from "../world";

/** The size of the goal. */
const LARGEST = 2_000;

export const refreshFleet: Row = {
  ids: ["refresh-fleet"],
  async run(bench) {
    const n = bench.size(LARGEST, 100);
    await bench.sandbox.reset();
    const projects: Project[] = [];
    try {
      for (const kind of ["fleet", "emptyFleet"] as const) {
        const content = {
          kind,
          vendor: "databar",
          definitions: definitions("databar", n),
        } as const;
        projects.push(await openProject(bench, content));
        await projects.at(-1)?.up();
      }
      await bench.sandbox.clearLogs();
      const [ours = [], empty = []] = await interleave(
        bench.runs(3, 1),
        projects.map(
          ({ stack }) =>
            () =>
              seconds(async () => expectOk(await stack.refresh({ withoutOutputs: true }))),
        ),
      );
      const calls = Object.entries(countByOperation(await bench.sandbox.calls()))
        .map(([kind, count]) => `${count / ours.length} ${kind}`)
        .join(", ");
      return [
        compared(
          {
            id: "refresh-fleet",
            what: `\`refresh\` of a fleet, against an empty fleet; ${calls}`,
            n,
            unit: "s",
            goal: "at most 1.2 x",
            goalN: LARGEST,
          },
          compare(ours, empty),
          1.2,
        ),
      ];
    } finally {
      for (const project of projects) {
        await project.close();
      }
    }
  },
};
