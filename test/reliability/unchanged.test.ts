/** R3 and R4: a preview only reads, and a deployed program causes no further changes. */
import fc from "fast-check";
import { isolate } from "../../harness/jest/isolate";
import { holds } from "./generated-cases";
import { programs, servers } from "./definitions";
import { FORMS } from "./fleets";
import { closeWorlds, openSandbox } from "./open-sandbox";
import { type Op } from "./stack";

isolate();
afterEach(closeWorlds);

const all = (program: object, op: Op): Record<string, Op> =>
  Object.fromEntries(Object.keys(program).map((name) => [name, op]));

test.each(FORMS)(
  "R4 unchanged$form: after an up, a preview and a refresh report nothing, with any normalization of the servers",
  async ({ form, open }) => {
    const property = fc.asyncProperty(programs, servers, async (program, options) => {
      const sandbox = await openSandbox(options);
      const stack = open(sandbox);
      expect(await stack.up(program)).toEqual({ ops: all(program, "create"), failures: {} });
      expect((await stack.preview(program)).ops).toEqual(all(program, "same"));
      const { ops, failures, inputs } = await stack.refresh();
      expect({ ops, failures, inputs: Object.values(inputs).map(({ after }) => after) }).toEqual({
        ops: all(program, "same"),
        failures: {},
        inputs: Object.values(inputs).map(({ before }) => before),
      });
      expect((await stack.preview(program)).ops).toEqual(all(program, "same"));
      await sandbox.close();
    });
    await holds(property, form === "" ? 40 : 10);
  },
);
