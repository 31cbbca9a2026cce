import { type Interceptor } from "../interceptor";

/**
 * Ends an attempt `requestTimeout` milliseconds after its dispatch, or when the operation's budget
 * is used up, even if data still arrives: connecting, a slow head and a slow body all count.
 * Charges the time to the budget, unless the answer is a 429.
 */
export function limitTime(requestTimeout: number): Interceptor {
  return (next) => async (call) => {
    const ms = Math.min(requestTimeout, call.budget.unspent());
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(ms), ms);
    const start = performance.now();
    let isRefused = false;
    try {
      const reply = await next({ ...call, signal: abort.signal });
      isRefused = reply.statusCode === 429;
      return reply;
    } finally {
      clearTimeout(timer);
      call.budget.charge(isRefused ? 0 : performance.now() - start);
    }
  };
}
