import { type HttpClientStats } from "../http";
import { type Ending } from "./ending";
import { type Log } from "./log";
import { summaryRecord } from "./record";
import { heldIn, type Named, summaryText, waitingText } from "./waiting";

/** Who tells the person at the deployment. */
export interface Teller {
  warn(message: string): void;
  info(message: string): void;
  /** For what is of interest now, and not afterwards. */
  progress(message: string): void;
  /** Resolves when everything said so far has arrived. */
  settled(): Promise<void>;
}

/** Work that stood still for so long in all, in milliseconds, is worth a message. The next one comes when it is twice as long. */
const FIRST = 10_000;

/** How often to look, in milliseconds. */
const LOOK = 1_000;

/** Says what a client's work stands still for while it does, and what it all came to at the end. */
export class Watcher {
  private next = FIRST;
  private timer: NodeJS.Timeout | undefined;
  private sums = false;

  constructor(
    private readonly named: Named,
    private readonly teller: Teller,
    private readonly log: Log | undefined,
    private readonly ending: Ending,
  ) {}

  /** The client goes to work. It is looked at until it has nothing to do. */
  readonly onBusy = (stats: HttpClientStats): void => {
    if (this.log) this.sumUp(stats);
    this.timer ??= setInterval(() => this.look(stats), LOOK).unref();
  };

  private look(stats: HttpClientStats): void {
    const held = heldIn(stats);
    if (held >= FIRST) this.sumUp(stats);
    if (held >= this.next) this.tell(stats, held);
    if (stats.open > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private tell(stats: HttpClientStats, held: number): void {
    const { standstill } = stats;
    if (standstill === undefined) return;
    while (this.next <= held) this.next *= 2;
    this.teller.progress(waitingText(this.named, standstill, stats));
    this.log?.write({ event: "waiting", time: Date.now(), vendor: this.named.vendor, ...standstill });
  }

  private sumUp(stats: HttpClientStats): void {
    if (this.sums) return;
    this.sums = true;
    this.ending.add(async () => {
      this.log?.write(summaryRecord(this.named.vendor, Date.now(), stats));
      if (heldIn(stats) >= FIRST || this.log?.toFile === false) this.teller.info(summaryText(this.named, stats));
      await this.teller.settled();
    });
  }
}
