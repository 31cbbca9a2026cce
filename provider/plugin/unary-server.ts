import {
  createServer,
  type OutgoingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import { type AddressInfo } from "node:net";

/** The engine's limit of a message. */
const MESSAGE_LIMIT = 400 * 1024 * 1024;

/** What may be on the way before it is confirmed; HTTP/2's own 64 kB make large messages slow. */
const WINDOW = 1024 * 1024;

/** Bytes before a message: whether it is compressed, and its length. */
const HEAD = 5;

/** Codes of gRPC. */
const STATUS = {
  ok: 0,
  unknown: 2,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
} as const;

/** Answers a message with a message. */
export type UnaryMethod = (message: Buffer) => Promise<Buffer>;

/** How a call fails. */
export interface Failure {
  readonly message: string;
  /** A `google.rpc.Status`. */
  readonly details?: Buffer;
}

/** A call that does not get as far as its method. */
class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * gRPC for methods that answer once, over the HTTP/2 of Node.js. A message is received into one
 * buffer: grpc-js keeps it twice, which the messages of a fleet do not leave room for.
 */
export class UnaryServer {
  private readonly http = createServer({
    settings: { initialWindowSize: WINDOW },
    // A failure that records a resource has it in its headers.
    maxSendHeaderBlockLength: Number.MAX_SAFE_INTEGER,
    maxSessionMemory: Number.MAX_SAFE_INTEGER,
  });
  private readonly sessions = new Set<ServerHttp2Session>();

  /** @param methods by their path; all others are answered with UNIMPLEMENTED. */
  constructor(
    private readonly methods: ReadonlyMap<string, UnaryMethod>,
    private readonly failureOf: (error: unknown) => Failure,
  ) {
    this.http.on("session", (session) => {
      session.setLocalWindowSize(4 * WINDOW);
      this.sessions.add(session.once("close", () => this.sessions.delete(session)));
    });
    this.http.on("stream", (stream, { ":path": path = "" }) => void this.serve(stream, path));
  }

  /** Listens on a free port of this machine only, and resolves with it. */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.http.once("error", reject);
      this.http.listen(0, "127.0.0.1", () => resolve((this.http.address() as AddressInfo).port));
    });
  }

  /** Takes no more calls, and resolves when those that run are answered. */
  finish(): Promise<void> {
    return new Promise((resolve) => {
      this.http.close(() => resolve());
      this.sessions.forEach((session) => session.close());
    });
  }

  /** Ends at once. */
  close(): void {
    this.http.close();
    this.sessions.forEach((session) => session.destroy());
  }

  private async serve(stream: ServerHttp2Stream, path: string): Promise<void> {
    // A caller that gives up hears no more.
    stream.on("error", () => undefined);
    try {
      const message = await receive(stream);
      const method = this.methods.get(path);
      if (method === undefined) {
        throw new Refusal(STATUS.unimplemented, `${path} is not implemented.`);
      }
      succeed(stream, await method(message));
    } catch (error) {
      if (error instanceof Refusal) {
        fail(stream, error.status, error);
      } else {
        fail(stream, STATUS.unknown, this.failureOf(error));
      }
    }
  }
}

function receive(stream: ServerHttp2Stream): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const incoming = new Incoming();
    const end = (): void => {
      const fault = incoming.fault();
      if (fault === undefined) {
        resolve(incoming.message);
      } else {
        reject(fault);
      }
    };
    stream.on("data", (part: Buffer) => incoming.add(part));
    stream.once("end", end).once("close", end);
  });
}

/** A message that arrives in parts. */
class Incoming {
  message: Buffer = Buffer.alloc(0);
  private readonly head = Buffer.alloc(HEAD);
  /** How many bytes have come, with the head. */
  private length = 0;

  add(part: Buffer): void {
    const ofHead = Math.min(part.length, Math.max(0, HEAD - this.length));
    part.copy(this.head, this.length, 0, ofHead);
    if (ofHead > 0 && this.length + ofHead === HEAD && this.announced <= MESSAGE_LIMIT) {
      this.message = Buffer.allocUnsafeSlow(this.announced);
    }
    part.copy(this.message, Math.max(0, this.length - HEAD), ofHead);
    this.length += part.length;
  }

  /** Why what has come is no message. */
  fault(): Refusal | undefined {
    if (this.head[0] !== 0) {
      return new Refusal(STATUS.unimplemented, "Compressed messages are not implemented.");
    }
    if (this.announced > MESSAGE_LIMIT) {
      const limits = `${this.announced} bytes, and ${MESSAGE_LIMIT} are the most`;
      return new Refusal(STATUS.resourceExhausted, `The message has ${limits}.`);
    }
    return this.length === HEAD + this.announced
      ? undefined
      : new Refusal(STATUS.internal, "The request ended before its message, or after it.");
  }

  private get announced(): number {
    return this.head.readUInt32BE(1);
  }
}

const HEADERS: OutgoingHttpHeaders = { ":status": 200, "content-type": "application/grpc" };

function succeed(stream: ServerHttp2Stream, message: Buffer): void {
  if (stream.closed || stream.destroyed) {
    return;
  }
  const head = Buffer.alloc(HEAD);
  head.writeUInt32BE(message.length, 1);
  stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": STATUS.ok }));
  stream.respond(HEADERS, { waitForTrailers: true });
  stream.cork();
  stream.write(head);
  stream.end(message);
  stream.uncork();
}

function fail(stream: ServerHttp2Stream, status: number, { message, details }: Failure): void {
  if (stream.closed || stream.destroyed) {
    return;
  }
  // Half a surrogate pair would be no text.
  const text = Buffer.from(message).toString();
  stream.respond(
    {
      ...HEADERS,
      "grpc-status": status,
      "grpc-message": encodeURI(text),
      ...(details !== undefined && { "grpc-status-details-bin": details.toString("base64") }),
    },
    { endStream: true },
  );
}
