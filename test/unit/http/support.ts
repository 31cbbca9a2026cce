import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from "node:net";
import { ConnectorError } from "../../../provider/errors";
import {
  type CountingHttpClient,
  createHttpClient,
  type HttpClientOptions,
  type HttpInternals,
  type HttpMethod,
} from "../../../provider/http";

export const METHODS: readonly HttpMethod[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
export const CREDENTIAL = "key-4f/9+z secret";

/** What the server saw of a request. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  /** When its head arrived, in milliseconds. */
  readonly at: number;
}

export type Answer = (response: ServerResponse, seen: Seen) => void;

const closers: (() => Promise<unknown>)[] = [];

/** Closes the servers and clients of the test that just ended. */
export async function closeAll(): Promise<void> {
  await Promise.all(closers.splice(0).map((close) => close()));
}

/** Answers each request with the next of `answers`, the last one for ever. */
export async function serve(...answers: Answer[]): Promise<{ origin: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  let next = 0;
  const server = createHttpServer((request, response) => {
    const at = performance.now();
    const answer = answers[Math.min(next++, answers.length - 1)]!;
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const entry = { method, url, headers, body: Buffer.concat(chunks).toString(), at };
      seen.push(entry);
      answer(response, entry);
    });
  });
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { origin: await listen(server), seen };
}

/** A TCP server, for what no HTTP server does. Counts its connections. */
export async function serveTcp(
  handle: (socket: Socket) => void,
): Promise<{ origin: string; connections: () => number; stopListening: () => void }> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createTcpServer((socket) => {
    connections++;
    sockets.add(socket.on("error", () => undefined).on("close", () => sockets.delete(socket)));
    handle(socket);
  });
  closers.push(() => {
    sockets.forEach((socket) => socket.destroy());
    return new Promise((resolve) => server.close(resolve));
  });
  const origin = await listen(server);
  return { origin, connections: () => connections, stopListening: () => server.close() };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An origin of this machine on which nothing listens. */
export async function deadOrigin(): Promise<string> {
  const server = createTcpServer();
  const origin = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return origin;
}

export type TestClient = CountingHttpClient & { readonly waits: number[] };

/**
 * A client that notes its waits instead of waiting, and with limits that don't matter unless given.
 */
export function connect(
  origin: string,
  options: Partial<HttpClientOptions> = {},
  internals: HttpInternals = {},
): TestClient {
  const waits: number[] = [];
  const sleep = (ms: number): Promise<void> => {
    waits.push(ms);
    return Promise.resolve();
  };
  const defaults = {
    vendor: "Acme",
    credential: ["x-apikey", CREDENTIAL],
    requestsPerSecond: 1000,
  } as const;
  const client = createHttpClient(
    { ...defaults, origin, ...options },
    { sleep, random: () => 0.5, ...internals },
  );
  closers.push(() =>
    Promise.race([client.close(), new Promise((resolve) => setTimeout(resolve, 50).unref())]),
  );
  return { ...client, waits };
}

/** The {@link ConnectorError} with which a promise rejects. */
export async function rejection(promise: Promise<unknown>): Promise<ConnectorError> {
  const error: unknown = await promise.then(
    () => new Error("It resolved."),
    (reason: unknown) => reason,
  );
  if (error instanceof ConnectorError) {
    return error;
  }
  throw error;
}

export function json(
  value: unknown,
  statusCode = 200,
  headers: Record<string, string> = {},
): Answer {
  return (response) =>
    response
      .writeHead(statusCode, { "content-type": "application/json", ...headers })
      .end(JSON.stringify(value));
}

export function status(statusCode: number, headers: Record<string, string> = {}): Answer {
  return (response) => response.writeHead(statusCode, headers).end();
}

/** Reads the request and hangs up. */
export const hangUp: Answer = (response) => response.socket?.destroy();

/** Sends half of the body that it announced and hangs up. */
export const truncate: Answer = (response) => {
  response.writeHead(200, { "content-length": "100" });
  response.write('{"id": 1', () => response.socket?.destroy());
};

/** Never answers. */
export const silence: Answer = () => undefined;

/** Answers so many milliseconds late. */
export function after(ms: number, answer: Answer = json({})): Answer {
  return (response, seen) => void setTimeout(() => answer(response, seen), ms);
}

/** Sends so many requests at once. */
export function sendMany(client: TestClient, count: number): Promise<unknown> {
  return Promise.all(
    Array.from({ length: count }, (_, index) => client.send({ method: "GET", path: `/${index}` })),
  );
}
