/**
 * The language server of editors (`yaml-language-server`, as in VS Code's YAML extension), over
 * standard input and output.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { join } from "node:path";
import { type Readable, type Writable } from "node:stream";
import { pathToFileURL } from "node:url";
import { isObject } from "../provider/json";

const SERVER = join(__dirname, "..", "node_modules/yaml-language-server/bin/yaml-language-server");

/** From 0, columns in UTF-16 units. */
export interface EditorPosition {
  readonly line: number;
  readonly character: number;
}

/** A squiggle. Hints (severity 4) are none. */
export interface EditorDiagnostic {
  readonly message: string;
  readonly severity: number;
  readonly range: { readonly start: EditorPosition; readonly end: EditorPosition };
}

/** A suggestion, and the snippet that it inserts. */
export interface EditorCompletion {
  readonly label: string;
  readonly insertText: string;
  readonly documentation: string;
}

/** No network, and nothing that differs from an editor's defaults otherwise. */
const SETTINGS: Readonly<Record<string, unknown>> = {
  yaml: { schemaStore: { enable: false }, kubernetesCRDStore: { enable: false } },
};

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Waiting {
  readonly resolve: (message: Message) => void;
  readonly reject: (error: Error) => void;
}

/** A running server. One serves any number of documents. */
export class LanguageServer {
  private readonly child: ChildProcessByStdio<Writable, Readable, null>;
  private readonly waiting = new Map<string, Waiting>();
  private received = Buffer.alloc(0);
  private requests = 0;

  private constructor(
    private readonly folder: string,
    private readonly settings: Readonly<Record<string, unknown>>,
  ) {
    this.child = spawn(process.execPath, [SERVER, "--stdio"], {
      cwd: folder,
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.child.stdout.on("data", (chunk: Buffer) => this.receive(chunk));
    this.child.once("exit", () => this.fail());
    // What cannot be written any more was for a server that has ended.
    this.child.stdin.on("error", () => this.fail());
  }

  /** @param yaml settings of the section `yaml`, for example `schemas`. */
  static async start(
    folder: string,
    yaml: Readonly<Record<string, unknown>> = {},
  ): Promise<LanguageServer> {
    const base = isObject(SETTINGS["yaml"]) ? SETTINGS["yaml"] : {};
    const server = new LanguageServer(folder, { ...SETTINGS, yaml: { ...base, ...yaml } });
    const rootUri = pathToFileURL(folder).href;
    await server.request("initialize", {
      processId: process.pid,
      rootUri,
      workspaceFolders: [{ uri: rootUri, name: "project" }],
      capabilities: {
        workspace: { configuration: true, workspaceFolders: true },
        textDocument: {
          hover: { contentFormat: ["markdown"] },
          completion: {
            completionItem: { snippetSupport: true, documentationFormat: ["markdown"] },
          },
        },
      },
    });
    const configured = server.next("workspace/configuration");
    server.send({ method: "initialized", params: {} });
    await configured;
    return server;
  }

  /** The squiggles of a file that an editor opens. */
  async diagnostics(file: string, text: string): Promise<readonly EditorDiagnostic[]> {
    const uri = this.uriOf(file);
    const published = this.next(`diagnostics ${uri}`);
    this.open(uri, text);
    const { params } = await published;
    this.close(uri);
    const { diagnostics } = params as { readonly diagnostics: readonly EditorDiagnostic[] };
    return diagnostics.filter(({ severity }) => severity <= 2);
  }

  /** What the editor suggests at a position. */
  async completions(
    file: string,
    text: string,
    position: EditorPosition,
  ): Promise<readonly EditorCompletion[]> {
    const result = await this.ask("textDocument/completion", file, text, position);
    const items = isObject(result) ? result["items"] : result;
    return (items as readonly Record<string, unknown>[]).map((item) => ({
      label: String(item["label"]),
      insertText: String(
        isObject(item["textEdit"]) ? item["textEdit"]["newText"] : item["insertText"],
      ),
      documentation: markdownOf(item["documentation"]),
    }));
  }

  /** What the editor shows of the key or value at a position, as Markdown. */
  async hover(file: string, text: string, position: EditorPosition): Promise<string> {
    const result = await this.ask("textDocument/hover", file, text, position);
    return isObject(result) ? markdownOf(result["contents"]) : "";
  }

  async stop(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.child.once("exit", () => resolve()));
    this.child.kill("SIGKILL");
    await ended;
  }

  private uriOf(file: string): string {
    return pathToFileURL(join(this.folder, file)).href;
  }

  private async ask(
    method: string,
    file: string,
    text: string,
    position: EditorPosition,
  ): Promise<unknown> {
    const uri = this.uriOf(file);
    this.open(uri, text);
    const result = await this.request(method, { textDocument: { uri }, position });
    this.close(uri);
    return result;
  }

  private open(uri: string, text: string): void {
    const textDocument = { uri, languageId: "yaml", version: 1, text };
    this.send({ method: "textDocument/didOpen", params: { textDocument } });
  }

  private close(uri: string): void {
    this.send({ method: "textDocument/didClose", params: { textDocument: { uri } } });
  }

  private async request(method: string, params: unknown): Promise<unknown> {
    const id = ++this.requests;
    const answered = this.next(`answer ${id}`);
    this.send({ id, method, params });
    const { result, error } = await answered;
    if (error) {
      throw new Error(`${method}: ${error.message}`);
    }
    return result;
  }

  /** The next message of a kind. */
  private next(kind: string): Promise<Message> {
    return new Promise((resolve, reject) => this.waiting.set(kind, { resolve, reject }));
  }

  private send(message: Message): void {
    const text = JSON.stringify({ jsonrpc: "2.0", ...message });
    this.child.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  private receive(chunk: Buffer): void {
    this.received = Buffer.concat([this.received, chunk]);
    for (;;) {
      const end = this.received.indexOf("\r\n\r\n");
      const length = /Content-Length: (\d+)/.exec(this.received.toString("latin1", 0, end))?.[1];
      const start = end + 4;
      if (end < 0 || this.received.length < start + Number(length)) {
        return;
      }
      const text = this.received.toString("utf8", start, start + Number(length));
      this.received = this.received.subarray(start + Number(length));
      this.handle(JSON.parse(text) as Message);
    }
  }

  private handle(message: Message): void {
    const { id, method, params } = message;
    if (method === "workspace/configuration" && id !== undefined) {
      const { items } = params as { readonly items: readonly { readonly section: string }[] };
      this.send({ id, result: items.map(({ section }) => this.settings[section] ?? {}) });
    } else if (method !== undefined && id !== undefined) {
      this.send({ id, result: null });
    }
    this.settle(kindOf(message), message);
  }

  private settle(kind: string, message: Message): void {
    const waiting = this.waiting.get(kind);
    this.waiting.delete(kind);
    waiting?.resolve(message);
  }

  private fail(): void {
    const waiting = [...this.waiting.values()];
    this.waiting.clear();
    waiting.forEach(({ reject }) => reject(new Error("The language server has ended.")));
  }
}

function kindOf({ id, method, params }: Message): string {
  if (method === undefined) {
    return `answer ${id}`;
  }
  return method === "textDocument/publishDiagnostics" && isObject(params)
    ? `diagnostics ${String(params["uri"])}`
    : method;
}

function markdownOf(content: unknown): string {
  const text = isObject(content) ? content["value"] : content;
  return typeof text === "string" ? text : "";
}
