import { type Interceptor } from "../interceptor";
import { Semaphore } from "../semaphore";

/** Lets at most `limit` attempts of a client be under way at once; the others queue in order. */
export function boundConcurrency(limit: number): Interceptor {
  const places = new Semaphore(limit);
  return (next) => async (call) => {
    await places.acquire();
    try {
      return await next(call);
    } finally {
      places.release();
    }
  };
}
