/** How fast requests came, by their times of arrival in milliseconds. */

/** The most that arrived in any window of one second. */
export function busiestSecond(arrivals: readonly number[]): number {
  const times = [...arrivals].sort((a, b) => a - b);
  return Math.max(
    ...times.map((start) => times.filter((time) => time >= start && time < start + 1000).length),
  );
}

/**
 * Requests per second in the fastest stretch of so many requests. Where the windows hold, no stretch can be too fast, and
 * a busy machine spoils only some.
 */
export function fastestStretch(arrivals: readonly number[], requests: number): number {
  const times = [...arrivals].sort((a, b) => a - b);
  return Math.max(
    ...times.slice(requests).map((time, index) => (requests * 1000) / (time - times[index]!)),
  );
}
