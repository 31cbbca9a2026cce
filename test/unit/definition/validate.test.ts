/** `validate` over whole folders: which stacks, what is silenced, what is told once. */
import { formatLocation } from "../../../provider/definition/diagnostic";
import {
  type ValidateOptions,
  validateFiles,
} from "../../../provider/definition/validate/validate";
import { databarFile, folderOf, removeFolders } from "../../../harness/definition-folder";

afterEach(removeFolders);

function judge(
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
  test("that nobody names: what all share, and every overlay's", () =>
    expect(judge(files)).toEqual([
      "connectors/a.dev.yaml:1:42 property/range",
      "connectors/a.yaml:4:45 property/url",
    ]));
  test("that is named is the only one judged", () => {
    expect(judge(files, { environment: "prod" })).toEqual([]);
    expect(judge(files, { environment: "test" })).toEqual(["connectors/a.yaml:4:45 property/url"]);
  });
  test("with a file of its own counts, and where there are such, nothing is judged without one", () => {
    const project = {
      "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
      "Pulumi.prod.yaml": "config: {}\n",
    };
    expect(
      judge({
        ...project,
        "connectors/a.yaml": files["connectors/a.yaml"],
        "connectors/a.prod.yaml": files["connectors/a.prod.yaml"],
      }),
    ).toEqual([]);
    expect(judge({ ...project, "Pulumi.qa.yaml": "config: {}\n", ...files })).toContain(
      "connectors/a.yaml:4:45 property/url",
    );
  });
  test("is named by a fault that not all have", () => {
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
    judge({ "Pulumi.yaml": project, "Pulumi.prod.yaml": stack, "connectors/a.json": file });
  test("that the stack's file sets, encrypted or not, is there", () => {
    expect(config("config: {'shop:key': {secure: v1:abc}, 'other:key': plain}\n")).toEqual([]);
    expect(config("encryptionsalt: v1:x\nconfig: {key: {nested: 1}, 'other:key': 5}\n")).toEqual(
      [],
    );
  });
  test("that Pulumi.yaml gives a value for is there, one that it only declares is not", () => {
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
  test("cannot be judged by a file that cannot be read, which is said", () => {
    expect(config("config:\n\tkey: x\n")).toEqual(["Pulumi.prod.yaml:2:1 file/stack"]);
    expect(config("- config\n")).toEqual(["Pulumi.prod.yaml file/stack"]);
    expect(config("config: {}\n", "name: [shop\n")[0]).toContain("Pulumi.yaml:");
  });
  test("that is not set is a fault where it is named", () =>
    expect(config("config: {}\n")).toHaveLength(2));
  test("cannot be judged where values come from elsewhere, or there is no project", () => {
    expect(config("environment: [shared]\n")).toEqual([]);
    expect(judge({ "connectors/a.json": file })).toEqual([]);
  });
});

describe("a comment", () => {
  const silenced = (comment: string, above = ""): string =>
    `connectors:\n  a:\n    type: DatabarConnector\n    properties:\n      name: a\n      method: get\n${above}      url: nowhere ${comment}\n`;
  test("silences a rule on its line, or on the next one", () => {
    expect(judge({ "connectors/a.yaml": silenced("# connectors-ignore property/url") })).toEqual(
      [],
    );
    expect(
      judge({
        "connectors/a.yaml": silenced("# connectors-ignore property/type, property/url because"),
      }),
    ).toEqual([]);
    expect(
      judge({ "connectors/a.yaml": silenced("", "      # connectors-ignore property/url\n") }),
    ).toEqual([]);
  });
  test("silences no other rule, and no other line", () => {
    expect(judge({ "connectors/a.yaml": silenced("# connectors-ignore property/type") })).toEqual([
      "connectors/a.yaml:7:12 property/url",
    ]);
    expect(
      judge({ "connectors/a.yaml": silenced("", "      # connectors-ignore property/url\n\n") }),
    ).toEqual(["connectors/a.yaml:9:12 property/url"]);
    expect(
      judge({
        "connectors/a.yaml": silenced("")
          .replace("name: a", "name: a # connectors-ignore property/url")
          .replace("method: get\n", "method: get\n\n"),
      }),
    ).toHaveLength(1);
  });
});

test("every fault is told at once, in the order of the files, each once for all stacks", () => {
  const diagnostics = judge({
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

test("of several connectors, what only together is wrong", () => {
  const diagnostics = judge({
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

test("a clear secret is known to the verdict, so that no report shows it", () => {
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
