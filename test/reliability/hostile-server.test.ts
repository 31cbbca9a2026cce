/** R14: a hostile server causes a clear failure in bounded time and memory, and nothing else. */
import { createServer, type Server } from "node:http";
import { type AddressInfo } from "node:net";
import { isolate } from "../../harness/jest/isolate";
import { type FaultRow } from "./fault-matrix";
import { closeWorlds, openSandbox } from "./open-sandbox";
import { type Resource, Stack } from "./stack";

const { said } = isolate();
afterEach(closeWorlds);

const KEY = "key-canary-5d2f7a";
const PROGRAM: Readonly<Record<string, Resource>> = {
  d: {
    vendor: "databar",
    args: {
      name: "D",
      method: "get",
      url: "https://api.example.com/",
      headers: { Authorization: "Bearer header-canary-9b1c" },
    },
  },
  s: {
    vendor: "supermetrics",
    args: { name: "S", configuration: { a: "${secrets.k}" }, secrets: { k: "secret-canary-3e8d" } },
  },
};
const MEBIBYTE = 2 ** 20;

/**
 * `says`: the limit that ends the request. For a slow server, the request deadline of half a
 * second.
 */
interface HostileRow extends FaultRow {
  readonly says?: RegExp;
  /** Seconds. */
  readonly deadline?: number;
}

const HOSTILE: readonly HostileRow[] = [
  {
    name: "a huge body",
    fault: { status: 200, hugeBytes: 100 * MEBIBYTE },
    says: / with more than 67108864 bytes\./,
  },
  {
    name: "a huge body that does not say so",
    fault: { status: 200, hugeBytes: 100 * MEBIBYTE, chunked: true },
    deadline: 15,
    says: / with more than 67108864 bytes\./,
  },
  { name: "an endless body", fault: { status: 200, endless: true } },
  { name: "a flood of headers", fault: { headerFlood: 256 * 1024 } },
  { name: "deep JSON", fault: { status: 200, deepJson: 200_000 } },
  {
    name: "keys of the prototype",
    fault: {
      status: 200,
      body: '[{"id":1,"name":"D","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}]',
    },
  },
  { name: "a body byte by byte", fault: { slowBody: { bytesPerSecond: 2 } } },
  { name: "an answer that takes for ever", fault: { delay: 60_000 } },
];

describe("R14 hostile server", () => {
  test.each(
    HOSTILE.flatMap((row) => [
      { ...row, verb: "refresh" },
      { ...row, verb: "create" },
    ]),
  )(
    "$name, on a $verb: bounded time and memory, no lost connector, no secret shown",
    async ({ name, fault, verb, says = /./, deadline }) => {
      const sandbox = await openSandbox();
      const stack = new Stack(sandbox, {
        apiKey: KEY,
        operationTimeoutSeconds: deadline ?? 1,
        ...(deadline !== undefined && { requestTimeoutSeconds: deadline }),
      });
      if (verb === "refresh") {
        await stack.up(PROGRAM);
      }
      for (const vendor of [sandbox.databar, sandbox.supermetrics]) {
        vendor.fault({ ...fault, method: "GET", times: Infinity });
      }
      const state = structuredClone([...stack.state]);
      const [memory, start] = [process.memoryUsage.rss(), Date.now()];
      const { ops, failures } =
        verb === "refresh" ? await stack.refresh() : await stack.up(PROGRAM);

      expect(Date.now() - start).toBeLessThan(20_000);
      expect(process.memoryUsage.rss() - memory).toBeLessThan(512 * MEBIBYTE);
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
      expect(JSON.stringify([ops, failures, said])).not.toMatch(/canary/);
      for (const message of Object.values(failures)) {
        expect(message).toMatch(
          /^\[(unexpected_response|timeout|network|unavailable)\] .*\b(Databar|Supermetrics)\b/,
        );
      }
      for (const message of Object.values(failures)) {
        expect(message).toMatch(says);
      }
      if (name !== "keys of the prototype") {
        expect([Object.keys(failures).sort(), [...stack.state]]).toEqual([["d", "s"], state]);
      }
      expect(
        [...sandbox.databar.log, ...sandbox.supermetrics.log].filter(
          ({ method }) => method !== "GET",
        ).length,
      ).toBe(verb === "refresh" ? writesOfUp : 0);
    },
  );

  test.each([301, 302, 307, 308])(
    "a redirect (%d) to another host is refused, and no credential is sent there",
    async (status) => {
      const seen: string[] = [];
      const other: Server = createServer((request, response) => {
        seen.push(`${request.method ?? ""} ${request.url ?? ""}`);
        response.end("[]");
      });
      await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
      const sandbox = await openSandbox();
      const stack = new Stack(sandbox, { apiKey: KEY });
      const redirect = `http://127.0.0.1:${(other.address() as AddressInfo).port}/v1/`;
      for (const vendor of [sandbox.databar, sandbox.supermetrics]) {
        vendor.fault({ redirect, status, times: Infinity });
      }
      const { failures } = await stack.up(PROGRAM);
      await new Promise((resolve) => other.close(resolve));
      expect(Object.keys(failures).sort()).toEqual(["d", "s"]);
      expect(JSON.stringify(failures)).not.toMatch(/canary/);
      expect(seen).toEqual([]);
      expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
    },
  );
});

/** Databar: one POST. Supermetrics: POST, POST of the secret, PUT. */
const writesOfUp = 4;
