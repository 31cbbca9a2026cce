/**
 * The duration of `check` and `diff`. The engine runs them sequentially, so a run without changes
 * takes N times as long.
 */
import { PROVIDER_KEY, providerText } from "../../provider/pulumi/program/provider-text";
import { provider } from "../../provider/vendors/supermetrics/runtime";
import { providerConfig } from "../../harness/in-process/config";
import { plain } from "../../harness/in-process/wire";
import { closeSharedHttpClients } from "../../provider/http";
import { definitions, LARGE } from "../definitions";
import { type Row } from "../row";
import { spread } from "../stats";
import { TEAM } from "../world";

const TEXT = { [PROVIDER_KEY]: providerText("supermetrics") };

export const checkAndDiff: Row = {
  ids: ["checkdiff"],
  async run(bench) {
    await bench.sandbox.reset();
    const verbs = provider(
      providerConfig("supermetrics", {
        apiKey: "key-1",
        baseUrl: bench.sandbox.urls.supermetrics,
        teamId: TEAM,
        requestsPerSecond: 100_000,
      }),
    );
    const [definition] = Object.values(definitions("supermetrics", 1, LARGE));
    const news = { ...definition, ...TEXT };
    const inputs = plain((await verbs.check({}, news)).inputs);
    const { id, outs } = await verbs.create(inputs);
    const state = plain(outs);
    const times: number[] = [];
    for (let run = bench.runs(2_000, 1_000); run > 0; run--) {
      // The engine sends new objects with each call, so the provider cannot cache results by object
      // identity.
      const [olds, args, stored] = structuredClone([inputs, news, state]) as [never, never, never];
      const started = performance.now();
      const checked = await verbs.check(olds, args);
      const took = performance.now() - started;
      // The engine's own work is not measured.
      const next = plain(checked.inputs);
      const resumed = performance.now();
      await verbs.diff(id, stored, next);
      times.push(took + performance.now() - resumed);
    }
    await closeSharedHttpClients();
    const value = spread(times);
    return [
      {
        id: "checkdiff",
        what: "check and diff of one connector with a 30 kB configuration, nothing changed",
        unit: "ms",
        value,
        goal: "median below 1 ms",
        met: value.median < 1,
      },
    ];
  },
};
