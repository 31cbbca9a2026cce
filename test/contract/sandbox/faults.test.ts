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

  describe("which requests they affect", () => {
    const statuses = async (count: number): Promise<number[]> => {
      const replies: number[] = [];
      for (let sent = 0; sent < count; sent += 1) {
        replies.push((await databar("/v1/connectors/")).status);
      }
      return replies;
    };

    test("one by default", async () => {
      const fault = sandbox.databar.fault({ status: 500 });
      expect([fault.met, fault.remaining]).toEqual([0, 1]);
      expect(await statuses(2)).toEqual([500, 200]);
      expect([fault.met, fault.remaining]).toEqual([1, 0]);
    });

    test("`times` requests, after `after` requests have passed", async () => {
      const fault = sandbox.databar.fault({ status: 503, times: 2, after: 1 });
      expect(await statuses(2)).toEqual([200, 503]);
      expect(fault.remaining).toBe(1);
      expect(await statuses(2)).toEqual([503, 200]);
    });

    test("all requests until removed, with times Infinity", async () => {
      const fault = sandbox.databar.fault({ status: 500, times: Infinity });
      expect(await statuses(3)).toEqual([500, 500, 500]);
      fault.remove();
      expect([fault.met, fault.remaining, await statuses(1)]).toEqual([3, 0, [200]]);
    });

    test.each<[string, FaultOptions, boolean]>([
      ["its method in any case", { method: "get" }, true],
      ["another method", { method: "POST" }, false],
      ["its full path", { path: "/v1/connectors/" }, true],
      ["a part of its path as a string", { path: "/v1/connectors" }, false],
      ["a pattern that matches its path", { path: /connectors/ }, true],
      ["a global pattern that matches its path", { path: /connectors/g }, true],
      ["a pattern that does not match", { path: /^\/v2/ }, false],
      [
        "a condition that returns true",
        { when: ({ headers }) => headers["x-apikey"] === "[key]" },
        true,
      ],
      ["a condition that returns false", { when: () => false }, false],
      ["all conditions but one", { method: "GET", path: /connectors/, when: () => false }, false],
    ])("matched by %s", async (_, match, met) => {
      sandbox.databar.fault({ ...match, status: 500 });
      expect(await statuses(1)).toEqual([met ? 500 : 200]);
    });

    test("matched by the body", async () => {
      sandbox.databar.fault({
        status: 500,
        when: ({ body }) => (body as { name: string }).name === "n",
      });
      expect((await create()).status).toBe(500);
    });

    test("the first match takes the request; a taken request does not count for later faults", async () => {
      sandbox.databar.fault({ status: 500 });
      sandbox.databar.fault({ status: 503, after: 1 });
      expect(await statuses(4)).toEqual([500, 200, 503, 200]);
    });

    test("requests of one vendor only, until cleared", async () => {
      sandbox.supermetrics.fault({ status: 500, times: Infinity });
      expect(await statuses(1)).toEqual([200]);
      const fault = sandbox.databar.fault({ status: 500 });
      sandbox.clearFaults();
      expect([fault.remaining, await statuses(1)]).toEqual([0, [200]]);
    });
  });

  describe("whether the request takes effect", () => {
    test.each<[string, FaultOptions, number]>([
      ["a replacement answer prevents it", { status: 500 }, 0],
      ["a replacement answer with commit allows it", { status: 500, commit: true }, 1],
      ["html prevents it", { html: true }, 0],
      ["a body prevents it", { body: {} }, 0],
      ["garbage with commit allows it", { garbage: true, commit: true }, 1],
      ["headers alone allow it", { headers: { "x-a": "b" } }, 1],
      ["a delay alone allows it", { delay: 1 }, 1],
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

    test("a delayed answer is committed even if the client disconnects, and is logged as not sent", async () => {
      sandbox.databar.fault({ delay: 60_000 });
      await expect(create(500)).rejects.toThrow();
      expect([stored(), sandbox.databar.log[0]?.statusCode]).toEqual([1, null]);
    });
  });

  describe("how they answer", () => {
    const answer = async (fault: FaultOptions): Promise<Reply> => {
      sandbox.databar.fault(fault);
      return create();
    };

    test("with a status and a JSON body", async () => {
      const reply = await answer({ status: 406, body: { detail: "Not enough credits" } });
      expect([reply.status, reply.headers.get("content-type"), reply.body]).toEqual([
        406,
        "application/json",
        { detail: "Not enough credits" },
      ]);
    });

    test("with a string unchanged", async () => {
      expect(
        (await answer({ status: 500, body: "oops", headers: { "Content-Type": "text/plain" } }))
          .text,
      ).toBe("oops");
    });

    test("with another success status and the vendor's body", async () => {
      const reply = await answer({ status: 200, commit: true });
      expect([reply.status, reply.body]).toMatchObject([200, { name: "n" }]);
    });

    test("with an empty success", async () => {
      const reply = await answer({ status: 201 });
      expect([reply.status, reply.text, stored()]).toEqual([201, "", 0]);
    });

    test("with headers that override the vendor's", async () => {
      const reply = await answer({
        status: 429,
        headers: { "Retry-After": "7", "X-Request-Id": "r-1" },
      });
      expect([reply.headers.get("retry-after"), reply.headers.get("x-request-id")]).toEqual([
        "7",
        "r-1",
      ]);
    });

    test("with an HTML page, by default with 502", async () => {
      const reply = await answer({ html: true });
      expect([reply.status, reply.headers.get("content-type"), reply.text]).toEqual([
        502,
        "text/html; charset=utf-8",
        expect.stringContaining("<html>"),
      ]);
      const own = await answer({ html: "<p>Sign in</p>", status: 200 });
      expect([own.status, own.text]).toEqual([200, "<p>Sign in</p>"]);
    });

    test("with a redirect, by default 307", async () => {
      const reply = await answer({ redirect: "http://other.example/" });
      expect([reply.status, reply.headers.get("location"), reply.text]).toEqual([
        307,
        "http://other.example/",
        "",
      ]);
      expect((await answer({ redirect: "/elsewhere", status: 302 })).status).toBe(302);
    });

    test("with garbage labeled as JSON, with the vendor's status if committed", async () => {
      const reply = await answer({ garbage: true, commit: true });
      expect([reply.status, reply.headers.get("content-type"), reply.body]).toEqual([
        201,
        "application/json",
        undefined,
      ]);
    });

    test("with deeply nested arrays", async () => {
      expect((await answer({ deepJson: 5 })).text).toBe("[[[[[]]]]]");
    });

    test("affected requests are counted, even after the log is cleared", async () => {
      expect(sandbox.databar.faultsMet).toBe(0);
      await answer({ status: 500 });
      sandbox.clearLogs();
      await answer({ status: 429 });
      expect(sandbox.databar.faultsMet).toBe(2);
    });

    test("with a JSON string of the given size", async () => {
      const reply = await answer({ hugeBytes: 1_000_000 });
      expect([reply.text.length, typeof reply.body]).toEqual([1_000_000, "string"]);
    });

    test("with a JSON string of the given size without Content-Length", async () => {
      const reply = await answer({ hugeBytes: 1_000_000, chunked: true });
      expect([
        reply.text.length,
        reply.headers.get("content-length"),
        reply.headers.get("transfer-encoding"),
      ]).toEqual([1_000_000, null, "chunked"]);
    });

    test("with a body that ends halfway", async () => {
      await expect(answer({ truncate: true })).rejects.toThrow();
      expect([stored(), sandbox.databar.log[0]?.statusCode]).toEqual([1, 201]);
    });

    test("with a slow but complete body", async () => {
      const start = performance.now();
      const reply = await answer({ slowBody: { bytesPerSecond: 1000 } });
      const elapsed = performance.now() - start;
      expect(reply.body).toMatchObject({ name: "n" });
      expect(elapsed).toBeGreaterThan((reply.text.length / 1000) * 1000 * 0.7);
    });

    test("with an endless body until the client disconnects", async () => {
      sandbox.databar.fault({ endless: true });
      await expect(create(500)).rejects.toThrow();
      expect(sandbox.databar.log[0]).toMatchObject({ statusCode: 200, fault: "endless" });
    });

    test("with more headers than a client accepts", async () => {
      await expect(answer({ headerFlood: 100_000 })).rejects.toThrow();
      const reply = await answer({ headerFlood: 3000 });
      const flood = [...reply.headers].filter(([name]) => name.startsWith("x-flood-"));
      expect([reply.status, flood.reduce((size, [, value]) => size + value.length, 0)]).toEqual([
        201, 3000,
      ]);
    });

    test("after a delay", async () => {
      const start = performance.now();
      const reply = await answer({ delay: 120 });
      expect([reply.status, performance.now() - start >= 115]).toEqual([201, true]);
    });
  });

  test("the log has a fault's name or effect", async () => {
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

  test("an error of a condition is returned to the client", async () => {
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
