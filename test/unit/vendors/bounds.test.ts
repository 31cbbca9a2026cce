/** The vendors' bounds, each met exactly and exceeded by one. */
import { formatDiagnostic } from "../../../provider/diagnostics";
import { type FieldTable } from "../../../provider/model/field";
import { Unknown } from "../../../provider/model/unknown";
import { validate } from "../../../provider/model/validate";
import { databarFields } from "../../../provider/vendors/databar/fields";
import { supermetricsFields } from "../../../provider/vendors/supermetrics/fields";

const x = (length: number): string => "x".repeat(length);
const url = (length: number): string => `https://example.com/${x(length - 20)}`;
const lines =
  (table: FieldTable, base: Record<string, unknown>) => (inputs: Record<string, unknown>) =>
    validate(table, { ...base, ...inputs }).map(
      (diagnostic) => `${diagnostic.severity} ${formatDiagnostic(diagnostic)}`,
    );

describe("Databar", () => {
  const judge = lines(databarFields, { name: "A", method: "get", url: "https://example.com/" });

  test.each<[Record<string, unknown>]>([
    [{ name: x(256) }],
    [{ name: "😀".repeat(256) }],
    [{ url: url(512) }],
    [{ bodyTemplate: x(2048) }],
    [{ bodyTemplate: "" }],
    [{ rateLimit: 1 }],
    [{ maxConcurrency: 1 }],
    [{ connectorId: 1 }],
    [{ connectorId: Number.MAX_SAFE_INTEGER }],
    [{ method: "get" }],
    [{ method: "post" }],
    [{ method: "put" }],
    [{ method: "patch" }],
    [{ type: "simple" }],
    [{ type: "enrichment" }],
    [{ type: "exporter" }],
    [{ onConflict: "adopt" }],
    [{ onConflict: "create" }],
    [{ onConflict: "fail" }],
    [{ headers: { A: "", B: ["x", "y"] } }],
    [{ parameters: { "odd name": "" } }],
    [{ body: { "a[b]": "" } }],
  ])("takes %j", (inputs) => expect(judge(inputs)).toEqual([]));

  test.each<[Record<string, unknown>, string]>([
    [{ name: x(257) }, "error name: must have at most 256 characters; it has 257."],
    [{ name: "" }, "error name: must not be empty."],
    [{ name: " " }, "error name: must not be blank."],
    [{ name: "a\nb" }, "error name: must not hold line breaks or control characters."],
    [{ url: url(513) }, "error url: must have at most 512 characters; it has 513."],
    [
      { url: "example.com" },
      "error url: must be a complete http or https URL. Example: https://api.example.com/v1/score.",
    ],
    [
      { bodyTemplate: x(2049) },
      "error bodyTemplate: must have at most 2048 characters; it has 2049.",
    ],
    [{ rateLimit: 0 }, "error rateLimit: must be at least 1."],
    [{ rateLimit: -1 }, "error rateLimit: must be at least 1."],
    [{ maxConcurrency: 0 }, "error maxConcurrency: must be at least 1."],
    [{ connectorId: 0 }, "error connectorId: must be at least 1."],
    [
      { connectorId: Number.MAX_SAFE_INTEGER + 1 },
      "error connectorId: must be at most 9007199254740991.",
    ],
    [
      { connectorId: "42" },
      "error connectorId: must be a whole number, not text. Write it without quotes.",
    ],
    [{ method: "POST" }, "error method: must be one of get, post, put, patch. Did you mean post?"],
    [{ method: "delete" }, "error method: must be one of get, post, put, patch."],
    [
      { type: "export" },
      "error type: must be one of simple, enrichment, exporter. Did you mean exporter?",
    ],
    [{ onConflict: "ignore" }, "error onConflict: must be one of adopt, create, fail."],
    [
      { headers: { "odd name": "x" } },
      'error headers["odd name"]: is not a header name. Use letters, digits and - only.',
    ],
    [
      { headers: { A: "x\n" } },
      "error headers.A: holds a control character, which no header may. Remove line breaks; a trailing one often comes from reading a file.",
    ],
    [
      { parameters: { " ": "x" } },
      'error parameters[" "]: is not a usable name: empty, or with control characters.',
    ],
    [
      { body: { "": "x" } },
      'error body[""]: is not a usable name: empty, or with control characters.',
    ],
    [
      { headres: {} },
      "error headres: DatabarConnector has no property of this name. Did you mean headers?",
    ],
    [
      { body_template: "x" },
      "error body_template: DatabarConnector has no property of this name. Did you mean bodyTemplate?",
    ],
  ])("refuses %j", (inputs, line) => expect(judge(inputs)).toEqual([line]));

  test.each(["name", "method", "url"])("requires %s", (name) =>
    expect(judge({ [name]: undefined })).toEqual([
      expect.stringMatching(new RegExp(`^error ${name}: is required\\. Example: ${name}: "`)),
    ]),
  );
  test("requires nothing else", () =>
    expect(databarFields.fields.filter(({ required }) => required).map(({ name }) => name)).toEqual(
      ["name", "method", "url"],
    ));
});

describe("Supermetrics", () => {
  const judge = lines(supermetricsFields, { name: "A" });

  test.each<[Record<string, unknown>]>([
    [{ name: x(255) }],
    [{ description: x(1000) }],
    [{ description: "" }],
    [{ description: "several\nlines" }],
    [{ teamId: "1" }],
    [{ teamId: "9223372036854775807" }],
    [{ connectorIdentifier: "T3S70" }],
    [{ connectorIdentifier: "a_B-9" }],
    [{ connectorIdentifier: x(100) }],
    [{ duplicateOf: x(100) }],
    [{ configuration: {} }],
    [{ secrets: {} }],
  ])("takes %j", (inputs) => expect(judge(inputs)).toEqual([]));

  test.each<[Record<string, unknown>, string]>([
    [{ name: x(256) }, "error name: must have at most 255 characters; it has 256."],
    [{ name: " " }, "error name: must not be blank."],
    [
      { description: x(1001) },
      "error description: must have at most 1000 characters; it has 1001.",
    ],
    ...["0", "9223372036854775808", "01x", "-1", "", " 1", "1.0", x(20)].map(
      (teamId): [Record<string, unknown>, string] => [
        { teamId },
        'error teamId: must be a whole number from 1 to 9223372036854775807, as text. Example: teamId: "936506".',
      ],
    ),
    [{ teamId: 936506 }, "error teamId: must be text, not a number. Write it in quotes."],
    ...["bad id!", "", x(101), "a/b", "a\n"].flatMap((id): [Record<string, unknown>, string][] => [
      [
        { connectorIdentifier: id },
        "error connectorIdentifier: must be 1 to 100 letters, digits, _ or -.",
      ],
      [{ duplicateOf: id }, "error duplicateOf: must be 1 to 100 letters, digits, _ or -."],
    ]),
    [
      { secrets: { k: x(10_001) }, configuration: { a: "${secrets.k}" } },
      "error secrets.k: must have at most 10000 characters; it has 10001.",
    ],
    [
      { secrets: { k: "" }, configuration: { a: "${secrets.k}" } },
      "error secrets.k: must not be empty.",
    ],
    [
      { secrets: { k: 5 }, configuration: { a: "${secrets.k}" } },
      "error secrets.k: must be text, not a number. Set it with `pulumi config set --secret key`, and refer to that key.",
    ],
    [
      { configuration: [] },
      "error configuration: must be a map, not a list. Write name: value pairs instead of a list.",
    ],
    [{ configuration: "{}" }, "error configuration: must be a map, not text."],
    [
      { logo: { path: "./a", fault: "names a file that does not exist" } },
      "error logo: names a file that does not exist.",
    ],
    [
      { secret: {} },
      "error secret: SupermetricsConnector has no property of this name. Did you mean secrets?",
    ],
  ])("refuses %j", (inputs, line) => expect(judge(inputs)).toEqual([line]));

  test("takes a secret of 10,000 characters under a name of 255", () =>
    expect(
      judge({ secrets: { [x(255)]: x(10_000) }, configuration: { a: `\${secrets.${x(255)}}` } }),
    ).toEqual([]));
  test("requires nothing but a name", () =>
    expect(
      supermetricsFields.fields.filter(({ required }) => required).map(({ name }) => name),
    ).toEqual(["name"]));

  describe("references to secrets", () => {
    const configuration = {
      list: [{ "odd key": "Bearer ${secrets.api_key}" }],
      other: "$${secrets.literal}",
    };
    const missing =
      'error configuration.list[0]["odd key"]: names the secret api_key, which secrets does not define.';
    test("that are defined are fine", () =>
      expect(judge({ configuration, secrets: { api_key: "v" } })).toEqual([]));
    test("that are not say what was probably meant", () => {
      expect(judge({ configuration, secrets: { api_kee: "v" } })).toEqual([
        `${missing} Did you mean \${secrets.api_kee}?`,
        expect.stringContaining("warning secrets.api_kee"),
      ]);
    });
    test("that are not say how to write them", () => {
      const line = `${missing} Add secrets.api_key, or write $\${secrets.api_key} for the literal text.`;
      expect(judge({ configuration })).toEqual([line]);
      expect(judge({ configuration, secrets: {} })).toEqual([line]);
    });
    test("that no definition makes are a warning", () => {
      expect(judge({ configuration: {}, secrets: { "odd name": "v" } })).toEqual([
        'warning secrets["odd name"]: is never referenced by the configuration. Write ${secrets.odd name} where it belongs, or remove it.',
      ]);
    });
    test("are not checked where no configuration is managed", () =>
      expect(judge({ secrets: { k: "v" } })).toEqual([]));
    test("may be hidden in what is not known yet", () => {
      const unknown = new Unknown("mark");
      expect(judge({ configuration: { a: unknown }, secrets: { k: "v" } })).toEqual([]);
      expect(judge({ configuration: unknown, secrets: { k: "v" } })).toEqual([]);
      expect(judge({ configuration, secrets: unknown })).toEqual([]);
      expect(judge({ configuration, secrets: { api_key: unknown } })).toEqual([]);
    });
    test("that are missing are found beside what is not known yet", () =>
      expect(judge({ configuration: { ...configuration, a: new Unknown("mark") } })).toHaveLength(
        1,
      ));
  });
});
