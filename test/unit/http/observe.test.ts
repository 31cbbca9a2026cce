import { type AttemptEvent } from "../../../provider/http";
import { closeAll, connect, CREDENTIAL, hangUp, json, rejection, serve, status } from "./support";

afterEach(closeAll);

it("each attempt is reported with its end, without query, body or credential", async () => {
  const events: AttemptEvent[] = [];
  const { origin } = await serve(hangUp, status(503, { "x-request-id": "r-2" }), json({ secret: "s3cret" }));
  const client = connect(origin, {}, { onAttempt: (event) => events.push(event), date: () => 42 });
  await client.send({ method: "PUT", path: "/v1/x", query: { q: "s3cret" }, body: { kind: "json", value: "s3cret" } });
  const common = { time: 42, method: "PUT", path: "/v1/x", durationMs: expect.any(Number) as number };
  expect(events).toEqual([
    { ...common, attempt: 1, code: "network" },
    { ...common, attempt: 2, statusCode: 503, requestId: "r-2" },
    { ...common, attempt: 3, statusCode: 200 },
  ]);
  expect(JSON.stringify(events)).not.toContain("s3cret");
  expect(JSON.stringify(events)).not.toContain(CREDENTIAL);
});

it("an observer that throws does no harm", async () => {
  const { origin } = await serve(json({}));
  const onAttempt = (): never => {
    throw new Error("observer");
  };
  expect(await connect(origin, {}, { onAttempt }).send({ method: "GET", path: "/" })).toMatchObject({ statusCode: 200 });
});

it("calls, attempts and retries are counted", async () => {
  const { origin } = await serve(status(500), status(500), json({}), hangUp);
  const client = connect(origin);
  await client.send({ method: "GET", path: "/" });
  await rejection(client.send({ method: "POST", path: "/" }));
  expect(client.stats).toMatchObject({ calls: 2, attempts: 4, retries: 2 });
});
