/** A plan for a pull request shows what a changed template changes in the requests. */
import { startSandbox } from "../../../provider/sandbox/index";
import { folderOf, removeFolders } from "../../../harness/definition-folder";
import { runFromSource } from "../../../harness/source-cli";

jest.setTimeout(60_000);

afterEach(removeFolders);

const connector = (name: string, template: string, more = ""): string => `connectors:
  ${name}:
    type: DatabarConnector
    properties:
      name: ${name}
      method: post
      url: https://api.example.com/score
      bodyTemplate: |
${template.replace(/^/gm, "        ")}
${more}`;

const AFTER = `{
  "domain": {{ domain | tojson }},
  "name": {{ name | tojson }}
}`;

test("as the bodies for the rows of its examples, or with each variable as its name", async () => {
  const sandbox = await startSandbox();
  try {
    const { databar } = sandbox;
    const body_template = '{\n  "domain": "{{ domain }}",\n  "old": true\n}\n';
    for (const name of ["plain", "shown"]) {
      databar.seed({ name, method: "post", url: "https://api.example.com/score", body_template });
    }
    const examples = `    examples:
      - name: quotes
        row: {domain: 'a "b"', name: x}
        method: post
`;
    const folder = folderOf({
      "connectors/plain.yaml": connector("plain", AFTER),
      "connectors/shown.yaml": connector("shown", AFTER, examples),
      "connectors/new.yaml": connector("new", AFTER),
    });
    const before = databar.log.filter(({ method }) => method !== "GET").length;
    const { exitCode, stdout } = await runFromSource(["plan", "--format", "markdown"], folder, {
      environment: { DATABAR_API_KEY: "key-of-a-test", DATABAR_BASE_URL: databar.url },
    });
    expect(exitCode).toBe(3);
    const block = (name: string): string =>
      stdout.split(`<code>${name}</code>`)[1]?.split("</details>")[0] ?? "";
    expect(block("shown")).toContain(`# body of the request (quotes)
  {
-   "domain": "a "b"",
-   "old": true
+   "domain": "a \\"b\\"",
+   "name": "x"
  }
`);
    expect(block("plain")).toContain(`# body of the request (each variable as its name)
  {
    "domain": "{domain}",
-   "old": true
+   "name": "{name}"
  }
`);
    expect(block("new")).not.toContain("# body of the request");
    expect(databar.log.filter(({ method }) => method !== "GET")).toHaveLength(before);
  } finally {
    await sandbox.close();
  }
});
