import { type Notifier } from "../../observe/index";

/** Tells on standard error how far long work is: on a terminal only, and gone at the end. */
export class Progress {
  private shown = 0;

  constructor(
    private readonly what: string,
    private readonly stream: NodeJS.WriteStream = process.stderr,
    private readonly quiet = false,
  ) {}

  /** At most ten times a second. */
  readonly at = (done: number, of: number): void => {
    const now = Date.now();
    if (this.quiet || !this.stream.isTTY || (now - this.shown < 100 && done < of)) {
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

/** Tells a command's warnings on standard error, and unless it shall be quiet, what takes long. A line of {@link Progress} gives way. */
export function tellerOn(stream: NodeJS.WriteStream, quiet = false): Notifier {
  const line = (text: string): void =>
    void stream.write(`${stream.isTTY ? "\r\u001b[K" : ""}${text}\n`);
  const unlessQuiet = quiet ? (): void => undefined : line;
  return {
    warn: (message) => line(`warning: ${message}`),
    info: unlessQuiet,
    progress: unlessQuiet,
    flush: () => Promise.resolve(),
  };
}
