/**
 * A create happens once, regardless of what happens to its answer. Every test ends by counting connectors at
 * the vendor.
 */
import { type DatabarInputs } from "../../../provider/vendors/databar/types";
import { type FaultOptions } from "../../../provider/sandbox";
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
const HTML = "<!DOCTYPE html><html><body>Gateway</body></html>";
const lostAfterCommit: [string, FaultOptions][] = [
  ["a connection that broke", { drop: "after" }],
  ["a 500", { status: 500, commit: true }],
  ["a 502 page of a gateway", { html: true, status: 502, commit: true }],
  ["an HTML page with 200", { html: HTML, status: 200, commit: true }],
  ["half an answer", { truncate: true }],
  ["an answer without an id", { body: { name: "Scoring" }, status: 201, commit: true }],
  ["an empty answer", { body: "", status: 201, commit: true }],
  ["a 408", { status: 408, commit: true }],
];

afterEach(closeWorlds);

test("a 500 by which the vendor refuses for good is not repeated", async () => {
  const { vendor, deploy, writes } = await supermetricsWorld();
  vendor.fault({
    method: "POST",
    status: 500,
    body: {
      meta: { request_id: "r" },
      error: { code: "LICENSE_NOT_FOUND", message: "No licence." },
    },
    times: Infinity,
  });
  await connectorErrorOf(deploy().connectors.create({ teamId: TEAM, name: "A" }));
  expect(writes()).toHaveLength(1);
  expect(vendor.connectors).toEqual([]);
});

describe("an answer that got lost after the connector was created", () => {
  test.each(lostAfterCommit)("%s: the new connector is found and taken", async (_, fault) => {
    const { vendor, deploy, writes } = await databarWorld();
    vendor.seed({ name: "Scoring, another" });
    vendor.fault({ method: "POST", ...fault });
    const { connectors } = deploy();
    const { id, state } = await connectors.create(inputs);
    expect(
      vendor.connectors
        .filter(({ name }) => name === "Scoring")
        .map((connector) => String(connector.id)),
    ).toEqual([id]);
    expect(state).toMatchObject({ ...inputs, claim: expect.stringMatching(/^[0-9a-f]{8}$/) });
    expect(connectors.claims.has(id)).toBe(true);
    expect(writes()).toHaveLength(1);
  });
  test("a timeout: the new connector is found and taken", async () => {
    const { vendor, deploy } = await databarWorld();
    vendor.fault({ method: "POST", delay: 5_000 });
    const { id } = await deploy({ requestTimeout: 200 }).connectors.create(inputs);
    expect(vendor.connectors.map((connector) => String(connector.id))).toEqual([id]);
  });
  test("a vendor that lists a new connector late is asked again", async () => {
    const { vendor, deploy, requests } = await databarWorld();
    vendor.fault({ method: "POST", drop: "after" });
    vendor.fault({ method: "GET", after: 1, body: [] });
    const { id } = await deploy({}, { lookups: [0, 1, 1] }).connectors.create(inputs);
    expect(vendor.connectors.map((connector) => String(connector.id))).toEqual([id]);
    expect(requests().filter((request) => request.startsWith("GET"))).toHaveLength(3);
  });
  test("Supermetrics' unfinished connector is found, regardless of its content, and finished", async () => {
    const { vendor, deploy, requests } = await supermetricsWorld();
    vendor.fault({ method: "POST", path: /connectors$/, drop: "after" });
    const { id } = await deploy().connectors.create({
      teamId: TEAM,
      name: "A",
      configuration: { a: 1 },
      secrets: { k: "v" },
    });
    expect(
      vendor.connectors.map(({ connector_identifier }) => `${TEAM}/${connector_identifier}`),
    ).toEqual([id]);
    expect(vendor.connectors[0]).toMatchObject({
      description: "",
      configuration: { configuration_json: { a: 1 } },
    });
    const list = `/v1/teams/${TEAM}/connector_builder/connectors`;
    const [, key = ""] = id.split("/");
    // What it holds is not asked for.
    expect(requests()).toEqual([
      `GET ${list}`,
      `POST ${list}`,
      `GET ${list}`,
      `POST ${list}/${key}/secrets`,
      `PUT ${list}/${key}`,
    ]);
  });
  test("Supermetrics' complete connector is found by its content", async () => {
    const { vendor, deploy } = await supermetricsWorld();
    vendor.fault({ method: "POST", path: /connectors$/, drop: "after" });
    const { id } = await deploy().connectors.create({ teamId: TEAM, name: "A", description: "d" });
    expect(
      vendor.connectors.map(({ connector_identifier }) => `${TEAM}/${connector_identifier}`),
    ).toEqual([id]);
  });
});

describe("a POST is sent once, also where the vendor itself says that it failed", () => {
  test.each([
    ["a 500", { status: 500 }],
    ["a 503", { status: 503 }],
    ["a 503 that asks for a wait", { status: 503, headers: { "retry-after": "1" } }],
    ["a 500 after the connector was stored", { status: 500, commit: true }],
  ] satisfies [string, FaultOptions][])(
    "%s: a list that lags shows nothing, and the next deployment ends with one connector",
    async (_, fault) => {
      const { vendor, deploy, writes } = await databarWorld();
      vendor.fault({ method: "POST", ...fault });
      vendor.fault({ method: "GET", after: 1, body: [], times: 2 });
      const error = await connectorErrorOf(deploy().connectors.create(inputs));
      expect(error).toMatchObject({ code: "ambiguous_create", retryable: true });
      expect(error.message).toContain("Wait a minute, then run pulumi up again");
      expect(writes()).toHaveLength(1);
      const { id } = await deploy().connectors.create(inputs);
      expect(vendor.connectors.map((connector) => String(connector.id))).toEqual([id]);
    },
  );
  test("Supermetrics' own 500 is not repeated either", async () => {
    const { vendor, deploy, writes } = await supermetricsWorld();
    vendor.fault({
      method: "POST",
      status: 500,
      body: {
        meta: { request_id: "r1234567" },
        error: { code: "INTERNAL_SERVER_ERROR", message: "m" },
      },
    });
    const error = await connectorErrorOf(
      deploy().connectors.create({ teamId: TEAM, name: "A", description: "d" }),
    );
    expect(error).toMatchObject({ code: "ambiguous_create", statusCode: 500 });
    expect(writes()).toHaveLength(1);
    expect(vendor.connectors).toEqual([]);
  });
});

describe("a POST that is answered with the id of a connector that is no new one", () => {
  test("that was there before: it fails, and that connector is not written to", async () => {
    const { vendor, deploy, writes } = await supermetricsWorld();
    const there = vendor.seed({ connector_identifier: "AAAAA", name: "Theirs", description: "t" });
    vendor.fault({ method: "POST", path: /connectors$/, status: 201, body: there });
    const error = await connectorErrorOf(
      deploy().connectors.create({ teamId: TEAM, name: "A", configuration: { a: 1 } }),
    );
    expect(error.message).toBe(
      '[unexpected_response] Supermetrics answered the creation of connector "A" with the id AAAAA, which it had before: it is no new connector. Nothing more was written to it. ' +
        "Look in Supermetrics whether a connector of this name was created: if so, name it with connectorIdentifier; if not, run pulumi up again",
    );
    expect(writes().map(({ method }) => method)).toEqual(["POST"]);
    expect(vendor.connectors).toMatchObject([{ name: "Theirs", description: "t" }]);
  });
  test("that another resource of the deployment has just got: it fails", async () => {
    const { vendor, deploy, writes } = await databarWorld();
    const { connectors } = deploy();
    const first = await connectors.create({ ...inputs, name: "First" });
    vendor.fault({ method: "POST", status: 201, body: vendor.connectors[0] });
    const error = await connectorErrorOf(connectors.create(inputs));
    expect(error.message).toContain(
      `with the id ${first.id}, which it has for another resource of this deployment: it is no new connector.`,
    );
    expect(connectors.claims.heldByAnother(first.id, first.state.claim)).toBe(false);
    expect(writes().map(({ method }) => method)).toEqual(["POST", "POST"]);
    expect(vendor.connectors).toMatchObject([{ name: "First" }]);
  });
  test("is accepted where this deployment deleted the connector that had it", async () => {
    const { vendor, deploy } = await databarWorld();
    const there = vendor.seed({ name: "Old", method: "get", url: "https://api.example.com/" });
    const { connectors } = deploy();
    const old = await connectors.create({
      name: "Old",
      method: "get",
      url: "https://api.example.com/",
    });
    await connectors.delete(old.id, old.state);
    vendor.fault({
      method: "POST",
      when: () => (vendor.seed({ id: there.id, name: "Scoring", method: "get" }), true),
      status: 201,
      body: { ...there, name: "Scoring" },
    });
    expect((await connectors.create({ ...inputs, onConflict: "create" })).id).toBe(old.id);
  });
});

describe("no answer, and nothing is to be found", () => {
  const faults: [string, FaultOptions][] = [
    ["a connection that broke", { drop: "before" }],
    ["an HTML page with 200", { html: HTML, status: 200 }],
    ["a 408", { status: 408 }],
    ["a gateway's 502, which says nothing of the vendor", { status: 502 }],
    ["a gateway's 504, which says nothing of the vendor", { status: 504 }],
    ["a page with 500, which says nothing of the vendor", { status: 500, html: HTML }],
    ["a page with 503, which says nothing of the vendor", { status: 503, html: HTML }],
    [
      "a gateway's JSON with 500, which says nothing of the vendor",
      { status: 500, body: { message: "Internal server error" } },
    ],
  ];
  test.each(faults)("%s: the POST is not repeated; what to do is said", async (_, fault) => {
    const { vendor, deploy, writes } = await databarWorld();
    vendor.fault({ method: "POST", ...fault });
    const error = await connectorErrorOf(deploy().connectors.create(inputs));
    expect(error).toMatchObject({ code: "ambiguous_create", vendor: "Databar", retryable: true });
    expect(error.message).toMatch(
      /^\[ambiguous_create\] It is unknown whether Databar created connector "Scoring": .+\n {2}It is not among the connectors of the workspace so far\. Wait a minute, then run pulumi up again: what has turned up by then is adopted, not created twice$/,
    );
    expect(writes()).toHaveLength(1);
    expect(vendor.connectors).toHaveLength(0);
  });
  test.each(["create", "fail"] as const)(
    "onConflict: %s does not look for it, and the message says so",
    async (onConflict) => {
      const { vendor, deploy, writes } = await databarWorld();
      vendor.fault({ method: "POST", drop: "before" });
      const error = await connectorErrorOf(deploy().connectors.create({ ...inputs, onConflict }));
      expect(error.message).toContain(
        `Look for it in Databar before the next pulumi up; if it is there, name it with connectorId, because onConflict: "${onConflict}" does not look for it`,
      );
      expect(writes()).toHaveLength(1);
    },
  );
  test("what turns up later is adopted by the next deployment", async () => {
    const { vendor, deploy } = await databarWorld();
    vendor.fault({ method: "POST", drop: "after" });
    vendor.fault({ method: "GET", after: 1, body: [], times: 2 });
    await connectorErrorOf(deploy().connectors.create(inputs));
    const { id } = await deploy().connectors.create(inputs);
    expect(vendor.connectors.map((connector) => String(connector.id))).toEqual([id]);
  });
});

describe("a refusal", () => {
  test.each([400, 401, 403, 404, 406, 409, 422])(
    "%d is no lost answer: it fails at once, without another look",
    async (status) => {
      const { vendor, deploy, requests } = await databarWorld();
      vendor.fault({ method: "POST", status });
      expect((await connectorErrorOf(deploy().connectors.create(inputs))).statusCode).toBe(status);
      expect(requests()).toEqual(["GET /v1/connectors/", "POST /v1/connectors/"]);
      expect(vendor.connectors).toHaveLength(0);
    },
  );
  test.each(["LICENSE_NOT_FOUND", "LICENSE_ACCESS_DATA_SOURCE"])(
    "a 500 that says %s is one too: the plan does not change by asking again",
    async (code) => {
      const { vendor, deploy, requests } = await supermetricsWorld();
      vendor.fault({
        method: "POST",
        status: 500,
        body: { error: { code, message: "m" } },
        times: 9,
      });
      expect(
        await connectorErrorOf(deploy().connectors.create({ teamId: TEAM, name: "A" })),
      ).toMatchObject({ code: "plan_limit", retryable: false, outcomeUnknown: false });
      expect(requests().map((request) => request.split(" ")[0])).toEqual(["GET", "POST"]);
    },
  );
  test("429 is sent again by itself: the vendor did not handle it", async () => {
    const { vendor, deploy } = await databarWorld({ retryAfter: null });
    vendor.fault({ method: "POST", status: 429 });
    await deploy().connectors.create(inputs);
    expect(vendor.connectors).toHaveLength(1);
  });
});

describe("twins", () => {
  test("in flight together each get their own connector back when all answers get lost", async () => {
    const { vendor, deploy, writes } = await databarWorld();
    vendor.fault({ method: "POST", drop: "after", times: 3 });
    const { connectors } = deploy();
    const ids = await Promise.all([1, 2, 3].map(async () => (await connectors.create(inputs)).id));
    expect([...ids].sort()).toEqual(vendor.connectors.map(({ id }) => String(id)).sort());
    expect(writes()).toHaveLength(3);
  });
  test("that differ only in space around the name take turns too", async () => {
    const { vendor, deploy } = await databarWorld();
    vendor.fault({ method: "POST", drop: "after", times: 2 });
    const { connectors } = deploy();
    const ids = await Promise.all(
      ["Scoring", "Scoring "].map(
        async (name) => (await connectors.create({ ...inputs, name })).id,
      ),
    );
    expect([...ids].sort()).toEqual(vendor.connectors.map(({ id }) => String(id)).sort());
  });
});

describe("a look-up after a lost answer", () => {
  test.each<[string, FaultOptions]>([
    ["fails", { status: 500, times: 9 }],
    ["is refused", { status: 403 }],
    ["is no list", { html: HTML, status: 200 }],
  ])("that %s proves no absence: the POST is not repeated", async (_, fault) => {
    const { vendor, deploy, writes } = await databarWorld();
    vendor.fault({ method: "POST", status: 500 });
    vendor.fault({ method: "GET", after: 1, ...fault });
    expect((await connectorErrorOf(deploy().connectors.create(inputs))).code).toBe(
      "ambiguous_create",
    );
    expect(writes()).toHaveLength(1);
  });
  test("that is not complete proves no absence", async () => {
    const { vendor, deploy, writes } = await supermetricsWorld();
    vendor.fault({ method: "POST", status: 500 });
    vendor.fault({ method: "GET", after: 1, body: { count: 5, connectors: [] } });
    expect(
      (await connectorErrorOf(deploy().connectors.create({ teamId: TEAM, name: "A" }))).code,
    ).toBe("ambiguous_create");
    expect(writes()).toHaveLength(1);
  });
});

test("a program's own credential in the vendor's words does not reach the message", async () => {
  const { vendor, deploy } = await databarWorld();
  vendor.fault({
    method: "POST",
    status: 500,
    body: { detail: "cannot store Bearer s3cr3t-value" },
    times: 3,
  });
  const error = await connectorErrorOf(
    deploy({}, { lookups: [0] }).connectors.create({
      ...inputs,
      headers: { Authorization: "Bearer s3cr3t-value" },
    }),
  );
  expect(error.message).toContain("cannot store");
  expect(error.message).not.toContain("s3cr3t");
});
