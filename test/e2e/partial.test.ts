import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { byName, calls, writes } from "../../harness/e2e/calls";
import { databar, png, resource, supermetrics } from "../../harness/e2e/program";
import { closeWorlds, expectOk, ops, startWorld, TEAM } from "../../harness/e2e/world";

jest.setTimeout(180_000);
afterEach(closeWorlds);

const CONFIGURATION = { token: "${secrets.token}" };

it("a partial create is recorded, and the next up completes it without a second connector", async () => {
  const { sandbox, stack, program, folder } = await startWorld();
  writeFileSync(join(folder, "logo.png"), png("one"));
  // All must start before one fails, because an engine starts no further operations after a
  // failure.
  sandbox.supermetrics.fault({ method: "GET", delay: 1_000 });
  sandbox.supermetrics.fault({
    method: "PUT",
    status: 422,
    when: ({ body }) => JSON.stringify(body).includes("Configuration"),
  });
  sandbox.supermetrics.fault({
    method: "POST",
    path: /secrets$/,
    status: 500,
    times: Infinity,
    when: ({ body }) => JSON.stringify(body).includes("unlucky"),
  });
  sandbox.supermetrics.fault({ method: "POST", path: /logo$/, status: 400 });
  program({
    configuration: supermetrics({
      name: "Configuration",
      configuration: CONFIGURATION,
      secrets: { token: "secret-canary-1" },
    }),
    secret: supermetrics({
      name: "Secret",
      configuration: { a: "${secrets.lucky}", b: "${secrets.unlucky}" },
      secrets: { lucky: "secret-canary-2", unlucky: "secret-canary-3" },
    }),
    logo: supermetrics({
      name: "Logo",
      description: "With a logo.",
      configuration: { a: 1 },
      logo: "./logo.png",
    }),
  });
  const failed = await stack.up();
  expect(failed.ok).toBe(false);
  expect(failed.text).toContain(
    "What was done so far is recorded; the next pulumi up does the rest",
  );
  expect(failed.text).not.toContain("canary");
  expect(await stack.rawState()).not.toContain("canary");
  const state = await stack.exportState();
  const connectors = sandbox.supermetrics.connectors;
  expect(connectors).toHaveLength(3);
  for (const [name, title] of [
    ["configuration", "Configuration"],
    ["secret", "Secret"],
    ["logo", "Logo"],
  ] as const) {
    const { id, initErrors } = resource(state, name);
    expect(
      connectors.map(({ connector_identifier }) => `${TEAM}/${connector_identifier}`),
    ).toContain(id);
    expect(initErrors).toEqual([
      expect.stringMatching(new RegExp(`connector "${title}" \\(.*id ${id!.split("/")[1]!}\\)`)),
    ]);
  }

  sandbox.clearFaults();
  sandbox.clearLogs();
  expect(ops(expectOk(await stack.up()))).toEqual({
    configuration: "update",
    secret: "update",
    logo: "update",
  });
  const finished = byName(sandbox.supermetrics.connectors);
  expect(Object.keys(finished).sort()).toEqual(["Configuration", "Logo", "Secret"]);
  expect(writes(sandbox.supermetrics).filter((call) => call === "POST /connectors")).toEqual([]);
  const secretsOf = (name: string) =>
    Object.fromEntries(
      sandbox.supermetrics
        .secrets(TEAM, finished[name]!.connector_identifier)
        .map((secret) => [secret.name, secret]),
    );
  expect(finished["Configuration"]).toMatchObject({
    description: "",
    configuration: {
      configuration_json: { token: secretsOf("Configuration")["token"]!.placeholder },
    },
  });
  const { lucky, unlucky } = secretsOf("Secret");
  expect([lucky!.value, unlucky!.value]).toEqual(["secret-canary-2", "secret-canary-3"]);
  expect(finished["Secret"]).toMatchObject({
    description: "",
    configuration: { configuration_json: { a: lucky!.placeholder, b: unlucky!.placeholder } },
  });
  expect(finished["Logo"]).toMatchObject({
    description: "With a logo.",
    configuration: { configuration_json: { a: 1 } },
  });
  expect(sandbox.supermetrics.logo(TEAM, finished["Logo"]!.connector_identifier)?.bytes).toEqual(
    png("one"),
  );
  const logoWrites = writes(sandbox.supermetrics).filter((call) =>
    call.includes(finished["Logo"]!.connector_identifier),
  );
  expect(logoWrites).toEqual([`POST /connectors/${finished["Logo"]!.connector_identifier}/logo`]);

  const quiet = await stack.refresh();
  expect(ops(expectOk(quiet))).toEqual({ configuration: "same", secret: "same", logo: "same" });
  expect((await stack.exportState()).resources.flatMap(({ initErrors }) => initErrors)).toEqual([]);
  expectOk(await stack.destroy());
  expect(sandbox.supermetrics.connectors).toEqual([]);
});

it("what is too large to be recorded in full is recorded in short: nothing is created twice, no secret is lost", async () => {
  const { sandbox, stack, program, folder } = await startWorld();
  const vendor = sandbox.supermetrics;
  writeFileSync(join(folder, "logo.png"), png("one"));
  const noise = (): string => randomBytes(7_350).toString("base64");
  const map = (value: (index: number) => string): Record<string, string> =>
    Object.fromEntries(["a", "b", "c", "d"].map((name, index) => [name, value(index)]));
  const configuration = Object.fromEntries(
    Array.from({ length: 10 }, (_, index) => [`k${index}`, noise()]),
  );
  const declare = (name: string, secrets: Record<string, string>): void =>
    program({
      large: supermetrics({ name: "Large", configuration, logo: "./logo.png", ...CREATE }),
      secrets: supermetrics({ name, secrets, configuration: REFERENCES, ...CREATE }),
    });
  const CREATE = { onConflict: "create" };
  const REFERENCES = map((index) => `\${secrets.${"abcd"[index]!}}`);
  const secretsNow = (): unknown => {
    const { connector_identifier: key } = vendor.connectors.find(({ name }) => name !== "Large")!;
    return Object.fromEntries(vendor.secrets(TEAM, key).map((each) => [each.name, each.value]));
  };
  const recorded = /What was done so far is recorded; the next pulumi up does the rest/;

  // Both must start before one fails.
  vendor.fault({ method: "GET", delay: 1_000 });
  vendor.fault({ method: "POST", path: /logo$/, status: 400 });
  vendor.fault({
    method: "PUT",
    status: 422,
    when: ({ body }) => JSON.stringify(body).includes("Secrets"),
  });
  const first = map(noise);
  declare("Secrets", first);
  const failed = await stack.up();
  expect([failed.ok, failed.text]).toEqual([false, expect.stringMatching(recorded)]);
  const state = await stack.exportState();
  expect([resource(state, "large").id, resource(state, "secrets").id].sort()).toEqual(
    vendor.connectors.map((each) => `${TEAM}/${each.connector_identifier}`).sort(),
  );
  sandbox.clearFaults();
  sandbox.clearLogs();
  expect(ops(expectOk(await stack.up()))).toEqual({ large: "update", secrets: "update" });
  expect(writes(vendor)).not.toContain("POST /connectors");
  expect(byName(vendor.connectors)).toMatchObject({
    Large: { description: "", configuration: { configuration_json: configuration } },
    Secrets: { description: "" },
  });
  expect(secretsNow()).toEqual(first);

  vendor.fault({ method: "PUT", path: /connectors\/[^/]+$/, status: 422 });
  declare("Renamed", map(noise));
  const rotated = await stack.up();
  expect([rotated.ok, rotated.text]).toEqual([false, expect.stringMatching(recorded)]);
  expect(secretsNow()).not.toEqual(first);
  declare("Secrets", first);
  expect(ops(expectOk(await stack.up()))).toEqual({ large: "same", secrets: "update" });
  expect([secretsNow(), vendor.connectors.length]).toEqual([first, 2]);
  expect(ops(expectOk(await stack.refresh()))).toEqual({ large: "same", secrets: "same" });
  sandbox.clearLogs();
  expect(ops(expectOk(await stack.up()))).toEqual({ large: "same", secrets: "same" });
  expect(vendor.log).toEqual([]);
  expectOk(await stack.destroy());
  expect(vendor.connectors).toEqual([]);
});

it("connectors partially created by a killed deployment are completed, not created twice", async () => {
  const { sandbox, stack, program } = await startWorld();
  const killed = new AbortController();
  const reached = new Set<string>();
  const kill = (vendor: string) => () => {
    reached.add(vendor);
    if (reached.size === 2) {
      killed.abort();
    }
    return true;
  };
  const forever = 60_000;
  sandbox.databar.fault({ method: "POST", delay: forever, when: kill("databar") });
  sandbox.supermetrics.fault({
    method: "PUT",
    drop: "before",
    delay: forever,
    when: kill("supermetrics"),
  });
  program({
    scoring: databar({ headers: { Accept: "json" } }),
    awin: supermetrics({
      description: "Clicks.",
      configuration: CONFIGURATION,
      secrets: { token: "secret-canary" },
    }),
  });
  expect((await stack.up({ signal: killed.signal })).ok).toBe(false);
  await stack.cancel();
  expect([sandbox.databar.connectors.length, sandbox.supermetrics.connectors.length]).toEqual([
    1, 1,
  ]);
  expect(sandbox.supermetrics.connectors[0]!.description).toMatch(/^Being created by Pulumi/);
  sandbox.clearFaults();
  sandbox.clearLogs();

  const finished = expectOk(await stack.up());
  expect(ops(finished)).toEqual({ scoring: "create", awin: "create" });
  expect(finished.text).toMatch(
    /Finishing the existing Supermetrics connector "Awin" \(id \w+\), which an interrupted deployment left half done/,
  );
  expect(finished.text).toMatch(/Adopting the existing Databar connector "Scoring"/);
  expect(writes(sandbox.databar)).toEqual([]);
  expect(calls(sandbox.supermetrics)).not.toContain("POST /connectors");
  const [awin, ...others] = sandbox.supermetrics.connectors;
  const [secret] = sandbox.supermetrics.secrets(TEAM, awin!.connector_identifier);
  expect(others).toEqual([]);
  expect(awin).toMatchObject({
    description: "Clicks.",
    configuration: { configuration_json: { token: secret!.placeholder } },
  });
  expect(secret!.value).toBe("secret-canary");

  expect(ops(expectOk(await stack.refresh({ clearPendingCreates: true })))).toEqual({
    scoring: "same",
    awin: "same",
  });
  expect((await stack.exportState()).pendingOperations).toEqual([]);
  expectOk(await stack.destroy());
  expect([sandbox.databar.connectors, sandbox.supermetrics.connectors]).toEqual([[], []]);
});
