import { styleText } from "node:util";
import { wrapped } from "./text-width";

/** What can be read on a light and on a dark background alike. Yellow cannot on white, blue cannot on black. */
export type Format = "bold" | "dim" | "red" | "green" | "magenta" | "cyan";

/** Marks a text for a terminal; leaves it alone where nobody sees colours, or asked for none. The text says the same without. */
export type Style = (format: Format, text: string) => string;

/** A style for a stream: colours on a terminal, unless `NO_COLOR` is set; `FORCE_COLOR` brings them anywhere. */
export function styleFor(
  stream: NodeJS.WriteStream,
  environment: NodeJS.ProcessEnv = process.env,
): Style {
  const forced = environment["FORCE_COLOR"];
  const wanted =
    forced !== undefined
      ? forced !== "0" && forced !== "false"
      : stream.isTTY && environment["TERM"] !== "dumb";
  const colours = wanted && (environment["NO_COLOR"] ?? "") === "";
  return colours
    ? (format, text) => styleText(format, text, { validateStream: false })
    : (_, text) => text;
}

/** A text without what would command the terminal, end the line, or turn the order of its characters round. */
export function printable(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    "\ufffd",
  );
}

/** Tells of something on standard error: in one line, for logs; on a terminal, in lines of words. */
export function printMessage(
  severity: "error" | "warning",
  message: string,
  stream: NodeJS.WriteStream = process.stderr,
): void {
  const text = `${severity}: ${message}`;
  const lines = stream.isTTY ? wrapped(text).join("\n") : text;
  stream.write(
    `${styleFor(stream)(severity === "error" ? "red" : "magenta", severity)}${lines.slice(severity.length)}\n`,
  );
}
