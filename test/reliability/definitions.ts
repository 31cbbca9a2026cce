/** Generated definitions: all possible inputs of a program, and all normalizations of a vendor. */
import fc, { type Arbitrary } from "fast-check";
import {
  type DatabarNormalization,
  type SandboxOptions,
  type SupermetricsNormalization,
} from "../../provider/sandbox";
import { type Resource } from "./stack";

type Values = Record<string, unknown>;

/** Strings that a server can trim, fold or escape incorrectly. */
const text = (minLength: number, maxLength: number): Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.string({ minLength, maxLength, unit: "grapheme-ascii" }) },
    { weight: 1, arbitrary: fc.string({ minLength, maxLength, unit: "grapheme" }) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom(" a ", "0", "1.0", "null", "[]", "{}", "true", "a=b&c", "%20", '"quoted"')
        .filter((value) => value.length >= minLength && value.length <= maxLength),
    },
  );

/** A single line, as required for names and header values. */
const line = (minLength: number, maxLength: number): Arbitrary<string> =>
  text(minLength, maxLength).map((value) => value.replace(/[\p{Cc}\u2028\u2029]/gu, "_"));

const visible = (value: string): boolean => value.trim() !== "";

/** Gives a resource a unique name, even after trimming by a server. */
const named = (resource: Resource, index: number): Resource => ({
  ...resource,
  args: { ...resource.args, name: `${String(resource.args["name"]).slice(0, 200)} #${index}` },
});

const headerName = fc.constantFrom(
  "Accept",
  "X-Tag",
  "x-trace",
  "Content-Type",
  "Authorization",
  "X-Api-Key",
);
const headerText = fc.string({
  minLength: 1,
  maxLength: 12,
  unit: fc.constantFrom("a", "b", "X", "Z", "0", "9", " ", "-", "_", "/", "="),
});
const oneOrMore = (value: Arbitrary<string>): Arbitrary<string | string[]> =>
  fc.oneof(
    { weight: 4, arbitrary: value },
    { weight: 1, arbitrary: fc.array(value, { maxLength: 3 }) },
  );
const entries = (key: Arbitrary<string>, value: Arbitrary<string>): Arbitrary<Values> =>
  fc.dictionary(key, oneOrMore(value), { maxKeys: 5 });

const databarArgs: Arbitrary<Values> = fc
  .record(
    {
      name: line(1, 60).filter(visible),
      type: fc.constantFrom("simple", "enrichment", "exporter"),
      method: fc.constantFrom("get", "post", "put", "patch"),
      url: fc.webUrl({ withQueryParameters: true }).map((url) => url.slice(0, 500)),
      headers: fc.dictionary(
        headerName,
        fc.oneof(
          { weight: 5, arbitrary: oneOrMore(headerText) },
          { weight: 1, arbitrary: fc.constant("") },
        ),
        { maxKeys: 5 },
      ),
      parameters: entries(
        fc.constantFrom("page", "company domain", "q", "api_key", "é"),
        line(0, 12),
      ),
      body: entries(
        fc.constantFrom("domain", "page", "token", "__proto__", "constructor"),
        line(0, 12),
      ),
      rateLimit: fc.integer({ min: 1, max: 10_000 }),
      maxConcurrency: fc.integer({ min: 1, max: 100 }),
    },
    { requiredKeys: ["name", "method", "url"] },
  )
  .chain((args) =>
    fc
      .option(text(1, 40).filter(visible), { nil: undefined, freq: 3 })
      .map((template) =>
        template === undefined ? args : { ...withoutBody(args), bodyTemplate: template },
      ),
  );

function withoutBody(args: Values): Values {
  return Object.fromEntries(Object.entries(args).filter(([name]) => name !== "body"));
}

const secretNames = ["api_key", "client secret", "k"] as const;

/**
 * Configurations: an object with some strings that refer to a secret, or look like such a
 * reference.
 */
const configuration = (secrets: readonly string[]): Arbitrary<Values> => {
  const references = secrets.map((name) => `\${secrets.${name}}`);
  const leaf = fc.oneof(
    line(0, 12),
    fc.constantFrom("$${secrets.k}", "$$", "sec_0", ...references),
    fc.integer({ min: -1_000_000, max: 1_000_000 }),
    fc.constantFrom(0.1, 1.5, Number.MAX_SAFE_INTEGER, -0.25),
    fc.boolean(),
    fc.constant(null),
  );
  const key = fc.constantFrom("url", "headers", "a b", "fields", "0", "description", "é");
  const { node } = fc.letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      leaf,
      fc.array(tie("node"), { maxLength: 3 }),
      fc.dictionary(key, tie("node"), { maxKeys: 4 }),
    ),
  }));
  return fc
    .dictionary(key, node, { minKeys: 1, maxKeys: 4 })
    .map((document) => ({ ...document, used: references }));
};

const supermetricsArgs: Arbitrary<Values> = fc
  .uniqueArray(fc.constantFrom(...secretNames), { maxLength: 3 })
  .chain((names) =>
    fc.record(
      {
        name: line(1, 60).filter(visible),
        description: text(0, 60),
        configuration: configuration(names),
        ...(names.length > 0 && {
          secrets: fc
            .tuple(...names.map(() => line(1, 20).filter(visible)))
            .map((values) => Object.fromEntries(names.map((name, index) => [name, values[index]]))),
        }),
      },
      { requiredKeys: names.length > 0 ? ["name", "configuration", "secrets"] : ["name"] },
    ),
  );

const resource: Arbitrary<Resource> = fc.oneof(
  databarArgs.map((args): Resource => ({ vendor: "databar", args })),
  supermetricsArgs.map((args): Resource => ({ vendor: "supermetrics", args })),
);

/**
 * A program of a few resources, by name. Resources of different vendors are different resources.
 */
export const programs: Arbitrary<Record<string, Resource>> = fc
  .array(resource, { minLength: 1, maxLength: 4 })
  .map((resources) =>
    Object.fromEntries(
      resources.map((each, index) => [`${each.vendor}-${index}`, named(each, index)]),
    ),
  );

const flag = fc.option(fc.constant(true), { nil: undefined });

const databarNormalization: Arbitrary<DatabarNormalization> = fc.record({
  listOrder: fc.constantFrom(undefined, "reversed", "sorted"),
  emptyLists: fc.constantFrom(undefined, "null", "missing"),
  trimText: flag,
  limits: fc.constantFrom(undefined, { rateLimit: 100, maxConcurrency: 5 }),
  maskHeaderValues: fc.constantFrom(undefined, true as const, "partly" as const),
  extraFields: fc.constantFrom(undefined, { owner: "x", headers_count: 3 }),
  numbersAsText: flag,
  bodyFromTemplate: flag,
});

const supermetricsNormalization: Arbitrary<SupermetricsNormalization> = fc.record({
  emptyObjectsAsLists: flag,
  emptyValues: fc.constantFrom(undefined, "null", "missing"),
  numbersAsText: flag,
  trimTexts: flag,
  sortKeys: flag,
  configurationDefaults: fc.constantFrom(undefined, { version: 2, headers: { on: true } }),
  extraFields: fc.constantFrom(undefined, { owner: "x" }),
  wrapData: flag,
  trimNames: flag,
  emptyDescriptionAsNull: flag,
  secretsInConfiguration: flag,
});

/** All normalizations of the sandbox on write and on read. */
export const servers: Arbitrary<SandboxOptions> = fc.record({
  databar: fc.record({
    normalize: databarNormalization,
    plan: fc.constantFrom({}, { rateLimit: 50 }, { rateLimit: 50, maxConcurrency: 2 }),
    createStatus: fc.constantFrom(200 as const, 201 as const),
  }),
  supermetrics: fc.record({
    normalize: supermetricsNormalization,
    listCarriesConfigurations: fc.boolean(),
    versionCountsUp: fc.boolean(),
    updatedAtMovesOn: fc.constantFrom("write" as const, "metadata" as const, "read" as const),
  }),
});
