import { styleText } from "node:util";
import { UNSAFE } from "../../json";
import { wrapped } from "./text-width";

/**
 * Formats that are readable on light and dark backgrounds. Yellow and cyan on white, and blue on
 * black, are not. `dim` is only for marks that can be missed.
 */
export type Format = "bold" | "dim" | "red" | "green" | "magenta";

/**
 * Formats a text for a terminal. Returns it unchanged where colours are not wanted or not
 * supported.
 */
export type Style = (format: Format, text: string) => string;

/**
 * The style of a stream: colours on a terminal, unless `NO_COLOR` is set; with `FORCE_COLOR`,
 * colours anywhere.
 */
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

const UNPRINTABLE = new RegExp(`[\\u0000-\\u001f${UNSAFE}]`, "g");

/** Replaces characters that control the terminal, end the line, or change the text direction. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, "\ufffd");
}

/** Prints an error or a warning: wrapped on a terminal, else on one line, for logs. */
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
