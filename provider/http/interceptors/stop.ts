import { callError, isWrite, requestLine } from "../call-error";
import { type Bounds, type StopReason } from "../bounds";
import { type ConnectorError } from "../../errors";
import { own, ownText } from "../../message";
import { type Call, type Interceptor } from "../interceptor";

/** Lets an attempt that still queues fail when the work's bounds end. */
export const stopQueued: Interceptor = (next) => (call) => {
  const { bounds } = call;
  if (bounds === undefined) {
    return next(call);
  }
  const { signal } = bounds;
  if (signal.aborted) {
    return Promise.reject(stopped(call));
  }
  return new Promise((resolve, reject) => {
    const attempt = { isOut: false };
    const onAbort = (): void => {
      if (!attempt.isOut) {
        reject(stopped(call));
      }
    };
    signal.addEventListener("abort", onAbort, { once: true });
    next({ ...call, goesOut: () => (attempt.isOut = true) })
      .then(resolve, reject)
      .finally(() => signal.removeEventListener("abort", onAbort));
  });
};

/** Innermost: an attempt whose turn has come goes out, unless its work was stopped meanwhile. */
export const sendUnlessStopped: Interceptor = (next) => (call) => {
  const { bounds } = call;
  if (bounds?.signal.aborted) {
    return Promise.reject(stopped(call));
  }
  call.goesOut?.();
  if (isWrite(call.request.method)) {
    bounds?.onWrite();
  }
  return next(call);
};

/** Waits, or until the signal aborts. */
export async function sleepWithin(
  bounds: Bounds | undefined,
  sleep: () => Promise<void>,
): Promise<void> {
  if (bounds === undefined) {
    return sleep();
  }
  const { signal } = bounds;
  let onAbort = (): void => undefined;
  const aborted = new Promise<void>((resolve) => {
    onAbort = resolve;
    signal.addEventListener("abort", onAbort, { once: true });
  });
  if (!signal.aborted) {
    await Promise.race([sleep(), aborted]);
  }
  signal.removeEventListener("abort", onAbort);
}

/** The errors of attempts that were not sent. */
const made = new WeakSet<ConnectorError>();

/** Whether an attempt was not sent because its work was stopped. */
export function isStopped(error: ConnectorError): boolean {
  return made.has(error);
}

function stopped(call: Call): ConnectorError {
  const { code, because } = call.bounds?.signal.reason as StopReason;
  const message = own`${requestLine(call)} was not sent, because ${ownText(because)}.`;
  const error = callError(call, code, message);
  made.add(error);
  return error;
}
