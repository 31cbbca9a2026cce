/**
 * Diagnostics of invalid definitions: the preview reports all of a resource together, with paths,
 * before any request.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type RunResult } from "../../harness/engine/types";
import {
  type Declared,
  engineLine,
  expectOk,
  type Program,
  startWorld,
  type World,
} from "../../harness/e2e/world";

/** A value that no message can contain. */
const VALUE = "canary-2b4d6f8a";
const LONG = (length: number): string => VALUE.padEnd(length, "x");
const PNG = Buffer.from("89504e470d0a1a0a", "hex");

// Each test runs many engine operations, which can take seconds on a busy machine.
jest.setTimeout(180_000);

let world: World;

beforeAll(async () => {
  world = await startWorld();
});
beforeEach(() => world.sandbox.clearLogs());
afterAll(() => world.close());

/** Previews one invalid resource and expects exactly these diagnostics, and no request. */
async function expectFaults(
  declared: Declared,
  faults: readonly string[],
  others: Program = {},
): Promise<void> {
  world.program({ ...others, faulty: declared });
  const result = await world.stack.preview();
  expect(result.ok).toBe(false);
  expect(faultsOf(result)).toEqual([...faults].sort());
  expect(result.text).not.toContain(VALUE);
  expectNoCalls();
}

/** The diagnostics, one per line, without the engine's text around them. */
function faultsOf({ diagnostics }: RunResult): string[] {
  const lines = diagnostics
    .filter(({ severity }) => severity === "error")
    .flatMap(({ message }) => message.split("\n"));
  return lines.flatMap((line) => /has a problem: (.*)$/.exec(line)?.slice(1) ?? []).sort();
}

function expectNoCalls(): void {
  expect([...world.sandbox.databar.log, ...world.sandbox.supermetrics.log]).toEqual([]);
  expect([...world.sandbox.databar.connectors, ...world.sandbox.supermetrics.connectors]).toEqual(
    [],
  );
}

describe(`${engineLine}. A Databar definition`, () => {
  test("beyond the vendor's limits gets all diagnostics together, with suggestions", async () => {
    const args = {
      ...{
        name: LONG(257),
        type: "enrichmnt",
        method: "GET",
        url: `https://api.example.com/${LONG(512)}`,
        bodyTemplate: LONG(2049),
      },
      ...{
        rateLimit: 0,
        maxConcurrency: -1,
        connectorId: 0,
        onConflict: "adpt",
        rate_limit: 60,
        colour: VALUE,
      },
      headers: {
        "Bad Name": VALUE,
        "X-Broken": `${VALUE}\r\nX-Injected: 1`,
        Accept: ["text/html", `${VALUE}\n`],
      },
      parameters: { "": VALUE, ok: VALUE },
      body: { "line\nbreak": VALUE },
    };
    await expectFaults({ type: "DatabarConnector", args }, [
      "name: must have at most 256 characters; it has 257.",
      "type: must be one of simple, enrichment, exporter. Did you mean enrichment?",
      "method: must be one of get, post, put, patch. Did you mean get?",
      "url: must have at most 512 characters; it has 536.",
      "bodyTemplate: must have at most 2048 characters; it has 2049.",
      "rateLimit: must be at least 1.",
      "maxConcurrency: must be at least 1.",
      "connectorId: must be at least 1.",
      "onConflict: must be one of adopt, create, fail. Did you mean adopt?",
      "rate_limit: DatabarConnector has no property of this name. Did you mean rateLimit?",
      "colour: DatabarConnector has no property of this name. Known properties: name, type, method, url, headers, parameters, body, bodyTemplate, rateLimit, maxConcurrency, connectorId, onConflict.",
      'headers["Bad Name"]: is not a header name. Use letters, digits and - only.',
      "headers.X-Broken: holds a control character, which no header may. Remove line breaks; a trailing one often comes from reading a file.",
      "headers.Accept: holds a control character, which no header may. Remove line breaks; a trailing one often comes from reading a file.",
      'parameters[""]: is not a usable name: empty, or with control characters.',
      'body["line\\nbreak"]: is not a usable name: empty, or with control characters.',
    ]);
  });

  test("with wrong types and missing properties gets all diagnostics together, with the correct form", async () => {
    const args = {
      ...{
        name: 5,
        url: `ftp://${VALUE}.example.com`,
        type: true,
        bodyTemplate: { [VALUE]: 1 },
        rateLimit: "60",
        maxConcurrency: 1.5,
        connectorId: VALUE,
        onConflict: 1,
      },
      headers: [{ name: VALUE, value: VALUE }],
      parameters: { page: 1, flag: false, deep: { [VALUE]: VALUE }, list: ["a", 2], none: null },
      body: VALUE,
    };
    await expectFaults({ type: "DatabarConnector", args }, [
      "name: must be text, not a number. Write it in quotes.",
      'method: is required. Example: method: "post".',
      "url: must be a complete http or https URL. Example: https://api.example.com/v1/score.",
      'type: must be text, not true or false. Example: type: "enrichment".',
      "bodyTemplate: must be text, not a map.",
      "rateLimit: must be a whole number, not text. Write it without quotes.",
      "maxConcurrency: must be a whole number, not a fraction.",
      "connectorId: must be a whole number, not text.",
      'onConflict: must be text, not a number. Example: onConflict: "adopt".',
      "headers: must be a map, not a list. Write name: value pairs instead of a list.",
      "parameters.page: must be text or a list of texts, not a number. Write it in quotes.",
      "parameters.flag: must be text or a list of texts, not true or false. Write it in quotes.",
      "parameters.deep: must be text or a list of texts, not a map.",
      "parameters.list[1]: must be text, not a number. Write it in quotes.",
      "parameters.none: must be text or a list of texts, not null.",
      "body: must be a map, not text.",
    ]);
  });

  test("with blank values is rejected", async () => {
    await expectFaults(
      {
        type: "DatabarConnector",
        args: {
          name: " \t",
          method: "get",
          url: `https://api.example.com/ ${VALUE}`,
          headers: { "": VALUE },
        },
      },
      [
        "name: must not be blank.",
        "name: must not hold line breaks or control characters.",
        "url: must not hold spaces or control characters. Percent-encode them.",
        'headers[""]: is not a header name. Use letters, digits and - only.',
      ],
    );
  });

  test("with unknown values is validated by its known values", async () => {
    const unknown = { $output: "other.createdAt" };
    const args = {
      name: unknown,
      method: "get",
      url: unknown,
      headers: { Accept: unknown, "Bad Name": VALUE, List: ["a", unknown] },
      parameters: unknown,
      rateLimit: 0,
      bodyTemplate: unknown,
    };
    const other: Declared = {
      type: "DatabarConnector",
      args: { name: "Other", method: "get", url: "https://api.example.com" },
    };
    await expectFaults(
      { type: "DatabarConnector", args },
      [
        'headers["Bad Name"]: is not a header name. Use letters, digits and - only.',
        "rateLimit: must be at least 1.",
      ],
      { other },
    );
  });
});

describe(`${engineLine}. A Supermetrics definition`, () => {
  test("beyond the vendor's limits gets all diagnostics together, with suggestions", async () => {
    const args = {
      ...{
        name: "n".repeat(256),
        description: LONG(1001),
        teamId: "9223372036854775808",
        connectorIdentifier: `${VALUE}/1`,
        duplicateOf: LONG(101),
        onConflict: "crate",
      },
      ...{ config: VALUE, logo: `./${VALUE}/missing.png` },
      secrets: { api_key: "", token: LONG(10_001), ["n".repeat(256)]: VALUE },
      configuration: {
        request: {
          headers: ["${secrets.api_kez}", "${secrets.zzzzzzzz}", "$${secrets.literal}"],
          key: "${secrets.api_key} ${secrets.token}",
        },
      },
    };
    await expectFaults({ type: "SupermetricsConnector", args }, [
      "name: must have at most 255 characters; it has 256.",
      "description: must have at most 1000 characters; it has 1001.",
      'teamId: must be a whole number from 1 to 9223372036854775807, as text. Example: teamId: "936506".',
      "connectorIdentifier: must be 1 to 100 letters, digits, _ or -.",
      "duplicateOf: must be 1 to 100 letters, digits, _ or -.",
      "onConflict: must be one of adopt, create, fail. Did you mean create?",
      "config: SupermetricsConnector has no property of this name. Known properties: name, description, configuration, secrets, logo, teamId, connectorIdentifier, duplicateOf, onConflict.",
      "logo: names a file that does not exist. Write a path relative to the folder that the program runs in: that of Pulumi.yaml, or of main where it names a file.",
      "secrets.api_key: must not be empty.",
      "secrets.token: must have at most 10000 characters; it has 10001.",
      `secrets.${"n".repeat(256)}: the name must have at most 255 characters; it has 256.`,
      "configuration.request.headers[0]: names the secret api_kez, which secrets does not define. Did you mean ${secrets.api_key}?",
      "configuration.request.headers[1]: names the secret zzzzzzzz, which secrets does not define. Add secrets.zzzzzzzz, or write $${secrets.zzzzzzzz} for the literal text.",
    ]);
  });

  test("with wrong types and missing properties gets all diagnostics together, with the correct form", async () => {
    const args = {
      descriptio: VALUE,
      description: 5,
      configuration: [VALUE],
      secrets: [VALUE],
      logo: 5,
      teamId: 936506,
      connectorIdentifier: 5,
      duplicateOf: null,
      onConflict: {},
    };
    await expectFaults({ type: "SupermetricsConnector", args }, [
      'name: is required. Example: name: "Awin".',
      "descriptio: SupermetricsConnector has no property of this name. Did you mean description?",
      "description: must be text, not a number. Write it in quotes.",
      "configuration: must be a map, not a list. Write name: value pairs instead of a list.",
      "secrets: must be a map, not a list. Write name: value pairs instead of a list.",
      "logo: must be the path of a file, as text.",
      "teamId: must be text, not a number. Write it in quotes.",
      "connectorIdentifier: must be text, not a number. Write it in quotes.",
      "onConflict: must be text, not a map.",
    ]);
  });

  test("with a logo that is too large is rejected", async () => {
    writeFileSync(
      join(world.folder, "large.png"),
      Buffer.concat([PNG, Buffer.alloc(5 * 1024 * 1024)]),
    );
    await expectFaults(
      { type: "SupermetricsConnector", args: { name: "", teamId: "0", logo: "large.png" } },
      [
        "name: must not be empty.",
        'teamId: must be a whole number from 1 to 9223372036854775807, as text. Example: teamId: "936506".',
        "logo: must be at most 5 MB; large.png has 5.0 MB.",
      ],
    );
  });

  test("with a logo that is not an image is rejected", async () => {
    writeFileSync(join(world.folder, "logo.png"), `<svg>${VALUE}</svg>`);
    await expectFaults(
      {
        type: "SupermetricsConnector",
        args: { name: "Awin", logo: "logo.png", secrets: { key: 5 } },
      },
      [
        "logo: must be a PNG or JPG file, and logo.png is neither.",
        "secrets.key: must be text, not a number. Set it with `pulumi config set --secret key`, and refer to that key.",
      ],
    );
  });

  test("with unknown values is validated by its known values", async () => {
    const unknown = { $output: "other.createdAt" };
    const args = {
      name: unknown,
      teamId: "-1",
      logo: unknown,
      secrets: { key: unknown, empty: "" },
      configuration: { a: unknown, b: "${secrets.missing}" },
    };
    const other: Declared = { type: "SupermetricsConnector", args: { name: "Other" } };
    await expectFaults(
      { type: "SupermetricsConnector", args },
      [
        'teamId: must be a whole number from 1 to 9223372036854775807, as text. Example: teamId: "936506".',
        "secrets.empty: must not be empty.",
        "configuration.b: names the secret missing, which secrets does not define. Add secrets.missing, or write $${secrets.missing} for the literal text.",
      ],
      { other },
    );
  });
});

test(`${engineLine}. Values at the limits are accepted, and an unreferenced secret is a warning`, async () => {
  writeFileSync(join(world.folder, "logo.png"), PNG);
  const url = "https://api.example.com/";
  world.program({
    scoring: {
      type: "DatabarConnector",
      args: {
        name: "n".repeat(256),
        method: "patch",
        url: url.padEnd(512, "u"),
        bodyTemplate: "t".repeat(2048),
        rateLimit: 1,
        maxConcurrency: 1,
        headers: { "X-Tab": "a\tb" },
        parameters: { list: [] },
      },
    },
    awin: {
      type: "SupermetricsConnector",
      args: {
        ...{
          name: "n".repeat(255),
          description: "d".repeat(1000),
          teamId: "9223372036854775807",
          duplicateOf: "d".repeat(100),
          logo: "logo.png",
        },
        ...{
          secrets: { used: "s".repeat(10_000), unused: "s" },
          configuration: { key: "${secrets.used}", literal: "$${secrets.other}" },
        },
      },
    },
    unnamed: {
      type: "SupermetricsConnector",
      args: { name: { $output: "awin.createdAt" }, secrets: { idle: "s" }, configuration: {} },
    },
  });
  const result = expectOk(await world.stack.preview());
  expect(result.changes).toMatchObject({ create: 4 });
  const warnings = result.diagnostics
    .filter(({ severity }) => severity === "warning")
    .map(({ message }) => message);
  expect(warnings.sort()).toEqual([
    `SupermetricsConnector "${"n".repeat(255)}": secrets.unused: is never referenced by the configuration. Write \${secrets.unused} where it belongs, or remove it.`,
    "SupermetricsConnector: secrets.idle: is never referenced by the configuration. Write ${secrets.idle} where it belongs, or remove it.",
  ]);
  expectNoCalls();
});
