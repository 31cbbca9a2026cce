/** The HTTP server of one vendor on 127.0.0.1: logs, applies faults, handles and delivers. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";

import { deliver, pause } from "./deliver";
import { faultAnswer } from "./fault-answer";
import { type Fault, FaultList } from "./faults";
import { loggedBody, KnownKeys, type MutableLogEntry, RequestLog } from "./request-log";
import {
  type Answer,
  flattenHeaders,
  parseBody,
  readBody,
  type SandboxRequest,
} from "./http-message";

/** The behavior of a vendor, independent of HTTP. */
export interface VendorEmulator {
  /** Keys from the settings, in order. */
  readonly keys: readonly string[];
  /** The key of a request, if any. */
  credential(headers: Readonly<Record<string, string>>): string | undefined;
  /** Handles a request as the vendor does. Synchronous, so that requests never interleave. */
  handle(request: SandboxRequest): Answer;
  /** The vendor's documented error for a status. */
  errorAnswer(statusCode: number): Answer;
}

const HOST = "127.0.0.1";
const MAX_REQUEST_BYTES = 32 * 1024 * 1024;

/** Serves one vendor's emulator. */
export class VendorServer {
  readonly log = new RequestLog();
  readonly faults = new FaultList();
  private readonly knownKeys: KnownKeys;
  private readonly servers: Server[] = [];

  constructor(private readonly emulator: VendorEmulator) {
    this.knownKeys = new KnownKeys(emulator.keys);
  }

  /**
   * Listens on a port of 127.0.0.1 and resolves with the origin. Can be called more than once.
   * Rejects with Node's error, for example `EADDRINUSE`.
   */
  listen(port: number): Promise<string> {
    const server = createServer((message, response) => void this.serve(message, response));
    this.servers.push(server);
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, HOST, () =>
        resolve(`http://${HOST}:${(server.address() as AddressInfo).port}`),
      );
    });
  }

  /** Stops listening and closes all connections immediately. Can be called more than once. */
  async close(): Promise<void> {
    const closed = this.servers.map(
      (server) => new Promise<void>((resolve) => void server.close(() => resolve())),
    );
    this.closeConnections();
    await Promise.all(closed);
  }

  /** Closes all connections, including those with requests in progress. */
  closeConnections(): void {
    this.servers.forEach((server) => server.closeAllConnections());
  }

  private async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { request, entry } = this.receive(message);
    response.once("close", () => this.log.close(entry));
    try {
      await this.answer(await this.read(message, request, entry), response, entry);
    } catch (error) {
      this.handleError(response, entry, error);
    }
  }

  private receive(message: IncomingMessage): { request: SandboxRequest; entry: MutableLogEntry } {
    const [path = "", search = ""] = (message.url ?? "").split(/\?(.*)/s);
    const headers = flattenHeaders(message.headers);
    const query = new URLSearchParams(search);
    const method = message.method ?? "";
    const credential = this.emulator.credential(headers);
    const keyIndex = this.knownKeys.indexOf(credential);
    const entry = this.log.open(
      { method, path, query: Object.fromEntries(query), headers, keyIndex },
      credential,
    );
    return { request: { method, path, query, headers, body: { kind: "none" } }, entry };
  }

  private async read(
    message: IncomingMessage,
    request: SandboxRequest,
    entry: MutableLogEntry,
  ): Promise<SandboxRequest | undefined> {
    const bytes = await readBody(message, MAX_REQUEST_BYTES);
    if (bytes === undefined) {
      return undefined;
    }
    const body = parseBody(request.headers["content-type"], bytes);
    entry.bodyBytes = bytes.length;
    entry.body = loggedBody(body);
    return { ...request, body };
  }

  private async answer(
    request: SandboxRequest | undefined,
    response: ServerResponse,
    entry: MutableLogEntry,
  ): Promise<void> {
    const fault = this.faults.take(entry);
    const handled =
      fault === undefined || fault.reachesVendor ? this.handle(request, entry) : undefined;
    if (fault === undefined) {
      return this.send(response, entry, handled ?? this.emulator.errorAnswer(500));
    }
    entry.fault = fault.name;
    if (fault.options.delay !== undefined) {
      await pause(response, fault.options.delay);
    }
    if (response.closed) {
      return;
    }
    if (fault.options.drop !== undefined) {
      return void response.destroy();
    }
    const answer = faultAnswer(fault.options, handled, (statusCode) =>
      this.emulator.errorAnswer(statusCode),
    );
    return this.send(response, entry, answer, fault);
  }

  private handle(request: SandboxRequest | undefined, entry: MutableLogEntry): Answer {
    if (request === undefined) {
      return this.emulator.errorAnswer(413);
    }
    const answer = this.emulator.handle(request);
    entry.committed = request.method !== "GET" && answer.statusCode < 300;
    return answer;
  }

  private async send(
    response: ServerResponse,
    entry: MutableLogEntry,
    answer: Answer,
    fault?: Fault,
  ): Promise<void> {
    entry.statusCode = answer.statusCode;
    await deliver(response, answer, fault?.options);
  }

  /**
   * A disconnected client gets no answer. Any other error is a bug in the sandbox or in a callback
   * of a test.
   */
  private handleError(response: ServerResponse, entry: MutableLogEntry, error: unknown): void {
    if (response.headersSent || response.socket?.destroyed !== false) {
      return void response.destroy();
    }
    entry.statusCode = 500;
    const reason = error instanceof Error ? error.message : String(error);
    void deliver(response, this.emulator.errorAnswer(500), {
      headers: { "x-sandbox-error": encodeURIComponent(reason) },
    });
  }
}
