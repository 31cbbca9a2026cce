import { EventEmitter, once } from "node:events";
import { endWithEngine, type PluginProcess } from "../../../provider/plugin/ending";

class Stand extends EventEmitter implements PluginProcess {
  ppid = 1;
  readonly stdout = new EventEmitter();
  readonly stderr = new EventEmitter();
  exit(code: number): void {
    this.emit("exited", code);
  }
}

/** How a process learns that it has to end, and the code with which it does. */
const REASONS: readonly (readonly [string, (stand: Stand) => unknown, number])[] = [
  ["SIGINT", (stand) => stand.emit("SIGINT"), 0],
  ["SIGTERM", (stand) => stand.emit("SIGTERM"), 0],
  ["another parent", (stand) => (stand.ppid = 2), 1],
  ["output without a reader", (stand) => stand.stdout.emit("error", new Error("EPIPE")), 1],
  ["errors without a reader", (stand) => stand.stderr.emit("error", new Error("EPIPE")), 1],
];

describe.each(REASONS)("a provider process that ends by %s", (_, give, code) => {
  const never = new Promise<void>(() => undefined);

  test("cancels once, and exits when all is finished", async () => {
    const stand = new Stand();
    let cancelled = 0;
    let finish = (): void => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const ended = { cancel: () => (cancelled += 1), finish: () => finished };
    endWithEngine(ended, stand, { look: 5, grace: 60_000 });
    const exited = once(stand, "exited");
    give(stand);
    give(stand);
    await new Promise((resolve) => setTimeout(resolve, 20));
    // The process has not ended yet.
    expect([cancelled, stand.listenerCount("exited")]).toEqual([1, 1]);
    finish();
    expect(await exited).toEqual([code]);
  });
  test("does not wait for ever", async () => {
    const stand = new Stand();
    const exited = once(stand, "exited");
    endWithEngine({ cancel: () => undefined, finish: () => never }, stand, { look: 5, grace: 10 });
    give(stand);
    expect(await exited).toEqual([code]);
  });
});

test("a second signal is the system's to handle, and ends the process at once", () => {
  const stand = new Stand();
  const ended = { cancel: () => undefined, finish: () => Promise.resolve() };
  endWithEngine(ended, stand, { look: 60_000, grace: 10 });
  expect([stand.listenerCount("SIGINT"), stand.listenerCount("SIGTERM")]).toEqual([1, 1]);
  stand.emit("SIGINT");
  expect(stand.listenerCount("SIGINT")).toBe(0);
});
