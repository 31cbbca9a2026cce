/**
 * The throughput of a fleet under a rate limit, measured by the arrival of requests at the sandbox.
 */
import { busiestSecond } from "../../harness/rates";
import { definitions } from "../definitions";
import { exactly, type Line, type Row } from "../row";
import { spread } from "../stats";
import { type Bench, createAll } from "../world";

export const rate: Row = {
  ids: ["rate"],
  async run(bench) {
    const lines: Line[] = [];
    for (const limit of bench.full ? [20, 100] : [20]) {
      lines.push(...(await measure(bench, limit, bench.size(10, 5))));
    }
    return lines;
  },
};

/** @param length duration of the creates in seconds seconds */
async function measure(bench: Bench, limit: number, length: number): Promise<readonly Line[]> {
  const seconds = Math.min(length, 10);
  const n = limit * (seconds + 1);
  const { calls } = await createAll(
    bench,
    { kind: "fleet", vendor: "databar", definitions: definitions("databar", n) },
    { "databar:requestsPerSecond": String(limit) },
  );
  const arrivals = calls.map(({ time }) => time).sort((a, b) => a - b);
  const start = arrivals[0] ?? 0;
  const perSecond = Array.from(
    { length: seconds },
    (_, second) =>
      arrivals.filter((time) => time >= start + second * 1000 && time < start + (second + 1) * 1000)
        .length,
  );
  const throughput = perSecond.reduce((sum, count) => sum + count, 0) / seconds;
  const max = busiestSecond(arrivals);
  return [
    {
      id: "rate",
      what: `requests per second with a limit of ${limit}, over ${seconds} s`,
      n,
      unit: "/s",
      value: { ...spread(perSecond), median: throughput },
      ratio: throughput / limit,
      goal: "0.95 to 1 x the limit",
      met: throughput >= 0.95 * limit && throughput <= limit,
    },
    {
      id: "rate",
      what: `maximum number of requests in any window of 1 s, with a limit of ${limit}`,
      n,
      unit: "requests",
      value: exactly(max),
      goal: `at most ${limit}`,
      met: max <= limit,
    },
  ];
}
