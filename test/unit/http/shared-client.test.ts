import {
  closeSharedHttpClients,
  type HttpClientOptions,
  sharedHttpClient,
} from "../../../provider/http";
import { closeAll, json, serve } from "./support";

afterEach(async () => {
  await closeSharedHttpClients();
  await closeAll();
});

const options: HttpClientOptions = {
  vendor: "Acme",
  origin: "https://api.example.com",
  credential: ["x-apikey", "key"],
};

it("equal settings share a client, written out or left to their defaults", () => {
  const client = sharedHttpClient(options);
  expect(sharedHttpClient({ ...options })).toBe(client);
  expect(
    sharedHttpClient({ ...options, origin: "https://api.example.com/v1/", requestsPerSecond: 20 }),
  ).toBe(client);
});

it.each<Partial<HttpClientOptions>>([
  { origin: "https://api.example.org" },
  { credential: ["x-apikey", "other"] },
  { requestsPerSecond: 5 },
])("another %j has a client of its own", (other) => {
  expect(sharedHttpClient({ ...options, ...other })).not.toBe(sharedHttpClient(options));
});

it("a closed client is replaced", async () => {
  const { origin, seen } = await serve(json({}));
  const first = sharedHttpClient({ ...options, origin });
  await first.send({ method: "GET", path: "/" });
  await first.close();
  await sharedHttpClient({ ...options, origin }).send({ method: "GET", path: "/" });
  expect(seen).toHaveLength(2);
});

it("all clients are closed together, and replaced", async () => {
  const { origin } = await serve(json({}));
  const both = [
    sharedHttpClient({ ...options, origin }),
    sharedHttpClient({ ...options, origin, requestsPerSecond: 5 }),
  ];
  await closeSharedHttpClients();
  for (const client of both) {
    await expect(client.send({ method: "GET", path: "/" })).rejects.toThrow(
      "The Acme client is closed",
    );
  }
  expect(both).not.toContain(sharedHttpClient({ ...options, origin }));
});
