import { type Interceptor } from "../interceptor";

/**
 * Ends an attempt `requestTimeout` milliseconds after its dispatch, or when the operation's budget is used up, however
 * busy the connection: connecting, a slow head and a slow body all count. The time is charged to the budget.
 */
export function boundTime(requestTimeout: number): Interceptor {
  return (next) => async (call) => {
    const ms = Math.min(requestTimeout, call.budget.remaining());
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(ms), ms);
    const start = performance.now();
    try {
      return await next({ ...call, signal: abort.signal });
    } finally {
      clearTimeout(timer);
      call.budget.charge(performance.now() - start);
    }
  };
}
