import { type Call, type Interceptor, type Reply } from "../interceptor";
import { PauseTooLong, type RateLimiter, type Slot } from "./rate-limiter";
import { backoffMs, retryAfterMs, type WaitSettings } from "./retry-timing";
import { type ConnectorError } from "../../errors";
import { failure, nameOf } from "../call-error";

/** Takes a slot of the shared limiter for each attempt. A 429 pauses the limiter for every user of the client. */
export function limitRate(limiter: RateLimiter, settings: WaitSettings): Interceptor {
  const pauses = new Pauses(limiter, settings);
  return (next) => async (call) => {
    const slot = await takeSlot(limiter, call, settings.date);
    const dispatchedAt = performance.now();
    try {
      const reply = await next({
        ...call,
        onSent: () => slot.sent(),
        onAnswered: () => slot.answered(),
      });
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

/** So many answers, or fewer, take the back-off one step down. */
const PER_STEP = 10;

/**
 * How long everybody who shares a limiter pauses after a 429, so that parallel resources do not each collect one of
 * their own: for as long as the vendor asks, or by a back-off. That grows when nothing got through since the last one, and
 * shrinks when something did, so that it settles where the vendor keeps up.
 */
export class Pauses {
  /** The step of the last back-off; the first is 1. */
  #step = 0;
  /** Answers other than 429 since then. */
  #accepted = 0;
  #start = -Infinity;
  #end = -Infinity;

  constructor(
    private readonly limiter: RateLimiter,
    private readonly settings: WaitSettings,
  ) {}

  /** Notes an answer other than 429. */
  accepted(): void {
    this.#accepted++;
  }

  /**
   * Pauses the limiter after a 429.
   *
   * @param dispatchedAt when its request was let through, on the clock of `performance.now()`
   * @returns how long, in milliseconds
   */
  refused(reply: Reply, dispatchedAt: number): number {
    const asked = retryAfterMs(reply.headers, this.settings.date());
    // A request to wait for no time at all says as little as none.
    if (asked !== undefined && asked > 0) {
      this.limiter.pause(asked);
      return asked;
    }
    const now = performance.now();
    // A request of the burst that the last back-off is about says nothing new.
    return dispatchedAt < this.#start ? Math.max(0, this.#end - now) : this.#backOff(now);
  }

  #backOff(now: number): number {
    this.#step = Math.max(
      1,
      this.#step + (this.#accepted === 0 ? 1 : -Math.ceil(this.#accepted / PER_STEP)),
    );
    this.#accepted = 0;
    const ms = backoffMs(this.#step, this.settings);
    this.#start = now;
    this.#end = now + ms;
    this.limiter.backOff(ms);
    return ms;
  }
}

/**
 * The error of an attempt that was not made, because the vendor asked everybody to wait for longer than is left of the
 * operation's budget: how long from now, and until when.
 */
export function waitTooLong(call: Call, ms: number, now: number): ConnectorError {
  const seconds = Math.ceil(ms / 1000);
  const message =
    `${call.vendor} asks to wait ${seconds} s (until ${utcMinute(now + ms, now)}) before ${nameOf(call)}, longer than ` +
    `what is left of the ${Math.round(call.budget.total / 1000)} s that an operation may take. Run \`pulumi up\` again then.`;
  return failure(call, "rate_limited", message, {
    statusCode: 429,
    retryable: true,
    retryAfter: seconds,
  });
}

/** `14:05 UTC`, with the date when it is another day; rounded up, so that it is not too early. */
function utcMinute(time: number, now: number): string {
  const minute = new Date(Math.ceil(time / 60_000) * 60_000).toISOString();
  const today = new Date(now).toISOString().slice(0, 10);
  const date = minute.slice(0, 10);
  return `${date === today ? "" : `${date} `}${minute.slice(11, 16)} UTC`;
}
