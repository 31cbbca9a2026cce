/** `validate` over whole folders: stacks, disabled rules, and merged diagnostics. */
import { formatLocation } from "../../../provider/definition/file-diagnostic";
import {
  type ValidateOptions,
  validateFiles,
} from "../../../provider/definition/validate/validate";
import { databarFile, folderOf, removeFolders } from "../../../harness/definition-folder";

afterEach(removeFolders);

function validate(
  files: Readonly<Record<string, string>>,
  options: Partial<ValidateOptions> = {},
  paths = ["connectors"],
): string[] {
  return validateFiles(paths, { from: folderOf(files), ...options }).diagnostics.map(
    (diagnostic) => `${formatLocation(diagnostic)} ${diagnostic.rule}`,
  );
}

const wrong = (url: string): string =>
  `connectors:\n  a:\n    type: DatabarConnector\n    properties: {name: a, method: get, url: ${url}}\n`;

describe("a stack", () => {
  const files = {
    "connectors/a.yaml": wrong("nowhere"),
    "connectors/a.prod.yaml": "connectors: {a: {properties: {url: https://example.com/}}}\n",
    "connectors/a.dev.yaml": "connectors: {a: {properties: {rateLimit: 0}}}\n",
  };
  test("not given: checks what all share, and every overlay", () =>
    expect(validate(files)).toEqual([
      "connectors/a.dev.yaml:1:42 property/range",
      "connectors/a.yaml:4:45 property/url",
    ]));
  test("given: is the only one that is checked", () => {
    expect(validate(files, { environment: "prod" })).toEqual([]);
    expect(validate(files, { environment: "test" })).toEqual([
      "connectors/a.yaml:4:45 property/url",
    ]);
  });
  test("with a file is checked, and with such files, nothing is checked without a stack", () => {
    const project = {
      "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
      "Pulumi.prod.yaml": "config: {}\n",
    };
    expect(
      validate({
        ...project,
        "connectors/a.yaml": files["connectors/a.yaml"],
        "connectors/a.prod.yaml": files["connectors/a.prod.yaml"],
      }),
    ).toEqual([]);
    expect(validate({ ...project, "Pulumi.qa.yaml": "config: {}\n", ...files })).toContain(
      "connectors/a.yaml:4:45 property/url",
    );
  });
  test("is named in an error that only some stacks have", () => {
    const messages = (given: Readonly<Record<string, string>>): string[] =>
      validateFiles(["connectors"], { from: folderOf(given) }).diagnostics.map(
        ({ message }) => message,
      );
    const stacks = {
      "Pulumi.yaml": "name: shop\n",
      "Pulumi.dev.yaml": "config: {}\n",
      "Pulumi.prod.yaml": "config: {}\n",
      "Pulumi.qa.yaml": "config: {}\n",
    };
    const [everywhere] = messages({ ...stacks, "connectors/a.yaml": files["connectors/a.yaml"] });
    expect(everywhere).not.toContain("(in ");
    expect(
      messages({
        ...stacks,
        "connectors/a.yaml": files["connectors/a.yaml"],
        "connectors/a.prod.yaml": files["connectors/a.prod.yaml"],
      }),
    ).toEqual([`${everywhere} (in dev, qa)`]);
  });
});

describe("a key of the configuration", () => {
  const file = databarFile({
    a: { headers: { A: "${config.key}", B: "${config.other:key}", C: "${env.NOWHERE_SET}" } },
  });
  const config = (stack: string, project = "name: shop\n"): string[] =>
    validate({ "Pulumi.yaml": project, "Pulumi.prod.yaml": stack, "connectors/a.json": file });
  test("is set by the stack's file, encrypted or not", () => {
    expect(config("config: {'shop:key': {secure: v1:abc}, 'other:key': plain}\n")).toEqual([]);
    expect(config("encryptionsalt: v1:x\nconfig: {key: {nested: 1}, 'other:key': 5}\n")).toEqual(
      [],
    );
  });
  test("is set by a value in Pulumi.yaml, but not by a declaration", () => {
    expect(
      config(
        "config: {'other:key': x}\n",
        "name: shop\nconfig: {key: {type: string, default: x}}\n",
      ),
    ).toEqual([]);
    expect(
      config("config: {'other:key': x}\n", "name: shop\nconfig: {'shop:key': {value: x}}\n"),
    ).toEqual([]);
    expect(
      config(
        "config: {'other:key': x}\n",
        "name: shop\nconfig: {key: {type: string, secret: true}}\n",
      ),
    ).toEqual(["connectors/a.json:1:131 reference/config"]);
  });
  test("is not checked against an unreadable file, which is an error", () => {
    expect(config("config:\n\tkey: x\n")).toEqual(["Pulumi.prod.yaml:2:1 file/stack"]);
    expect(config("- config\n")).toEqual(["Pulumi.prod.yaml file/stack"]);
    expect(config("config: {}\n", "name: [shop\n")[0]).toContain("Pulumi.yaml:");
  });
  test("that is not set is an error at the reference", () =>
    expect(config("config: {}\n")).toHaveLength(2));
  test("is not checked for a stack with an environment, or without a project", () => {
    expect(config("environment: [shared]\n")).toEqual([]);
    expect(validate({ "connectors/a.json": file })).toEqual([]);
  });
});

describe("a comment", () => {
  const silenced = (comment: string, above = ""): string =>
    `connectors:\n  a:\n    type: DatabarConnector\n    properties:\n      name: a\n      method: get\n${above}      url: nowhere ${comment}\n`;
  test("disables a rule on its line, or on the next one", () => {
    expect(validate({ "connectors/a.yaml": silenced("# connectors-ignore property/url") })).toEqual(
      [],
    );
    expect(
      validate({
        "connectors/a.yaml": silenced("# connectors-ignore property/type, property/url because"),
      }),
    ).toEqual([]);
    expect(
      validate({ "connectors/a.yaml": silenced("", "      # connectors-ignore property/url\n") }),
    ).toEqual([]);
  });
  test("disables no other rule, and no other line", () => {
    expect(
      validate({ "connectors/a.yaml": silenced("# connectors-ignore property/type") }),
    ).toEqual(["connectors/a.yaml:7:12 property/url"]);
    expect(
      validate({ "connectors/a.yaml": silenced("", "      # connectors-ignore property/url\n\n") }),
    ).toEqual(["connectors/a.yaml:9:12 property/url"]);
    expect(
      validate({
        "connectors/a.yaml": silenced("")
          .replace("name: a", "name: a # connectors-ignore property/url")
          .replace("method: get\n", "method: get\n\n"),
      }),
    ).toHaveLength(1);
  });
});

test("all errors are reported together, sorted by file, each once for all stacks", () => {
  const diagnostics = validate({
    "Pulumi.yaml": "name: shop\n",
    "Pulumi.dev.yaml": "config: {}\n",
    "Pulumi.prod.yaml": "config: {}\n",
    "connectors/a.yaml":
      "connectors:\n  a:\n    type: DatabarConnector\n    properties: {name: a, methd: get, url: nowhere, headers: {Authorization: Bearer abcdef}}\n    options: {protect: 1}\n  b: 5\n",
    "connectors/b.yaml": "a:\n\tb: 1\n",
  });
  expect(diagnostics).toEqual([
    "connectors/a.yaml:4:5 property/required",
    "connectors/a.yaml:4:27 property/unknown",
    "connectors/a.yaml:4:44 property/url",
    "connectors/a.yaml:4:78 secret/clear-text",
    "connectors/a.yaml:5:24 definition/options",
    "connectors/a.yaml:6:3 definition/shape",
    "connectors/b.yaml:2:1 syntax/tab",
  ]);
});

test("connectors are checked against each other", () => {
  const diagnostics = validate({
    "connectors/a.json": databarFile({
      a: { connectorId: 1 },
      b: { connectorId: 1 },
      c: { name: "same" },
      d: { name: " same " },
      e: { name: "same", onConflict: "create" },
      f: { name: "same", connectorId: 2 },
    }),
    "connectors/b.json": JSON.stringify({
      connectors: {
        g: { type: "SupermetricsConnector", properties: { name: "same" } },
        h: { type: "SupermetricsConnector", properties: { name: "same", teamId: "1" } },
      },
    }),
    "connectors/c.json": databarFile(
      { i: { name: "same" } },
      { options: { provider: "emea", dependsOn: ["j"] } },
    ),
    "connectors/d.json": databarFile(
      { j: {}, k: {} },
      { options: { dependsOn: ["i", "nowhere", "k"] } },
    ),
  });
  const count = (rule: string): number =>
    diagnostics.filter((diagnostic) => diagnostic.endsWith(rule)).length;
  expect(
    ["definition/same-id", "definition/same-name", "definition/depends-on"].map(count),
  ).toEqual([1, 1, 7]);
  expect(diagnostics).toHaveLength(9);
});

test("the result holds the places of plain-text secrets, so that no report shows them", () => {
  const from = folderOf({
    "connectors/a.yaml":
      "connectors: {a: {type: SupermetricsConnector, properties: {name: a, secrets: {plain: hunter2}}}}\n",
  });
  expect(
    validateFiles(["connectors"], { from }).secrets.map(({ source, start, end }) =>
      source.text.slice(start, end),
    ),
  ).toContain("hunter2");
});
