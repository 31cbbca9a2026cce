/** Secrets never appear in outputs or in the state, in any form that a vendor returns. */
import { type FaultOptions } from "pulumi-connectors/sandbox";
import { type RunResult, type StateResource } from "../../harness/engine/types";
import { canary, formsOf } from "../../harness/canary";
import { openGate } from "./gate";
import {
  DATABAR_KEY,
  type Declared,
  engineLine,
  expectOk,
  type Program,
  startWorld,
  step,
  SUPERMETRICS_KEY,
  TEAM,
  type World,
} from "../../harness/e2e/world";

const PLACES = [
  "marked",
  "authorization",
  "x-api-key",
  "parameter",
  "list",
  "body",
  "template",
  "url",
  "map",
  "inline",
  "bearer",
];
const EVERY = [
  DATABAR_KEY,
  SUPERMETRICS_KEY,
  ...PLACES.flatMap((place) => [canary(place), canary(place, 2)]),
];

function program(generation: number, { note = "first" } = {}): Program {
  const value = (place: string): string => canary(place, generation);
  const scoring: Declared = {
    type: "DatabarConnector",
    args: {
      ...{
        name: "Scoring",
        method: "post",
        url: `https://api.example.com/v1/score?api_key=${encodeURIComponent(value("url"))}`,
      },
      headers: {
        Authorization: { $wrap: { before: "Bearer ", value: { $secret: value("authorization") } } },
        "X-Api-Key": value("x-api-key"),
        "X-Marked": { $secret: value("marked") },
        Accept: "application/json",
        "X-Note": note,
      },
      parameters: { access_token: value("parameter"), password: ["", value("list")], domain: "" },
      body: { client_secret: value("body"), enrichment: "full" },
      bodyTemplate: { $secret: value("template") },
    },
  };
  const awin: Declared = {
    type: "SupermetricsConnector",
    args: {
      ...{ name: "Awin", description: note, secrets: { api_key: value("map") } },
      configuration: {
        oauth: { clientId: "public-client", clientSecret: value("inline") },
        request: {
          headers: [
            { name: "Authorization", value: `Bearer ${value("bearer")}` },
            { name: "X-Api-Key", value: "${secrets.api_key}" },
          ],
        },
      },
    },
  };
  return { scoring, awin };
}

// Each test runs many engine operations, which can take seconds on a busy machine.
jest.setTimeout(180_000);

let world: World;
let seen: string[];

beforeEach(async () => {
  world = await startWorld();
  seen = [];
});
afterEach(() => world.close());

/** Records everything that a person, a log or a backup sees of a run. */
async function watch(run: Promise<RunResult>): Promise<RunResult> {
  const result = await run;
  const { text, diagnostics, outputs, steps } = result;
  seen.push(text, JSON.stringify(diagnostics), JSON.stringify(steps), await world.stack.rawState());
  seen.push(JSON.stringify(Object.values(outputs).filter(({ secret }) => !secret)));
  return result;
}

function expectNothingShown(): void {
  const everything = seen.join("\n");
  const shown = EVERY.flatMap(formsOf).filter((form) => everything.includes(form));
  expect(shown).toEqual([]);
}

describe(`${engineLine}. Secrets`, () => {
  test("never appear from the first preview to the last destroy, including drift and a rotation", async () => {
    const { sandbox, stack } = world;
    world.program(program(1), { token: { $output: "scoring.headers" } });
    expectOk(await watch(stack.preview()));
    expectOk(await watch(stack.up()));
    expect(sandbox.databar.connectors[0]?.headers).toContainEqual({
      name: "Authorization",
      value: `Bearer ${canary("authorization")}`,
    });
    const { connector_identifier: identifier } = sandbox.supermetrics.connectors[0]!;
    expect(sandbox.supermetrics.secrets(TEAM, identifier).map(({ value }) => value)).toEqual([
      canary("map"),
    ]);

    await expectMarked();

    const [scoring] = sandbox.databar.connectors;
    sandbox.databar.change(scoring!.id, {
      headers: scoring!.headers.map(({ name, value }) => ({ name, value: `${value}, changed` })),
      url: `${scoring!.url}&password=${encodeURIComponent(canary("url", 2))}`,
    });
    sandbox.supermetrics.change(identifier, {
      configuration_json: {
        oauth: { clientId: "other", clientSecret: canary("inline", 2) },
        request: {},
      },
    });
    const drifted = expectOk(await watch(stack.refresh()));
    expect(step(drifted, "scoring").op).toBe("update");
    await expectMarked();

    world.program(program(2), { token: { $output: "scoring.headers" } });
    sandbox.clearLogs();
    const rotated = expectOk(await watch(stack.up()));
    expect(Object.keys(step(rotated, "scoring").diff)).toEqual(
      expect.arrayContaining([
        "headers.Authorization",
        'headers["X-Api-Key"]',
        "parameters.access_token",
        "url",
      ]),
    );
    expect(
      sandbox.databar.log.filter(({ method }) => method !== "GET").map(({ method }) => method),
    ).toEqual(["PUT"]);
    expect(sandbox.supermetrics.secrets(TEAM, identifier).map(({ value }) => value)).toEqual([
      canary("map", 2),
    ]);
    await expectMarked();

    expectOk(await watch(stack.destroy()));
    expect([...sandbox.databar.connectors, ...sandbox.supermetrics.connectors]).toEqual([]);
    expectNothingShown();
  });

  test("never appear when a vendor returns them in an error in any form, or in a partial create", async () => {
    const { sandbox, stack } = world;
    const gate = await openGate(world);
    try {
      world.program(program(1));
      expectOk(await watch(stack.up()));

      world.program(program(2));
      const detail = echoes(
        DATABAR_KEY,
        "authorization",
        "x-api-key",
        "marked",
        "parameter",
        "list",
        "body",
        "template",
        "url",
      ).map((msg) => ({ loc: ["body", "headers", 0, "value"], msg, input: msg }));
      sandbox.databar.fault({ method: "PUT", status: 422, body: { detail } });
      sandbox.supermetrics.fault({
        method: "PUT",
        ...supermetricsRefusal(echoes(SUPERMETRICS_KEY, "map")),
      });
      gate.hold("PUT", 2);
      const failed = await watch(stack.up({ parallel: 8 }));
      expect(failed.ok).toBe(false);
      expect(failed.text).toContain('Databar rejected connector "Scoring"');
      expect(failed.text).toContain('Supermetrics rejected connector "Awin"');
      expect(failed.text).toContain("[redacted]");
      await expectMarked();

      const half: Declared = {
        type: "SupermetricsConnector",
        args: { ...program(2)["awin"]!.args, name: "Half" },
      };
      world.program({ ...program(1), half });
      sandbox.supermetrics.fault({
        method: "POST",
        path: /secrets$/,
        ...supermetricsRefusal(
          ["map", "inline", "bearer"].flatMap((place) => formsOf(canary(place, 2))),
        ),
      });
      const stopped = await watch(stack.up());
      expect(stopped.ok).toBe(false);
      const { resources } = await stack.exportState();
      expect(resources.find(({ urn }) => urn.endsWith("::half"))).toMatchObject({
        initErrors: [expect.stringContaining("[redacted]")],
        inputs: { secrets: { api_key: { secret: canary("map", 2) } } },
      });
      expect(sandbox.supermetrics.connectors.map(({ name }) => name)).toEqual(["Awin", "Half"]);

      expectOk(await watch(stack.destroy()));
      expect([...sandbox.databar.connectors, ...sandbox.supermetrics.connectors]).toEqual([]);
      expectNothingShown();
    } finally {
      await gate.close();
    }
  });
});

function supermetricsRefusal(texts: readonly string[]): FaultOptions {
  return {
    status: 422,
    body: {
      meta: {},
      error: {
        code: "UNPROCESSABLE_ENTITY",
        message: "The field 'secret_value' is wrong.",
        description: texts.join(" "),
      },
    },
  };
}

/** Error texts with the key and the values of this and the previous deployment, in every form. */
function echoes(key: string, ...places: readonly string[]): string[] {
  const values = places.flatMap((place) => [canary(place), canary(place, 2)]);
  return [key, ...values].map((value) => formsOf(value).join(" | "));
}

/**
 * Expects that in the state each secret is encrypted at its own key, and everything else is
 * readable.
 */
async function expectMarked(): Promise<void> {
  const resources = (await world.stack.exportState()).resources;
  const of = (name: string): StateResource =>
    resources.find(({ urn }) => urn.endsWith(`::${name}`))!;
  const secret = { secret: expect.anything() as unknown };
  for (const properties of [of("scoring").inputs, of("scoring").outputs]) {
    expect(properties).toMatchObject({
      ...{ name: "Scoring", url: secret, bodyTemplate: secret },
      headers: {
        Authorization: secret,
        "X-Api-Key": secret,
        "X-Marked": secret,
        Accept: expect.any(String) as unknown,
        "X-Note": expect.any(String) as unknown,
      },
      parameters: { access_token: secret, password: secret, domain: "" },
      body: { client_secret: secret, enrichment: "full" },
    });
  }
  expect(of("awin").inputs).toMatchObject({ name: "Awin", secrets: { api_key: secret } });
  expect(of("awin").outputs).toMatchObject({
    secrets: { api_key: secret },
    configurationSource: secret,
  });
  const { configuration } = of("awin").inputs as {
    configuration: { oauth: { clientId: unknown; clientSecret: unknown } };
  };
  expect(configuration.oauth).toEqual({
    clientId: expect.any(String) as unknown,
    clientSecret: secret,
  });
}
