import { type Sandbox, startSandbox } from "../../../provider/sandbox";
import { schemaErrors, type Reply, supermetricsClient } from "../support";

const description = (reply: Reply): string | undefined =>
  (reply.body as { error: { description?: string } }).error.description;

describe("validation of Supermetrics connectors", () => {
  let sandbox: Sandbox;
  let supermetrics: ReturnType<typeof supermetricsClient>;

  beforeAll(async () => {
    sandbox = await startSandbox();
    supermetrics = supermetricsClient(sandbox.supermetrics.url);
    sandbox.supermetrics.seed({ connector_identifier: "T3S70", secrets: { there: "v" } });
  });
  afterAll(() => sandbox.close());

  const state = (): unknown => ({
    connectors: sandbox.supermetrics.connectors,
    secrets: sandbox.supermetrics.secrets("936506", "T3S70"),
  });

  const expectRefused = (reply: Reply, status: number, text: string): void => {
    expect([reply.status, description(reply)]).toEqual([status, text]);
    expect(schemaErrors("supermetricsError", reply.body)).toEqual([]);
  };

  describe("create", () => {
    test.each<[string, Record<string, string>]>([
      ["a title of 255 characters", { title: "t".repeat(255) }],
      ["a title of 255 emojis, counted as characters", { title: "🔌".repeat(255) }],
      ["a description of 1,000 characters", { title: "t", description: "d".repeat(1000) }],
      ["an empty description", { title: "t", description: "" }],
      ["an empty source like an unset one", { title: "t", connector_identifier: "" }],
      ["an existing title", { title: "Test Connector" }],
    ])("accepts %s", async (_, form) => {
      expect((await supermetrics("/connectors", { method: "POST", form })).status).toBe(201);
    });

    test.each<[string, Record<string, string>, string]>([
      ["no title", { description: "d" }, "The field 'title' must not be null."],
      ["an empty title", { title: "" }, "The field 'title' must not be empty."],
      [
        "a title of 256 characters",
        { title: "t".repeat(256) },
        "The field 'title' must not be longer than 255 characters.",
      ],
      [
        "a description of 1,001",
        { title: "t", description: "d".repeat(1001) },
        "The field 'description' must not be longer than 1000 characters.",
      ],
      [
        "a source of 101",
        { title: "t", connector_identifier: "A".repeat(101) },
        "The field 'connector_identifier' must not be longer than 100 characters.",
      ],
    ])("rejects %s with 422, or with createInvalidStatus", async (_, form, text) => {
      const before = state();
      expectRefused(await supermetrics("/connectors", { method: "POST", form }), 422, text);
      sandbox.supermetrics.settings.createInvalidStatus = 400;
      expectRefused(await supermetrics("/connectors", { method: "POST", form }), 400, text);
      sandbox.supermetrics.settings.createInvalidStatus = 422;
      expect(state()).toEqual(before);
    });

    test("rejects JSON, because only a form is accepted", async () => {
      const reply = await supermetrics("/connectors", { method: "POST", json: { title: "t" } });
      expectRefused(reply, 400, "The content type must be application/x-www-form-urlencoded.");
    });

    test("rejects an unknown source with 404", async () => {
      const reply = await supermetrics("/connectors", {
        method: "POST",
        form: { title: "t", connector_identifier: "NOPE1" },
      });
      expect([reply.status, schemaErrors("supermetricsError", reply.body)]).toEqual([404, []]);
    });
  });

  describe("update", () => {
    const update = (json: unknown): Promise<Reply> =>
      supermetrics("/connectors/T3S70", { method: "PUT", json });
    const valid = { name: "n", description: "d" };

    test.each<[string, unknown]>([
      ["neither block", {}],
      ["the connector alone", { connector: valid }],
      ["the configuration alone", { configuration: { configuration_json: {} } }],
      ["an empty description", { connector: { name: "n", description: "" } }],
      [
        "a name and description of maximum length",
        { connector: { name: "n".repeat(255), description: "d".repeat(1000) } },
      ],
      [
        "the full configuration object of a get",
        {
          configuration: {
            version: "1.0.0",
            created_at: "x",
            updated_at: "y",
            configuration_json: { a: [] },
          },
        },
      ],
    ])("accepts %s", async (_, json) => {
      expect((await update(json)).status).toBe(204);
    });

    test.each<[string, unknown, string]>([
      [
        "a null description",
        { connector: { name: "n", description: null } },
        "The field 'connector.description' must not be null.",
      ],
      [
        "a missing description",
        { connector: { name: "n" } },
        "The field 'connector.description' must not be null.",
      ],
      [
        "a missing name",
        { connector: { description: "d" } },
        "The field 'connector.name' must not be null.",
      ],
      [
        "an empty name",
        { connector: { ...valid, name: "" } },
        "The field 'connector.name' must not be empty.",
      ],
      [
        "a number as name",
        { connector: { ...valid, name: 1 } },
        "The field 'connector.name' must be a string.",
      ],
      [
        "a name of 256 characters",
        { connector: { ...valid, name: "n".repeat(256) } },
        "The field 'connector.name' must not be longer than 255 characters.",
      ],
      ["a null connector", { connector: null }, "The field 'connector' must be an object."],
      [
        "a bare configuration",
        { configuration: { reporting: {} } },
        "The field 'configuration.configuration_json' must not be null.",
      ],
      [
        "a configuration as a string",
        { configuration: { configuration_json: "{}" } },
        "The field 'configuration.configuration_json' must be an object.",
      ],
      [
        "a configuration as an array",
        { configuration: { configuration_json: [] } },
        "The field 'configuration.configuration_json' must be an object.",
      ],
    ])("rejects %s with 422 and changes nothing", async (_, json, text) => {
      const before = state();
      expectRefused(await update(json), 422, text);
      expect(state()).toEqual(before);
    });

    test("reports all errors; an error in one block prevents the write of the other", async () => {
      const before = state();
      const reply = await update({
        connector: { name: "", description: null },
        configuration: { configuration_json: { changed: true } },
      });
      expectRefused(
        reply,
        422,
        "The field 'connector.name' must not be empty. The field 'connector.description' must not be null.",
      );
      expect(state()).toEqual(before);
    });

    test("rejects a document that fails validateConfiguration, and changes nothing", async () => {
      sandbox.supermetrics.settings.validateConfiguration = ({ reporting }) =>
        reporting === undefined ? "reporting is missing" : undefined;
      const before = state();
      expectRefused(
        await update({ connector: valid, configuration: { configuration_json: {} } }),
        422,
        "reporting is missing",
      );
      expect(state()).toEqual(before);
      sandbox.supermetrics.settings.validateConfiguration = null;
    });

    test.each<[string, Record<string, string>, string]>([
      ["broken JSON", { "content-type": "application/json" }, '{"connector":'],
      ["an array", { "content-type": "application/json" }, "[]"],
      ["a form", { "content-type": "application/x-www-form-urlencoded" }, "name=n"],
    ])("rejects %s with 400", async (_, headers, raw) => {
      expectRefused(
        await supermetrics("/connectors/T3S70", { method: "PUT", headers, raw }),
        400,
        "The request body must be a JSON object.",
      );
    });
  });

  describe("secrets", () => {
    const create = (json: unknown): Promise<Reply> =>
      supermetrics("/connectors/T3S70/secrets", { method: "POST", json });

    test("a value of 10,000 characters is accepted", async () => {
      expect(
        (await create({ secret_name: "n".repeat(255), secret_value: "v".repeat(10_000) })).status,
      ).toBe(201);
    });

    test.each<[string, unknown, string]>([
      [
        "a value of 10,001 characters",
        { secret_name: "n", secret_value: "v".repeat(10_001) },
        "The field 'secret_value' must not be longer than 10000 characters.",
      ],
      [
        "an empty value",
        { secret_name: "n", secret_value: "" },
        "The field 'secret_value' must not be empty.",
      ],
      ["no value", { secret_name: "n" }, "The field 'secret_value' must not be null."],
      [
        "a number as value",
        { secret_name: "n", secret_value: 1 },
        "The field 'secret_value' must be a string.",
      ],
      [
        "a name of 256 characters",
        { secret_name: "n".repeat(256), secret_value: "v" },
        "The field 'secret_name' must not be longer than 255 characters.",
      ],
      ["no name", { secret_value: "v" }, "The field 'secret_name' must not be null."],
    ])("%s is rejected with 422", async (_, json, text) => {
      const before = state();
      expectRefused(await create(json), 422, text);
      expect(state()).toEqual(before);
    });
  });

  describe("paths and queries", () => {
    test.each(["1", "936506", "9007199254740993", "9223372036854775807"])(
      "the team id %s is valid",
      async (team) => {
        sandbox.supermetrics.settings.teams = [team];
        expect(
          (await supermetricsClient(sandbox.supermetrics.url, { team })("/connectors")).status,
        ).toBe(200);
        sandbox.supermetrics.settings.teams = ["936506"];
      },
    );

    test.each(["0", "-1", "abc", "01", "1.5", "9223372036854775808", "9223372036854776000"])(
      "the team id %s is rejected with 400",
      async (team) => {
        const reply = await supermetricsClient(sandbox.supermetrics.url, { team })("/connectors");
        expectRefused(reply, 400, "The field 'team_id' must be between 1 and 9223372036854775807.");
      },
    );

    test.each(["bad%20id!", "a.b", "A".repeat(101), "%C3%A4"])(
      "the identifier %s is rejected with 400",
      async (identifier) => {
        expectRefused(
          await supermetrics(`/connectors/${identifier}`),
          400,
          "The field 'connector_identifier' is not valid.",
        );
      },
    );

    test.each(["0", "1001", "-1", "ten"])(
      "the limit %s of log entries is rejected with 400",
      async (limit) => {
        expectRefused(
          await supermetrics(`/connectors/T3S70/logs?limit=${limit}`),
          400,
          "The field 'limit' must be between 1 and 1000.",
        );
      },
    );

    test.each(["1", "1000"])("the limit %s of log entries is accepted", async (limit) => {
      expect((await supermetrics(`/connectors/T3S70/logs?limit=${limit}`)).status).toBe(200);
    });

    test("an invalid time and an invalid flag are rejected with 400", async () => {
      expectRefused(
        await supermetrics("/connectors/T3S70/logs?before=soon"),
        400,
        "The field 'before' must be a date-time.",
      );
      expectRefused(
        await supermetrics("/connectors?include_configs=maybe"),
        400,
        "The field 'include_configs' must be a boolean.",
      );
    });
  });
});
