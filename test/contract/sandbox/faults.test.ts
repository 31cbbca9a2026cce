import { performance } from "node:perf_hooks";

import { type FaultOptions, type Sandbox, startSandbox } from "../../../provider/sandbox";
import { databarClient, type Reply } from "../support";

const CONNECTOR = { name: "n", method: "get", url: "https://api.example.com" };

describe("faults on demand", () => {
  let sandbox: Sandbox;
  let databar: ReturnType<typeof databarClient>;

  beforeEach(async () => {
    sandbox = await startSandbox();
    databar = databarClient(sandbox.databar.url);
  });
  afterEach(() => sandbox.close());

  const create = (timeout?: number): Promise<Reply> =>
    databar("/v1/connectors/", { method: "POST", json: CONNECTOR, timeout });
  const stored = (): number => sandbox.databar.connectors.length;

  describe("which requests they meet", () => {
    const statuses = async (count: number): Promise<number[]> => {
      const replies: number[] = [];
      for (let sent = 0; sent < count; sent += 1) {
        replies.push((await databar("/v1/connectors/")).status);
      }
      return replies;
    };

    test("one, unless told otherwise", async () => {
      const fault = sandbox.databar.fault({ status: 500 });
      expect([fault.met, fault.remaining]).toEqual([0, 1]);
      expect(await statuses(2)).toEqual([500, 200]);
      expect([fault.met, fault.remaining]).toEqual([1, 0]);
    });

    test("as many as `times`, after letting `after` pass", async () => {
      const fault = sandbox.databar.fault({ status: 503, times: 2, after: 1 });
      expect(await statuses(2)).toEqual([200, 503]);
      expect(fault.remaining).toBe(1);
      expect(await statuses(2)).toEqual([503, 200]);
    });

    test("all of them until removed, with times Infinity", async () => {
      const fault = sandbox.databar.fault({ status: 500, times: Infinity });
      expect(await statuses(3)).toEqual([500, 500, 500]);
      fault.remove();
      expect([fault.met, fault.remaining, await statuses(1)]).toEqual([3, 0, [200]]);
    });

    test.each<[string, FaultOptions, boolean]>([
      ["its method in any case", { method: "get" }, true],
      ["another method", { method: "POST" }, false],
      ["its whole path", { path: "/v1/connectors/" }, true],
      ["a part of its path as text", { path: "/v1/connectors" }, false],
      ["a pattern found in its path", { path: /connectors/ }, true],
      ["a global pattern found in its path", { path: /connectors/g }, true],
      ["a pattern not found", { path: /^\/v2/ }, false],
      ["a condition that holds", { when: ({ headers }) => headers["x-apikey"] === "[key]" }, true],
      ["a condition that does not", { when: () => false }, false],
      ["all but one", { method: "GET", path: /connectors/, when: () => false }, false],
    ])("matched by %s", async (_, match, met) => {
      sandbox.databar.fault({ ...match, status: 500 });
      expect(await statuses(1)).toEqual([met ? 500 : 200]);
    });

    test("matched by what the body says", async () => {
      sandbox.databar.fault({
        status: 500,
        when: ({ body }) => (body as { name: string }).name === "n",
      });
      expect((await create()).status).toBe(500);
    });

    test("the first that matches takes the request; requests it took do not count for the next", async () => {
      sandbox.databar.fault({ status: 500 });
      sandbox.databar.fault({ status: 503, after: 1 });
      expect(await statuses(4)).toEqual([500, 200, 503, 200]);
    });

    test("of one vendor only, until cleared", async () => {
      sandbox.supermetrics.fault({ status: 500, times: Infinity });
      expect(await statuses(1)).toEqual([200]);
      const fault = sandbox.databar.fault({ status: 500 });
      sandbox.clearFaults();
      expect([fault.remaining, await statuses(1)]).toEqual([0, [200]]);
    });
  });

  describe("whether the request takes effect", () => {
    test.each<[string, FaultOptions, number]>([
      ["an answer in the vendor's place keeps it out", { status: 500 }, 0],
      ["with commit it takes effect first", { status: 500, commit: true }, 1],
      ["html keeps it out", { html: true }, 0],
      ["a body keeps it out", { body: {} }, 0],
      ["garbage with commit lets it in", { garbage: true, commit: true }, 1],
      ["headers alone let it in", { headers: { "x-a": "b" } }, 1],
      ["a delay alone lets it in", { delay: 1 }, 1],
    ])("%s", async (_, fault, expected) => {
      sandbox.databar.fault(fault);
      await create();
      expect([stored(), sandbox.databar.log[0]?.committed]).toEqual([expected, expected === 1]);
    });

    test.each<["before" | "after", number]>([
      ["before", 0],
      ["after", 1],
    ])("dropped %s handling: no answer, %s stored", async (drop, expected) => {
      sandbox.databar.fault({ drop });
      await expect(create()).rejects.toThrow();
      expect(stored()).toBe(expected);
      expect(sandbox.databar.log).toMatchObject([
        { statusCode: null, fault: `drop ${drop}`, committed: expected === 1, body: CONNECTOR },
      ]);
    });

    test("a delayed answer is committed before the client gives up, and logged as never sent", async () => {
      sandbox.databar.fault({ delay: 60_000 });
      await expect(create(500)).rejects.toThrow();
      expect([stored(), sandbox.databar.log[0]?.statusCode]).toEqual([1, null]);
    });
  });

  describe("what they answer", () => {
    const answer = async (fault: FaultOptions): Promise<Reply> => {
      sandbox.databar.fault(fault);
      return create();
    };

    test("a status and a JSON body", async () => {
      const reply = await answer({ status: 406, body: { detail: "Not enough credits" } });
      expect([reply.status, reply.headers.get("content-type"), reply.body]).toEqual([
        406,
        "application/json",
        { detail: "Not enough credits" },
      ]);
    });

    test("a text as it is", async () => {
      expect(
        (await answer({ status: 500, body: "oops", headers: { "Content-Type": "text/plain" } }))
          .text,
      ).toBe("oops");
    });

    test("another success than the vendor's, with the vendor's body", async () => {
      const reply = await answer({ status: 200, commit: true });
      expect([reply.status, reply.body]).toMatchObject([200, { name: "n" }]);
    });

    test("an empty success", async () => {
      const reply = await answer({ status: 201 });
      expect([reply.status, reply.text, stored()]).toEqual([201, "", 0]);
    });

    test("headers, in place of the vendor's own", async () => {
      const reply = await answer({
        status: 429,
        headers: { "Retry-After": "7", "X-Request-Id": "r-1" },
      });
      expect([reply.headers.get("retry-after"), reply.headers.get("x-request-id")]).toEqual([
        "7",
        "r-1",
      ]);
    });

    test("an HTML page, 502 unless told otherwise", async () => {
      const reply = await answer({ html: true });
      expect([reply.status, reply.headers.get("content-type"), reply.text]).toEqual([
        502,
        "text/html; charset=utf-8",
        expect.stringContaining("<html>"),
      ]);
      const own = await answer({ html: "<p>Sign in</p>", status: 200 });
      expect([own.status, own.text]).toEqual([200, "<p>Sign in</p>"]);
    });

    test("a redirect, 307 unless told otherwise", async () => {
      const reply = await answer({ redirect: "http://other.example/" });
      expect([reply.status, reply.headers.get("location"), reply.text]).toEqual([
        307,
        "http://other.example/",
        "",
      ]);
      expect((await answer({ redirect: "/elsewhere", status: 302 })).status).toBe(302);
    });

    test("garbage that calls itself JSON, with the vendor's status when committed", async () => {
      const reply = await answer({ garbage: true, commit: true });
      expect([reply.status, reply.headers.get("content-type"), reply.body]).toEqual([
        201,
        "application/json",
        undefined,
      ]);
    });

    test("lists nested deep", async () => {
      expect((await answer({ deepJson: 5 })).text).toBe("[[[[[]]]]]");
    });

    test("requests that met one are counted, and clearing the log does not change that", async () => {
      expect(sandbox.databar.faultsMet).toBe(0);
      await answer({ status: 500 });
      sandbox.clearLogs();
      await answer({ status: 429 });
      expect(sandbox.databar.faultsMet).toBe(2);
    });

    test("a JSON text of the size asked", async () => {
      const reply = await answer({ hugeBytes: 1_000_000 });
      expect([reply.text.length, typeof reply.body]).toEqual([1_000_000, "string"]);
    });

    test("a JSON text of the size asked, which is not said", async () => {
      const reply = await answer({ hugeBytes: 1_000_000, chunked: true });
      expect([
        reply.text.length,
        reply.headers.get("content-length"),
        reply.headers.get("transfer-encoding"),
      ]).toEqual([1_000_000, null, "chunked"]);
    });

    test("a body cut off half-way", async () => {
      await expect(answer({ truncate: true })).rejects.toThrow();
      expect([stored(), sandbox.databar.log[0]?.statusCode]).toEqual([1, 201]);
    });

    test("a body at a slow pace, complete in the end", async () => {
      const start = performance.now();
      const reply = await answer({ slowBody: { bytesPerSecond: 1000 } });
      const elapsed = performance.now() - start;
      expect(reply.body).toMatchObject({ name: "n" });
      expect(elapsed).toBeGreaterThan((reply.text.length / 1000) * 1000 * 0.7);
    });

    test("a body without end, until the client gives up", async () => {
      sandbox.databar.fault({ endless: true });
      await expect(create(500)).rejects.toThrow();
      expect(sandbox.databar.log[0]).toMatchObject({ statusCode: 200, fault: "endless" });
    });

    test("more headers than a client takes", async () => {
      await expect(answer({ headerFlood: 100_000 })).rejects.toThrow();
      const reply = await answer({ headerFlood: 3000 });
      const flood = [...reply.headers].filter(([name]) => name.startsWith("x-flood-"));
      expect([reply.status, flood.reduce((size, [, value]) => size + value.length, 0)]).toEqual([
        201, 3000,
      ]);
    });

    test("late", async () => {
      const start = performance.now();
      const reply = await answer({ delay: 120 });
      expect([reply.status, performance.now() - start >= 115]).toEqual([201, true]);
    });
  });

  test("a fault's name is in the log: its own, or what it does", async () => {
    sandbox.databar.fault({ status: 500, name: "gateway down" });
    sandbox.databar.fault({ status: 500 });
    await create();
    await create();
    await create();
    expect(sandbox.databar.log.map(({ fault }) => fault)).toEqual([
      "gateway down",
      "status 500",
      undefined,
    ]);
  });

  test("a condition that throws is told to the caller", async () => {
    sandbox.databar.fault({
      when: () => {
        throw new Error("no such field");
      },
    });
    const reply = await create();
    expect([reply.status, reply.headers.get("x-sandbox-error")]).toEqual([
      500,
      "no%20such%20field",
    ]);
  });
});
