/** A look-up that failed is not absence; something gone is deleted. */
import { type DatabarInputs } from "../../../provider/vendors/databar/types";
import { type SupermetricsInputs } from "../../../provider/vendors/supermetrics/types";
import { connectorErrorOf } from "../../../harness/errors";
import {
  closeWorlds,
  databarWorld,
  supermetricsWorld,
  TEAM,
} from "../../../harness/lifecycle-world";

const inputs: DatabarInputs = {
  name: "Scoring",
  method: "get",
  url: "https://api.example.com/v1/score",
  headers: { A: "1" },
};
const definition: SupermetricsInputs = {
  teamId: TEAM,
  name: "A",
  configuration: { token: "${secrets.k}", n: 1 },
  secrets: { k: "value-1" },
};

afterEach(closeWorlds);

describe("read", () => {
  test("many managed connectors are one list", async () => {
    const { vendor, deploy, requests } = await databarWorld();
    const { connectors } = deploy();
    const made = [];
    for (const name of ["A", "B", "C"]) {
      made.push(await connectors.create({ ...inputs, name }));
    }
    vendor.clearLog();
    const later = deploy().connectors;
    const read = await Promise.all(made.map(({ id, state }) => later.read(id, state)));
    expect(read.map((found) => found!.state)).toEqual(made.map(({ state }) => state));
    expect(requests()).toEqual(["GET /v1/connectors/"]);
  });
  test("drift shows in inputs and state", async () => {
    const { vendor, deploy } = await databarWorld();
    const { id, state } = await deploy().connectors.create(inputs);
    vendor.change(id, { headers: [{ name: "A", value: "2" }], type: "exporter" });
    const { inputs: seen, state: next } = (await deploy().connectors.read(id, state))!;
    expect(seen).toEqual({ ...inputs, headers: { A: "2" }, type: "exporter" });
    expect(next).toEqual({ ...state, headers: { A: "2" }, type: "exporter" });
  });
  test("a connector that is gone is undefined", async () => {
    const { vendor, deploy } = await databarWorld();
    const { id, state } = await deploy().connectors.create(inputs);
    vendor.remove(id);
    expect(await deploy().connectors.read(id, state)).toBeUndefined();
  });
  test("a connector that the list lacks is asked for itself before it counts as gone", async () => {
    const { vendor, deploy, requests } = await databarWorld();
    const { id, state } = await deploy().connectors.create(inputs);
    vendor.clearLog();
    vendor.fault({ method: "GET", body: [] });
    expect((await deploy().connectors.read(id, state))!.id).toBe(id);
    expect(requests()).toEqual(["GET /v1/connectors/", `GET /v1/connectors/${id}`]);
  });
  test.each([400, 401, 403, 406, 429, 500, 503])(
    "a look-up that is refused with %d fails; it is not absence",
    async (status) => {
      const { vendor, deploy } = await databarWorld({ retryAfter: null });
      const { id, state } = await deploy().connectors.create(inputs);
      vendor.fault({ method: "GET", body: [] });
      vendor.fault({ method: "GET", status, times: Infinity });
      expect(
        (await connectorErrorOf(deploy({ operationTimeout: 1_500 }).connectors.read(id, state)))
          .statusCode,
      ).toBe(status);
    },
  );
  test.each([
    ["a 404 page of a gateway", { html: true, status: 404 }],
    [
      "a gateway's 404 as JSON",
      { body: { message: "no Route matched with those values" }, status: 404 },
    ],
    ["an unknown route", { body: { detail: "Not Found" }, status: 404 }],
    ["a page with 200", { html: true, status: 200 }],
    ["a broken connection", { drop: "before", times: 3 } as const],
    ["half an answer", { truncate: true, times: 3 }],
  ])("%s fails; it is not absence", async (_, fault) => {
    for (const open of [databarWorld, supermetricsWorld]) {
      const { vendor, deploy } = await open();
      const id = open === databarWorld ? "42" : `${TEAM}/T3S70`;
      vendor.fault({ method: "GET", ...fault });
      expect(["unexpected_response", "network", "not_found"]).toContain(
        (await connectorErrorOf(deploy().connectors.read(id, {}))).code,
      );
    }
  });
  test("connectors whose configurations together exceed an answer are read one by one, and the long list is tried once", async () => {
    const { vendor, deploy, requests } = await supermetricsWorld();
    const written = ["A", "B", "C"].map((name) => ({
      teamId: TEAM,
      name,
      configuration: { text: name.repeat(2_000) },
    }));
    const created = await Promise.all(written.map((inputs) => deploy().connectors.create(inputs)));
    vendor.clearLog();
    const { connectors } = deploy({ maxResponseBytes: 5_000 });
    const read = await Promise.all(created.map(({ id, state }) => connectors.read(id, state)));
    expect(read.map((each) => each!.inputs)).toEqual(written);
    expect(requests().filter((request) => request.endsWith("/connectors"))).toHaveLength(2);
    expect(requests()).toHaveLength(5);
  });
  test("a connector whose secrets cannot be found is not gone: only a 404 on itself says so", async () => {
    const { vendor, deploy } = await supermetricsWorld();
    const { id, state } = await deploy().connectors.create(definition);
    vendor.fault({ method: "GET", path: /secrets$/, status: 404 });
    expect((await connectorErrorOf(deploy().connectors.read(id, state))).statusCode).toBe(404);
  });
  test("a connector that goes while its secrets are asked for is gone", async () => {
    const { vendor, deploy } = await supermetricsWorld();
    const { id, state } = await deploy().connectors.create(definition);
    vendor.fault({
      method: "GET",
      path: /secrets$/,
      when: () => vendor.remove(id.split("/")[1]!) && false,
    });
    expect(await deploy().connectors.read(id, state)).toBeUndefined();
  });
  test("by id alone shows everything, manages nothing and lists nothing", async () => {
    const { vendor, deploy, requests } = await databarWorld();
    const { id } = vendor.seed({
      name: "Theirs",
      method: "post",
      url: "https://example.com",
      rate_limit: 5,
      created_at: "2025-01-15T10:30:00Z",
    });
    expect(await deploy().connectors.read(String(id), {})).toEqual({
      id: String(id),
      inputs: expect.anything(),
      state: expect.objectContaining({
        name: "Theirs",
        method: "post",
        rateLimit: 5,
        effectiveRateLimit: 5,
        createdAt: "2025-01-15T10:30:00Z",
      }),
    });
    expect((await deploy().connectors.read(String(id), {}))!.state).not.toHaveProperty("claim");
    expect(requests()).toEqual([`GET /v1/connectors/${id}`, `GET /v1/connectors/${id}`]);
  });
  test("by id alone shows a connector's configuration and its secrets' placeholders", async () => {
    const { vendor, deploy } = await supermetricsWorld();
    vendor.seed({
      connector_identifier: "T3S70",
      name: "A",
      configuration_json: { a: 1 },
      secrets: { k: "v" },
    });
    const read = (await deploy().connectors.read(`${TEAM}/T3S70`, { name: "Other" }))!;
    expect(read.state).toMatchObject({
      name: "A",
      configuration: { a: 1 },
      secretPlaceholders: { k: expect.stringMatching(/^sec_/) },
    });
  });
  test("completes an id that names no team", async () => {
    const { vendor, deploy } = await supermetricsWorld();
    vendor.seed({ connector_identifier: "T3S70", name: "A" });
    expect((await deploy().connectors.read("T3S70", {}))!.id).toBe(`${TEAM}/T3S70`);
  });
  test("after a write in the same deployment comes from the connector itself", async () => {
    const { vendor, deploy, requests } = await databarWorld();
    const { connectors } = deploy();
    const { id, state } = await connectors.create(inputs);
    vendor.clearLog();
    await connectors.read(id, state);
    expect(requests()).toEqual([`GET /v1/connectors/${id}`]);
  });
});

describe("delete", () => {
  test("deletes", async () => {
    const { vendor, deploy, requests } = await databarWorld();
    const { id, state } = await deploy().connectors.create(inputs);
    vendor.clearLog();
    await deploy().connectors.delete(id, state);
    expect(vendor.connectors).toEqual([]);
    expect(requests()).toEqual(["GET /v1/connectors/", `DELETE /v1/connectors/${id}`]);
  });
  test("looks nothing up at a vendor that never reuses an id", async () => {
    const { vendor, deploy, requests } = await supermetricsWorld();
    const { id, state } = await deploy().connectors.create({ teamId: TEAM, name: "A" });
    vendor.clearLog();
    await deploy().connectors.delete(id, state);
    expect(vendor.connectors).toEqual([]);
    expect(requests()).toEqual([expect.stringMatching(/^DELETE /)]);
  });
  test("a connector that neither the list nor the connector's own place shows is deleted by its id: it may be gone, or too new to be seen", async () => {
    const { vendor, deploy, requests } = await databarWorld();
    const { id, state } = await deploy().connectors.create(inputs);
    vendor.remove(id);
    vendor.clearLog();
    const { connectors, warnings } = deploy();
    await connectors.delete(id, state);
    expect(requests()).toEqual([
      "GET /v1/connectors/",
      `GET /v1/connectors/${id}`,
      `DELETE /v1/connectors/${id}`,
    ]);
    expect(warnings).toEqual([]);
  });
  test("a connector that is too new to be seen is deleted: it leaves no orphan", async () => {
    const { vendor, deploy } = await databarWorld();
    Object.assign(vendor.settings, { listLag: 9, readLag: 9 });
    const { id, state } = await deploy().connectors.create(inputs);
    await deploy().connectors.delete(id, state);
    expect(vendor.connectors).toEqual([]);
  });
  test("a connector that the list lacks is asked for itself, and deleted", async () => {
    const { vendor, deploy, requests } = await databarWorld();
    const { id, state } = await deploy().connectors.create(inputs);
    vendor.clearLog();
    vendor.fault({ method: "GET", body: [] });
    await deploy().connectors.delete(id, state);
    expect(requests().slice(1)).toEqual([
      `GET /v1/connectors/${id}`,
      `DELETE /v1/connectors/${id}`,
    ]);
    expect(vendor.connectors).toEqual([]);
  });
  test("another connector that the list lacks stays", async () => {
    const { vendor, deploy } = await databarWorld();
    const { id, state } = await deploy().connectors.create(inputs);
    vendor.change(id, { created_at: "2029-01-01T00:00:00Z" });
    vendor.fault({ method: "GET", body: [] });
    const { connectors, warnings } = deploy();
    await connectors.delete(id, state);
    expect(vendor.connectors).toHaveLength(1);
    expect(warnings).toEqual([
      `Databar connector ${id} was deleted outside, and Databar gave its id to another connector. That one stays: nothing was deleted.`,
    ]);
  });
  test("a list that cannot be read deletes nothing", async () => {
    const { vendor, deploy, requests } = await databarWorld();
    const { id, state } = await deploy().connectors.create(inputs);
    vendor.clearLog();
    for (const status of [401, 403, 500]) {
      vendor.fault({ method: "GET", status, times: 3 });
      expect((await connectorErrorOf(deploy().connectors.delete(id, state))).message).toMatch(
        /list connectors: .*(Give a valid key|Run pulumi up again later)/,
      );
      vendor.clearFaults();
    }
    expect(new Set(requests())).toEqual(new Set(["GET /v1/connectors/"]));
    await deploy().connectors.delete(id, state);
    expect(vendor.connectors).toEqual([]);
  });
  test.each(["the list", "the state"])(
    "a connector of which %s does not say when it was created is deleted by its id",
    async (who) => {
      const { vendor, deploy } = await databarWorld();
      const { id, state } = await deploy().connectors.create(inputs);
      const { createdAt, ...undated } = state;
      expect(createdAt).toBeDefined();
      if (who === "the list") {
        vendor.change(id, { created_at: null });
      }
      await deploy().connectors.delete(id, who === "the list" ? state : undated);
      expect(vendor.connectors).toEqual([]);
    },
  );
  test("what is gone is success", async () => {
    const { deploy } = await databarWorld();
    await expect(deploy().connectors.delete("42", {})).resolves.toBeUndefined();
  });
  test.each([401, 403, 409, 500])("%d surfaces", async (status) => {
    const { vendor, deploy } = await databarWorld();
    vendor.fault({ method: "DELETE", status, times: 3 });
    expect(
      (await connectorErrorOf(deploy().connectors.delete("42", { name: "A" }))).statusCode,
    ).toBe(status);
  });
  test.each([
    ["a page", { html: true }],
    ["JSON of its own", { body: { message: "no Route matched with those values" } }],
  ])("a gateway's 404 as %s surfaces", async (_, fault) => {
    for (const open of [databarWorld, supermetricsWorld]) {
      const { vendor, deploy } = await open();
      vendor.fault({ method: "DELETE", status: 404, ...fault });
      const id = open === databarWorld ? "42" : `${TEAM}/T3S70`;
      expect(await connectorErrorOf(deploy().connectors.delete(id, {}))).toMatchObject({
        code: "unexpected_response",
        statusCode: 404,
      });
    }
  });
  test("a connector that another resource took over stays, and that is said", async () => {
    const { vendor, deploy, requests } = await databarWorld();
    const { id, state } = await deploy().connectors.create(inputs);
    const { connectors, infos } = deploy();
    const renamed = (await connectors.create({ ...inputs, connectorId: Number(id) })).state;
    vendor.clearLog();
    await connectors.delete(id, state);
    expect(requests()).toEqual([]);
    expect(infos).toEqual([
      `Databar connector ${id} stays: another resource of this program manages it now.`,
    ]);
    await connectors.delete(id, renamed);
    expect(vendor.connectors).toEqual([]);
  });
  test("a connector that a definition names stays for it, which takes it then", async () => {
    const { vendor, deploy, requests } = await databarWorld();
    const { id, state } = await deploy().connectors.create(inputs);
    const { connectors, infos } = deploy();
    connectors.register({ ...inputs, connectorId: Number(id) });
    vendor.clearLog();
    await connectors.delete(id, state);
    expect(requests()).toEqual([]);
    expect(infos).toEqual([
      `Databar connector ${id} stays: a definition of this program names it.`,
    ]);
    expect((await connectors.create({ ...inputs, connectorId: Number(id) })).id).toBe(id);
    expect(vendor.connectors).toHaveLength(1);
  });
  test("what a look-alike of this deployment has adopted stays, with one warning for all", async () => {
    const { vendor, deploy, writes } = await databarWorld();
    const [before, { connectors, warnings }] = [deploy(), deploy()];
    const names = ["a", "b"];
    const held = [];
    for (const name of names) {
      held.push(await before.connectors.create({ ...inputs, name }));
    }
    for (const name of names) {
      await connectors.create({ ...inputs, name });
    }
    const adopted = warnings.length;
    for (const { id, state } of held) {
      await connectors.delete(id, state);
    }
    expect(warnings.slice(adopted)).toEqual([
      "A connector that a new resource adopted because it looks the same was not deleted. This is right for a resource that has a new name. " +
        'If pulumi up --replace or pulumi state taint was to replace it, nothing was replaced: write onConflict: "create" in the definition and run pulumi up --replace again, ' +
        "which creates a new connector and deletes the old one.",
    ]);
    expect(writes().map(({ method }) => method)).toEqual(["POST", "POST"]);
    expect(vendor.connectors).toHaveLength(2);
  });
  test("frees the name: a new namesake may be adopted again", async () => {
    const { deploy } = await databarWorld();
    const { connectors } = deploy();
    const { id, state } = await connectors.create(inputs);
    await connectors.delete(id, state);
    expect(connectors.claims.has(id)).toBe(false);
  });
});
