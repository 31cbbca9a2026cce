import { after, closeAll, connect, hangUp, json, rejection, sendMany, serve } from "./support";

afterEach(closeAll);

const ok = json({});

describe("the bound on concurrent requests", () => {
  it("is never exceeded and is used", async () => {
    let now = 0;
    let most = 0;
    const { origin, seen } = await serve((response, request) => {
      most = Math.max(most, ++now);
      after(20, (...args) => {
        now--;
        ok(...args);
      })(response, request);
    });
    await sendMany(connect(origin, { maxConcurrentRequests: 3 }), 20);
    expect(seen).toHaveLength(20);
    expect(most).toBe(3);
  });

  it("serves in the order of asking", async () => {
    const { origin, seen } = await serve(ok);
    await sendMany(connect(origin, { maxConcurrentRequests: 1 }), 10);
    expect(seen.map(({ url }) => url)).toEqual(
      Array.from({ length: 10 }, (_, index) => `/${index}`),
    );
  });

  it("gives a place back after a failure", async () => {
    const { origin, seen } = await serve(hangUp, hangUp, ok);
    const client = connect(origin, { maxConcurrentRequests: 1 });
    await rejection(client.send({ method: "POST", path: "/1" }));
    await rejection(client.send({ method: "POST", path: "/2" }));
    await client.send({ method: "POST", path: "/3" });
    expect(seen).toHaveLength(3);
  });

  it("keeps connections alive between requests", async () => {
    const ports = new Set<number | undefined>();
    const { origin } = await serve((response, request) => {
      ports.add(response.socket?.remotePort);
      ok(response, request);
    });
    const client = connect(origin);
    for (let index = 0; index < 10; index++) {
      await client.send({ method: "PUT", path: "/" });
    }
    expect(ports.size).toBeLessThanOrEqual(2);
  });
});
