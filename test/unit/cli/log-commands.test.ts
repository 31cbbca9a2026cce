/** What a definition, a state or a server says is never a command of the terminal or the pipeline. */
import { createServer, type Server } from "node:http";
import { type AddressInfo } from "node:net";
import { folderOf, removeFolders } from "../../../harness/definition-folder";
import { runFromSource } from "../../../harness/source-cli";
import { forPeople, printMessage } from "../../../provider/cli/terminal/style";

jest.setTimeout(60_000);
afterEach(removeFolders);

const ESCAPE = "\u001b[31m";
const log = { isTTY: false } as unknown as NodeJS.WriteStream;
const terminal = { isTTY: true } as unknown as NodeJS.WriteStream;

/** Whether GitHub Actions, Azure Pipelines or TeamCity would take a line of a log for a command. */
const holdsCommand = (text: string): boolean =>
  text.split(/[\n\r]/).some((line) => line.trimStart().startsWith("::") || /##\w*\[/.test(line));

test.each([
  ["::error::forged", "\ufffd:error::forged"],
  ["a\n  ::stop-commands::t\nb", "a\n  \ufffd:stop-commands::t\nb"],
  [
    "a ##[error]b ##vso[task.setvariable variable=x]y",
    "a \ufffd#[error]b \ufffd#vso[task.setvariable variable=x]y",
  ],
  ["###[add-mask]x", "#\ufffd#[add-mask]x"],
  ["a::b, ## c, #[d], std::map", "a::b, ## c, #[d], std::map"],
])("in a log, %j holds no command; on a terminal it stays", (text, inLog) => {
  expect(forPeople(text, log)).toBe(inLog);
  expect(forPeople(text, terminal)).toBe(text);
});

test("a message controls no terminal and no pipeline, wherever its parts come from", () => {
  for (const isTTY of [true, false]) {
    let text = "";
    const stream = { isTTY, write: (part: string) => (text += part) };
    printMessage(
      "warning",
      `${ESCAPE}a\u202eb\n::error::c`,
      stream as unknown as NodeJS.WriteStream,
    );
    expect(text).not.toMatch(/\u001b\[31m|\u202e/);
    expect(!isTTY && holdsCommand(text)).toBe(false);
  }
});

describe("commands", () => {
  let server: Server;
  let received: string[];
  let origin: string;
  beforeAll(async () => {
    received = [];
    server = createServer((request, response) => {
      received.push(`${request.method ?? ""} ${request.url ?? ""}`);
      response.setHeader("content-type", `text/${String(request.headers["x-key"])}`);
      response.end(`${ESCAPE}x\n::error::forged\n##[error]forged`);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => void (received = []));
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const folder = (properties = ""): string =>
    folderOf({
      "Pulumi.yaml": "name: test\nruntime: nodejs\n",
      "connectors/a.yaml": `connectors:
  a:
    type: DatabarConnector
    properties:
      name: A
      method: get
      url: ${origin}/
      headers: { X-Key: "\${config.key}" }
${properties}`,
      "state.json": JSON.stringify({
        version: 3,
        deployment: {
          resources: [{ urn: `urn:pulumi:x${ESCAPE}\n::error::forged::p::t::n`, type: "t" }],
        },
      }),
      "api.json": JSON.stringify({
        openapi: "3.0.3",
        servers: [{ url: "https://api.example.com" }],
        paths: {
          "/x": { get: { operationId: "x", parameters: [{ $ref: "#/components/%zz" }] } },
          "/y": { get: { operationId: "y", parameters: [{ $ref: `b${ESCAPE}\n::error::c` }] } },
        },
      }),
    });

  test("request shows an answer as text, also where its type repeats a secret", async () => {
    const { exitCode, stdout, stderr } = await runFromSource(
      ["request", "a", "--send", "--config", "key=key-canary-7a1f"],
      folder(),
    );
    expect(received).toEqual(["GET /"]);
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringMatching(/200 in \d+ ms, text\/\[secret\]\n\ufffd\[31mx\n\ufffd:error/),
    ]);
    expect(stdout + stderr).not.toMatch(/canary|\u001b/);
    expect(holdsCommand(stdout + stderr)).toBe(false);
  });

  test.each([
    ["plan", ["plan", "--state", "state.json", "--config", "databar:apiKey=abcdefgh"]],
    ["new, for a reference", ["new", "b", "--from-openapi", "api.json", "--operation", "y"]],
    ["validate", ["validate"]],
  ])("%s says what is wrong in text", async (_, args) => {
    const { exitCode, stdout, stderr } = await runFromSource(
      args,
      folder(`      "::error::${"x".repeat(60)} ::error::forged ##[error]y": 1\n`),
    );
    expect(exitCode).not.toBe(0);
    expect(stdout + stderr).not.toContain("\u001b");
    expect(holdsCommand(stdout + stderr)).toBe(false);
    expect(received).toEqual([]);
  });

  test("a reference that is not encoded validly leads nowhere, and fails nothing", async () => {
    const args = ["new", "b", "--from-openapi", "api.json", "--operation", "x"];
    const { exitCode, stderr } = await runFromSource([...args, "--vendor", "databar"], folder());
    expect([exitCode, stderr]).toEqual([0, ""]);
  });
});
