/**
 * R10: the rate as sent, and the pauses that a vendor requests, over all resources of a deployment.
 * The rules of the limiter are in test/unit/http/limits.test.ts, every form of `Retry-After` in
 * test/unit/http/retry-after.test.ts.
 */
import { type FaultOptions, type Sandbox } from "../../provider/sandbox";
import { busiestSecond, fastestStretch, recordSends } from "../../harness/rates";
import { isolate } from "../../harness/jest/isolate";
import { closeWorlds, openSandbox } from "./open-sandbox";
import { type Resource, Stack } from "./stack";

isolate();
afterEach(closeWorlds);

const VENDORS = ["databar", "supermetrics"] as const;

/** More resources of each vendor than its maximum number of concurrent requests. */
const RESOURCES = 25;

const program = (version: number): Readonly<Record<string, Resource>> =>
  Object.fromEntries(
    Array.from({ length: RESOURCES }, (_, index) => index).flatMap(
      (index): [string, Resource][] => [
        [
          `d${index}`,
          {
            vendor: "databar",
            args: { name: `D${index}`, method: "get", url: `https://api.example.com/${version}` },
          },
        ],
        [
          `s${index}`,
          { vendor: "supermetrics", args: { name: `S${index}`, description: String(version) } },
        ],
      ],
    ),
  );

const each = (sandbox: Sandbox, fault: FaultOptions): void =>
  VENDORS.forEach((vendor) => void sandbox[vendor].fault(fault));
const sends = recordSends();
const sendsTo = (sandbox: Sandbox, vendor: (typeof VENDORS)[number]): number[] =>
  sends.to(sandbox[vendor].url);

describe("R10 rate", () => {
  const LIMIT = 20;

  test("retries count: in no window of one second are more requests sent than configured, to either vendor", async () => {
    const sandbox = await openSandbox();
    const stack = new Stack(sandbox, {
      requestsPerSecond: LIMIT,
      maxConcurrentRequests: 20,
      requestTimeoutSeconds: 5,
    });
    each(sandbox, { status: 429, times: 6, after: 3 });
    each(sandbox, { method: "POST", status: 429, times: 2, after: 10 });
    each(sandbox, { method: "POST", drop: "after", times: 2, after: 15 });
    const { failures } = await stack.up(program(1));
    expect(failures).toEqual({});
    for (const vendor of VENDORS) {
      // A list, the creates, and for each fault a retry or a look-up.
      expect(sandbox[vendor].log.length).toBeGreaterThanOrEqual(1 + RESOURCES + 10);
      expect(sandbox[vendor].log.filter(({ fault }) => fault !== undefined)).toHaveLength(10);
      expect(busiestSecond(sendsTo(sandbox, vendor))).toBeLessThanOrEqual(LIMIT);
    }
  });

  test("with enough work, the rate is within 5 % of the configured one, and never above it", async () => {
    const rates: number[] = [];
    // A busy machine may slow down every stretch of a run, but not of each run.
    for (let run = 0; run < 5 && !(Math.max(...rates) > 0.95 * LIMIT); run++) {
      const sandbox = await openSandbox();
      const stack = new Stack(sandbox, {
        requestsPerSecond: LIMIT,
        maxConcurrentRequests: 20,
        requestTimeoutSeconds: 5,
      });
      for (const version of [1, 2]) {
        // Each deployment has a process, and so a limiter, of its own.
        const before = VENDORS.map((vendor) => sendsTo(sandbox, vendor).length);
        expect((await stack.up(program(version))).failures).toEqual({});
        const times = VENDORS.map((vendor, index) => sendsTo(sandbox, vendor).slice(before[index]));
        for (const each of times) {
          expect(busiestSecond(each)).toBeLessThanOrEqual(LIMIT);
        }
        rates.push(Math.min(...times.map((each) => fastestStretch(each, LIMIT))));
      }
    }
    expect(Math.max(...rates)).toBeGreaterThan(0.95 * LIMIT);
  });
});

describe("R10 a 429 with Retry-After", () => {
  /**
   * As many as are in flight at once, so that no other request is in flight when the first is
   * refused.
   */
  const REFUSED = 10;
  const refuse = (headers: Record<string, string>): FaultOptions => ({
    method: "POST",
    status: 429,
    headers,
    times: REFUSED,
  });

  async function opened(fault: FaultOptions): Promise<{ sandbox: Sandbox; stack: Stack }> {
    const sandbox = await openSandbox();
    each(sandbox, fault);
    return { sandbox, stack: new Stack(sandbox, { requestTimeoutSeconds: 5 }) };
  }

  test("in seconds or as a date pauses all requests, and fails no resource", async () => {
    const date = {
      date: "Sun, 22 Nov 2026 12:00:00 GMT",
      "retry-after": "Sun, 22 Nov 2026 12:00:01 GMT",
    };
    const runs = await Promise.all(
      [{ "retry-after": "1" }, date].map(async (headers) => {
        const { sandbox, stack } = await opened(refuse(headers));
        return { sandbox, ...(await stack.up(program(1))) };
      }),
    );
    for (const { sandbox, failures } of runs) {
      expect(failures).toEqual({});
      for (const vendor of VENDORS) {
        const posts = sandbox[vendor].log.filter(({ method }) => method === "POST");
        const [refused, taken] = [posts.slice(0, REFUSED), posts.slice(REFUSED)];
        expect(refused.map(({ statusCode }) => statusCode)).toEqual(Array(REFUSED).fill(429));
        expect(taken.map(({ committed }) => committed)).toEqual(Array(RESOURCES).fill(true));
        expect(taken[0]!.time - refused[0]!.time).toBeGreaterThan(995);
      }
    }
  });

  test.each<Record<string, string>>([
    {},
    { "retry-after": "soon" },
    { "retry-after": "9".repeat(20) },
  ])(
    "that requests no wait (%j) is retried by the back-off, and fails no resource",
    async (headers) => {
      const { sandbox, stack } = await opened(refuse(headers));
      expect((await stack.up(program(1))).failures).toEqual({});
      for (const vendor of VENDORS) {
        expect(sandbox[vendor].log).toHaveLength(1 + REFUSED + RESOURCES);
      }
    },
  );

  test.each([429, 503])(
    "of a day (status %d) fails immediately, reports the wait, and leaves no partial work",
    async (status) => {
      const { sandbox, stack } = await opened({
        ...refuse({ "retry-after": "86400" }),
        status,
        times: Infinity,
      });
      const start = performance.now();
      const { failures } = await stack.up(program(1));
      expect(performance.now() - start).toBeLessThan(10_000);
      expect(Object.keys(failures)).toHaveLength(2 * RESOURCES);
      for (const message of Object.values(failures)) {
        expect(message).toMatch(/asks to wait 86(400|39\d) s/);
      }
      for (const vendor of VENDORS) {
        const posts = sandbox[vendor].log.filter(({ method }) => method === "POST");
        // A 429 stops all requests; a 503 concerns one request, which is not repeated.
        expect(posts.length).toBeLessThanOrEqual(status === 429 ? REFUSED : RESOURCES);
        expect(sandbox[vendor].connectors).toEqual([]);
      }
      expect(stack.state.size).toBe(0);
    },
  );
});
