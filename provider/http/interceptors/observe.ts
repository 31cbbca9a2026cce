import { ConnectorError } from "../../errors";
import { type Activity } from "./client-stats";
import { type Call, type Interceptor } from "../interceptor";
import { type AttemptEvent } from "../types";

/** Follows an attempt from the moment in which it begins to queue to its end; stands in front of the queues. */
export function followAttempts(activity: Activity): Interceptor {
  return (next) => async (call) => {
    const passage = activity.enter();
    try {
      return await next({ ...call, passage });
    } finally {
      passage.to(undefined);
    }
  };
}

/** Notes that an attempt has a place among those under way, and queues for its turn; stands between the queues. */
export const notePlace: Interceptor = (next) => (call) => {
  call.passage?.to("turn");
  return next(call);
};

/** Counts attempts; stands behind the queues. */
export function countAttempts(activity: Activity): Interceptor {
  return (next) => (call) => {
    call.passage?.to("underWay");
    activity.attempts++;
    activity.retries += call.attempt > 1 ? 1 : 0;
    return next(call);
  };
}

/** Reports each attempt's end; stands behind the queues. */
export function reportAttempts(
  report: (event: AttemptEvent) => void,
  date: () => number,
): Interceptor {
  return (next) => async (call) => {
    const start = performance.now();
    const end = (result: Partial<AttemptEvent>): void =>
      unharmed(() =>
        report(
          withoutSecrets(call, {
            ...identity(call),
            time: date(),
            durationMs: performance.now() - start,
            ...result,
          }),
        ),
      );
    try {
      const reply = await next(call);
      end({ statusCode: reply.statusCode, requestId: reply.headers["x-request-id"] });
      return reply;
    } catch (error) {
      end(
        error instanceof ConnectorError
          ? { statusCode: error.statusCode, requestId: error.requestId, code: error.code }
          : {},
      );
      throw error;
    }
  };
}

/** Lets an observer do its work; it must not be able to fail a deployment. */
export function unharmed(work: () => void): void {
  try {
    work();
  } catch {
    // The observer's own concern.
  }
}

function identity({
  vendor,
  request,
  attempt,
  purpose,
  passage,
}: Call): Pick<AttemptEvent, "vendor" | "method" | "path" | "attempt" | "purpose" | "queuedMs"> {
  return {
    vendor,
    method: request.method,
    path: request.path,
    attempt,
    purpose,
    queuedMs: passage?.queuedMs ?? 0,
  };
}

/** No server gives ids that are longer; more of a text of others is not searched for secrets, nor shown. */
const LONGEST = 200;

/** A vendor may repeat anything in the id of a request, and a user may write anything in a name or an id. */
function withoutSecrets(call: Call, event: AttemptEvent): AttemptEvent {
  const tidy = <T extends string | undefined>(text: T): T =>
    text === undefined ? text : (call.redact(text).slice(0, LONGEST) as T);
  const { purpose, path, requestId } = event;
  return {
    ...event,
    path: tidy(path),
    requestId: tidy(requestId?.slice(0, 80 * LONGEST)),
    purpose: purpose && { ...purpose, connector: tidy(purpose.connector) },
  };
}
