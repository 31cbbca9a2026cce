import { type Dispatcher } from "undici";
import { type ConnectorError } from "../../errors";
import { type AnswerHead, checkAnswer, tooLarge } from "./response-checks";
import { type Call, type Reply, type Send } from "../interceptor";
import { deadlineError, transportError } from "./transport-errors";

type Controller = Dispatcher.DispatchController;

/**
 * One request and its answer on undici's dispatcher. Undici calls `onRequestStart` right before it
 * writes, so a request that fails earlier was certainly not sent. After the deadline,
 * `onRequestStart` stops a request that has not started.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  private controller: Controller | undefined;
  private head: AnswerHead | undefined;
  private bytes = 0;
  private settled = false;
  private readonly chunks: Uint8Array[] = [];
  private readonly onDeadline = (): void =>
    this.fail(deadlineError(this.call, this.progress, Number(this.call.signal?.reason)));

  constructor(
    private readonly call: Call,
    private readonly resolve: (reply: Reply) => void,
    private readonly reject: (error: ConnectorError) => void,
  ) {
    call.signal?.addEventListener("abort", this.onDeadline);
  }

  onRequestStart(controller: Controller): void {
    if (this.settled) {
      controller.abort(new Error("The deadline passed before there was a connection."));
      return;
    }
    this.controller = controller;
    this.call.onSent?.();
  }

  /** Also called for 1xx answers. */
  onResponseStart(
    _: Controller,
    statusCode: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (statusCode < 200) {
      return;
    }
    this.head = { statusCode, headers: joinHeaders(headers) };
    this.failIf(checkAnswer(this.call, this.head));
  }

  onResponseData(_: Controller, chunk: Uint8Array): void {
    this.bytes += chunk.length;
    this.chunks.push(chunk);
    if (this.head !== undefined && this.bytes > this.call.maxResponseBytes) {
      this.fail(tooLarge(this.call, this.head));
    }
  }

  onResponseEnd(): void {
    if (this.settle() && this.head !== undefined) {
      this.resolve({
        ...this.head,
        text: new TextDecoder().decode(Buffer.concat(this.chunks)),
        attempt: this.call.attempt,
      });
    }
  }

  onResponseError(_: Controller, error: Error): void {
    this.fail(transportError(this.call, this.progress, error));
  }

  private get progress() {
    return { sent: this.controller !== undefined, head: this.head };
  }

  private failIf(error: ConnectorError | undefined): void {
    if (error !== undefined) {
      this.fail(error);
    }
  }

  /** Also destroys the connection, because the rest of this answer would follow on it. */
  private fail(error: ConnectorError): void {
    if (this.settle()) {
      this.chunks.length = 0;
      this.reject(error);
      this.controller?.abort(error);
    }
  }

  private settle(): boolean {
    const first = !this.settled;
    this.settled = true;
    this.call.signal?.removeEventListener("abort", this.onDeadline);
    return first;
  }
}

/** The result has no prototype, so that a header may have any name. */
function joinHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Readonly<Record<string, string>> {
  const joined = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(headers)) {
    joined[name.toLowerCase()] = Array.isArray(value) ? value.join(", ") : (value ?? "");
  }
  return joined;
}

/** Sends one attempt on an undici dispatcher. */
export function transport(dispatcher: () => Dispatcher): Send {
  return async (call) => {
    const { method, target: path, headers, body } = call.request;
    const target = dispatcher();
    return new Promise((resolve, reject) => {
      target.dispatch(
        { origin: call.origin, method, path, headers: { ...headers }, body: body ?? null },
        new Exchange(call, resolve, reject),
      );
    });
  };
}
