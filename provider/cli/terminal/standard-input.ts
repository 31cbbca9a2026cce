import { readSync } from "node:fs";
import { isatty } from "node:tty";

const FD = 0;

/** How long to wait for a writer that has not written yet, in milliseconds. */
const PAUSE = 20;

/** Whether somebody types there. Asking `process.stdin` would make a pipe answer with EAGAIN. */
export function isTyped(): boolean {
  return isatty(FD);
}

/** All that is piped into the command; waits for a writer that takes its time. */
export function readStandardInput(): string {
  const parts: Buffer[] = [];
  const part = Buffer.alloc(65_536);
  for (let length = readPart(part); length > 0; length = readPart(part)) {
    parts.push(Buffer.from(part.subarray(0, length)));
  }
  return Buffer.concat(parts).toString("utf8");
}

/** @returns how many bytes came; 0 at the end. */
function readPart(part: Buffer): number {
  for (;;) {
    try {
      return readSync(FD, part);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Windows ends a pipe so.
      if (code === "EOF") {
        return 0;
      }
      if (code !== "EAGAIN") {
        throw error;
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
    }
  }
}
