/** References are replaced by known values, or by what stands in for unknown ones. */
import { relative } from "node:path";
import { definitionsOf, load } from "../../../provider/definition/load";
import {
  evaluate,
  type Evaluated,
  type ReferenceResolver,
} from "../../../provider/definition/evaluate";
import { errorAt } from "../../../provider/definition/file-diagnostic";
import { folderOf, removeFolders } from "../../../harness/definition-folder";

afterEach(removeFolders);

/** A value that is not at hand yet. */
class Later {
  constructor(readonly text: string) {}
}

const meaning: ReferenceResolver<Later> = {
  missing: new Later("?"),
  resolve({ kind, name }, place) {
    if (name === "nothing") {
      return errorAt("reference/config", place, "is not set");
    }
    return kind === "env"
      ? `env-${name}`
      : new Later(name === "number" ? "60" : name === "braces" ? "${x}" : `<${name}>`);
  },
  map: (value, change) => new Later(String(change(value.text))),
  join: (parts) =>
    new Later(parts.map((part) => (part instanceof Later ? part.text : part)).join("")),
};

function properties(text: string, type = "DatabarConnector"): Evaluated {
  const from = folderOf({
    "connectors/a.yaml": `connectors: {a: {type: ${type}, properties: ${text}}}\n`,
  });
  const [definition] = definitionsOf(load(["connectors"], { from }), undefined).definitions;
  return evaluate(definition!, meaning, from);
}

describe("a text", () => {
  test.each<[string, string, unknown]>([
    ["without references", "{url: 'x {{ y }} $5'}", { url: "x {{ y }} $5" }],
    ["that is one reference", "{url: '${config.u}'}", { url: new Later("<u>") }],
    ["with references in it", "{url: 'a${config.u}b${env.E}c'}", { url: new Later("a<u>benv-Ec") }],
    ["of known parts only", "{url: 'a${env.E}c'}", { url: "aenv-Ec" }],
    ["that escapes one", "{url: '$${config.u}'}", { url: "${config.u}" }],
    [
      "in a list and in a map",
      "{headers: {A: ['${env.E}', b]}}",
      { headers: { A: ["env-E", "b"] } },
    ],
    [
      "that is a number where one is wanted",
      "{rateLimit: '${env.N}', maxConcurrency: 5}",
      { rateLimit: "env-N", maxConcurrency: 5 },
    ],
    [
      "that turns out to be a number",
      "{rateLimit: '${config.number}'}",
      { rateLimit: new Later("60") },
    ],
    ["as a key", "{headers: {'${env.E}': x}}", { headers: { "${env.E}": "x" } }],
    ["of an unknown property", "{unheard: '${env.E}'}", { unheard: "env-E" }],
  ])("%s", (_, text, expected) =>
    expect(properties(text)).toEqual({ properties: expected, diagnostics: [] }),
  );
  test("in a document keeps references to secrets, and escapes", () => {
    expect(
      properties(
        "{configuration: {a: '${secrets.k} $${x}', b: ['${env.E}${secrets.k}']}}",
        "SupermetricsConnector",
      ).properties,
    ).toEqual({ configuration: { a: "${secrets.k} $${x}", b: ["env-E${secrets.k}"] } });
  });
  test("that replaces a reference is literal, in a document too", () => {
    expect(
      properties("{configuration: {a: '${config.braces}'}}", "SupermetricsConnector").properties,
    ).toEqual({ configuration: { a: new Later("$${x}") } });
    expect(properties("{url: '${config.braces}'}").properties).toEqual({ url: new Later("${x}") });
  });
  test("that names a file becomes relative to the folder of the program", () => {
    expect(properties("{logo: ./logos/a.png}", "SupermetricsConnector").properties["logo"]).toBe(
      relative(".", "connectors/logos/a.png"),
    );
    expect(properties("{logo: ../a.png}", "SupermetricsConnector").properties["logo"]).toBe(
      "a.png",
    );
  });
});

describe("an error", () => {
  test("in a reference has the property's path, and no partial value is used", () => {
    const { properties: values, diagnostics } = properties(
      "{headers: {Authorization: 'Bearer ${config.nothing}', 'odd key': '${what}'}}",
    );
    expect(diagnostics.map(({ rule, path }) => [rule, path])).toEqual([
      ["reference/config", "connectors.a.properties.headers.Authorization"],
      ["reference/unknown-kind", 'connectors.a.properties.headers["odd key"]'],
    ]);
    expect((values["headers"] as Record<string, unknown>)["Authorization"]).toBeInstanceOf(Later);
  });
  test("is reported for a reference to a secret outside a configuration", () =>
    expect(properties("{url: '${secrets.k}'}").diagnostics.map(({ rule }) => rule)).toEqual([
      "reference/secrets",
    ]));
});
