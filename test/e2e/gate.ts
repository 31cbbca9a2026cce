import {
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import { type AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { type World } from "../../harness/e2e/world";

/**
 * A proxy in front of the vendors that lets a test decide when requests arrive. An engine ends a
 * deployment at the first failure. When the gate holds all requests until the last one arrives, all
 * failures happen and are reported.
 */
export class Gate {
  private readonly servers: Server[] = [];
  private held: { method: string; count: number; waiting: (() => void)[] } | undefined;

  /** Starts a proxy for an origin and resolves with its URL. */
  async open(origin: string): Promise<string> {
    const server = createServer(
      (message, response) => void this.forward(origin, message, response),
    );
    this.servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /**
   * Holds requests with this method until `count` of them wait, then forwards these and all later
   * ones.
   */
  hold(method: string, count: number): void {
    this.held = { method, count, waiting: [] };
  }

  /** How many requests are held. */
  get waiting(): number {
    return this.held?.waiting.length ?? 0;
  }

  /** Forwards what is held, and all later requests. */
  release(): void {
    const { held } = this;
    this.held = undefined;
    held?.waiting.forEach((go) => go());
  }

  async close(): Promise<void> {
    for (const server of this.servers) {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    }
  }

  private async forward(
    origin: string,
    message: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const body = await buffer(message);
    await this.pass(message.method ?? "");
    const outgoing = request(
      `${origin}${message.url ?? ""}`,
      { method: message.method, headers: message.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        // Propagates an aborted answer.
        answer.on("error", () => response.destroy());
        answer.pipe(response);
      },
    );
    outgoing.on("error", () => response.destroy());
    response.on("close", () => outgoing.destroy());
    outgoing.end(body);
  }

  private pass(method: string): Promise<void> {
    return new Promise((resolve) => {
      const { held } = this;
      if (held?.method !== method) {
        resolve();
        return;
      }
      held.waiting.push(resolve);
      if (held.waiting.length < held.count) {
        return;
      }
      this.release();
    });
  }
}

/** Starts a gate between a stack and its sandbox. */
export async function openGate({ sandbox, stack }: World): Promise<Gate> {
  const gate = new Gate();
  await stack.setConfig({
    "databar:baseUrl": await gate.open(sandbox.databar.url),
    "supermetrics:baseUrl": await gate.open(sandbox.supermetrics.url),
    "databar:maxConcurrentRequests": "100",
    "supermetrics:maxConcurrentRequests": "100",
  });
  return gate;
}
