/**
 * Makes errors cheap until the returned function is called. When a resource is registered, the SDK
 * takes a stack trace for each of three promises per property, which only its detector of leaked
 * promises shows, and only if `PULUMI_DEBUG_PROMISE_LEAKS` is set. With the source maps of ts-node,
 * they take most of the time of a registration. The positions that the SDK sends to the engine do
 * not depend on the limit.
 */
export function omitStackTraces(): () => void {
  const { stackTraceLimit } = Error;
  if (!process.env.PULUMI_DEBUG_PROMISE_LEAKS) {
    Error.stackTraceLimit = 0;
  }
  return () => {
    Error.stackTraceLimit = stackTraceLimit;
  };
}

/** Gives an error that was thrown meanwhile the stack trace that it lacks. */
export function withStackTrace(error: unknown, restore: () => void): unknown {
  restore();
  if (error instanceof Error) {
    Error.captureStackTrace(error, withStackTrace);
  }
  return error;
}
