/** `pulumi-connectors request` as a process of its own, against a server of its own. */
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { type AddressInfo } from "node:net";
import { folderOf, removeFolders } from "../../../harness/definition-folder";
import { type CommandResult, runFromSource } from "../../../harness/source-cli";

jest.setTimeout(60_000);

const KEY = "sk-live-123456";

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let server: Server;
let origin: string;
let received: Received[];
beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (data: Buffer) => (body += data.toString()));
    request.on("end", () => {
      const { method, url, headers } = request;
      received.push({ method, url, headers, body });
      const isMoved = url?.startsWith("/moved") === true;
      response.writeHead(isMoved ? 302 : url?.startsWith("/refused") === true ? 422 : 200, {
        "content-type": "text/plain",
        ...(isMoved && { location: "https://elsewhere.example/" }),
      });
      response.end(`key ${headers.authorization ?? "none"}\n${"line\n".repeat(40)}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => void (received = []));
afterEach(removeFolders);

function request(
  args: readonly string[],
  path = "/score",
  options: { input?: string; environment?: NodeJS.ProcessEnv } = {},
): Promise<CommandResult> {
  const folder = folderOf({
    "Pulumi.yaml": "name: test\nruntime: nodejs\n",
    "connectors/scoring.yaml": `connectors:
  scoring:
    type: DatabarConnector
    properties:
      name: Scoring
      method: post
      url: ${origin}${path}?lang=en
      headers:
        Authorization: Bearer \${config.scoringKey}
        Content-Type: application/json
      parameters: { q: "", api_key: "\${config.scoringKey}" }
      bodyTemplate: '{"domain": "{{ domain }}"}'
`,
    "connectors/awin.yaml": `connectors:
  awin:
    type: SupermetricsConnector
    properties:
      name: Awin
      configuration:
        accounts: {fetchers: [{request: {url: "https://api.example.com/{{user.id}}/accounts"}}]}
        reporting:
          reportTypes:
            - {id: one, request: {url: "https://api.example.com/{{account.id}}"}}
            - {id: two, request: {url: "https://api.example.com/two"}}
`,
    "row.json": '{"domain": "acme.com", "q": 1}',
  });
  return runFromSource(["request", ...args], folder, options);
}

const withKey = ["--config", `scoringKey=${KEY}`];
const row = ["--set", "domain=acme.com", "--set", "q=a&b"];

test("shows the request without its secrets, and sends nothing", async () => {
  const { exitCode, stdout, stderr } = await request(["scoring", ...row, ...withKey]);
  expect({ exitCode, stdout, stderr }).toEqual({
    exitCode: 0,
    stdout: `POST ${origin}/score?lang=en&q=a%26b&api_key=[secret]
Authorization: Bearer [secret]
Content-Type: application/json

{"domain": "acme.com"}
`,
    stderr: "",
  });
  expect(received).toEqual([]);
});
test.each([
  ["a short one", "e"],
  ["its beginning", "sk-live"],
  ["its end", "123456"],
])("masks a secret as a whole beside another one that it contains: %s", async (_, other) => {
  const values = [...withKey, "--config", `other=${other}`];
  const { stdout } = await request(["scoring", ...row, ...values], "/score/${config.other}");
  expect(stdout).toContain(`${origin}/score/[secret]?lang=en&q=a%26b&api_key=[secret]\n`);
  expect(stdout).toContain("Authorization: Bearer [secret]\n");
});
test("masks a secret that holds a template, of which only the text around it is left", async () => {
  const value = "sk-live-{{ q }}123456{# a #}789012";
  const { stdout } = await request(["scoring", ...row, "--config", `scoringKey=${value}`]);
  expect(stdout).not.toMatch(/sk-live|123456|789012/);
  expect(stdout).toContain("Authorization: Bearer [secret]");
});
test("as curl and JSON, with --show-secrets and a row from a file or standard input", async () => {
  const [curl, json, shown] = await Promise.all([
    request(["scoring", "--row", "row.json", "--format", "curl", ...withKey]),
    request(["scoring", "--row", "-", "--format", "json"], "/score", { input: '{"q": "x"}' }),
    request(["scoring", ...row, "--show-secrets", ...withKey]),
  ]);
  expect(curl.stdout).toBe(`curl --request POST '${origin}/score?lang=en&q=1&api_key=[secret]' \\
  --header 'Authorization: Bearer [secret]' \\
  --header 'Content-Type: application/json' \\
  --data-raw '{"domain": "acme.com"}'
`);
  expect(JSON.parse(json.stdout)).toEqual({
    schemaVersion: 1,
    connector: "scoring",
    type: "DatabarConnector",
    requests: [
      {
        method: "POST",
        url: `${origin}/score?lang=en&q=x&api_key=\${config.scoringKey}`,
        headers: [
          { name: "Authorization", value: "Bearer ${config.scoringKey}" },
          { name: "Content-Type", value: "application/json" },
        ],
        body: '{"domain": ""}',
        faults: [
          {
            severity: "warning",
            message: "domain has no value",
            hint: "Give it with --set domain=…",
          },
        ],
        open: [],
      },
    ],
    unavailable: ["${config.scoringKey}"],
  });
  expect(shown.stdout).toContain(`Authorization: Bearer ${KEY}\n`);
});
test("of Supermetrics, the accounts and each report type; one with --report; what only the vendor knows is said", async () => {
  const all = await request(["awin", "--set", "acount.id=7"]);
  expect({ stdout: all.stdout, stderr: all.stderr, exitCode: all.exitCode }).toEqual({
    exitCode: 0,
    stdout: `# accounts.fetchers.0
GET https://api.example.com/{{user.id}}/accounts

# one
GET https://api.example.com/{{account.id}}

# two
GET https://api.example.com/two
`,
    stderr: `warning: no request uses {{acount.id}}. Did you mean account.id?
Filled by the vendor: {{user.id}}, {{account.id}}. Give a value with --set
name=….
`,
  });
  const accounts = ["awin", "--report", "accounts.fetchers.0", "--set", "user.id=8"];
  const one = await request([...accounts, "--format", "json"]);
  expect(JSON.parse(one.stdout)).toMatchObject({
    requests: [
      {
        ...{ name: "accounts.fetchers.0", isPreparation: true, faults: [], open: [] },
        url: "https://api.example.com/8/accounts",
      },
    ],
  });
});
test("what is wrong goes to standard error, with the line of the body, and exits with 1", async () => {
  const { exitCode, stderr } = await request([
    ...["scoring", "--set", "q=1", "--set", 'domain=say "hi"', ...withKey],
  ]);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr: `error: the body is not JSON, although its header says so: the value of domain
holds quotes, backslashes or line breaks. Write {{ domain | tojson }}, without
quotes around it.
  1 | {"domain": "say "hi""}
    |                  ^
`,
  });
});
test("--send sends it once, and shows the answer without the secrets", async () => {
  const { exitCode, stdout } = await request(["scoring", ...row, ...withKey, "--send"]);
  expect(received).toMatchObject([
    {
      method: "POST",
      url: `/score?lang=en&q=a%26b&api_key=${KEY}`,
      headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
      body: '{"domain": "acme.com"}',
    },
  ]);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/\n200 in \d+ ms, text\/plain\nkey Bearer \[secret\]\nline\n/);
  expect(stdout).toMatch(/… 22 more lines\n$/);
  expect(stdout).not.toContain(KEY);
});
test("an answer other than 2xx exits with 1; a redirect is not followed", async () => {
  const refused = await request(["scoring", ...row, ...withKey, "--send"], "/refused");
  expect([refused.exitCode, refused.stdout]).toEqual([1, expect.stringContaining("\n422 in ")]);
  const moved = await request(["scoring", ...row, ...withKey, "--send"], "/moved");
  expect([moved.exitCode, moved.stderr]).toEqual([
    1,
    expect.stringContaining("with a redirect (302) to https://elsewhere.example"),
  ]);
  expect(received).toHaveLength(2);
});
test.each<[string, readonly string[], number, string]>([
  [
    "a value is missing",
    ["scoring", ...row, "--send"],
    2,
    "values are missing: ${config.scoringKey}",
  ],
  [
    "the body is no JSON",
    ["scoring", "--set", "q=1", "--set", 'domain="', ...withKey, "--send"],
    1,
    "nothing was sent, because of the errors above",
  ],
  ["there are several", ["awin", "--set", "account.id=1", "--send"], 2, "--report"],
  ["only the vendor has a value", ["awin", "--report", "one", "--send"], 2, "{{account.id}}"],
  ["there is no such connector", ["scorin"], 2, "Did you mean scoring?"],
  [
    "there is no such report type",
    ["awin", "--report", "three"],
    2,
    "Defined: accounts.fetchers.0, one, two.",
  ],
  ["both are standard input", ["scoring", "--row", "-", "--config-file", "-"], 2, "only one of"],
  ["the row is not there", ["scoring", "--row", "none.json"], 2, "none.json cannot be read"],
])("nothing is sent where %s", async (_, args, exitCode, message) => {
  const result = await request(args);
  expect([result.exitCode, result.stderr]).toEqual([exitCode, expect.stringContaining(message)]);
  expect(received).toEqual([]);
});
