import { type ProgressLine } from "../../definition/connection";
import { type Notifier } from "../../observe/index";
import { forPeople, printableLines } from "./style";

/** Shows how far long work is. On a terminal only; the line is removed at the end. */
export class Progress implements ProgressLine {
  private shown = 0;

  constructor(
    private readonly what: string,
    private readonly stream: NodeJS.WriteStream = process.stderr,
    private readonly quiet = false,
  ) {}

  /** Writes at most ten times a second. */
  readonly at = (done: number, of: number): void => {
    const now = Date.now();
    if (this.quiet || !isLive(this.stream) || (now - this.shown < 100 && done < of)) {
      return;
    }
    this.shown = now;
    this.stream.write(`\r\u001b[K${this.what} ${done} of ${of}`);
  };

  end(): void {
    if (this.shown > 0) {
      this.stream.write("\r\u001b[K");
    }
  }
}

/** Whether somebody watches, on a terminal that can erase a line. */
function isLive(stream: NodeJS.WriteStream): boolean {
  const { TERM, CI = "" } = process.env;
  return stream.isTTY && TERM !== "dumb" && (CI === "" || CI === "false");
}

/**
 * Prints warnings and, unless `quiet`, reports of long waits. Replaces the line of
 * {@link Progress}.
 */
export function notifierOn(stream: NodeJS.WriteStream, quiet = false): Notifier {
  const line = (text: string): void =>
    void stream.write(
      `${isLive(stream) ? "\r\u001b[K" : ""}${forPeople(printableLines(text), stream)}\n`,
    );
  const unlessQuiet = quiet ? (): void => undefined : line;
  return {
    warn: (message) => line(`warning: ${message}`),
    info: unlessQuiet,
    progress: unlessQuiet,
    flush: () => Promise.resolve(),
  };
}
