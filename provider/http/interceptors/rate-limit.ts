import { type Call, type Interceptor } from "../interceptor";
import { type RateLimiter, PauseTooLong } from "./rate-limiter";
import { Pauses } from "../pauses";
import { type WaitSettings } from "./retry-timing";
import { type Slot } from "../slot-log";
import { waitTooLong } from "../wait-too-long";

/** Takes a slot of the shared limiter for each attempt. A 429 pauses the limiter for every user of the client. */
export function limitRate(limiter: RateLimiter, settings: WaitSettings): Interceptor {
  const pauses = new Pauses(limiter, settings);
  return (next) => async (call) => {
    const slot = await takeSlot(limiter, call, settings.date);
    const dispatchedAt = performance.now();
    try {
      const reply = await next({ ...call, onSent: () => slot.sent(), onAnswered: () => slot.answered() });
      if (reply.statusCode === 429) {
        return { ...reply, pause: pauses.refused(reply, dispatchedAt) };
      }
      pauses.accepted();
      return reply;
    } finally {
      slot.ended();
    }
  };
}

async function takeSlot(limiter: RateLimiter, call: Call, date: () => number): Promise<Slot> {
  try {
    return await limiter.acquire(call.budget.remaining());
  } catch (error) {
    throw error instanceof PauseTooLong ? waitTooLong(call, error.ms, date()) : error;
  }
}
