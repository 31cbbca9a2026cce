import { styleFor } from "./terminal/style";
import { wrapped } from "./terminal/text-width";

/** Tells of something on standard error: in one line, for logs; on a terminal, in lines of words. */
export function tell(severity: "error" | "warning", message: string, stream: NodeJS.WriteStream = process.stderr): void {
  const text = `${severity}: ${message}`;
  const lines = stream.isTTY ? wrapped(text).join("\n") : text;
  stream.write(`${styleFor(stream)(severity === "error" ? "red" : "magenta", severity)}${lines.slice(severity.length)}\n`);
}
