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

/** A text without what controls the terminal, except line ends. */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

/**
 * What pipelines take for commands in the log of a step: `::error` where a line begins (GitHub
 * Actions), and anywhere `##[error]` (GitHub Actions, Azure Pipelines) and `##vso[task.setvariable]`.
 */
const PIPELINE_COMMAND = /^([^\S\n]*):(?=:)|#(?=#\w*\[)/gm;

/**
 * A text for people as a stream gets it: in a log, nothing that a definition or a vendor says is a
 * command of the pipeline.
 */
export function forPeople(text: string, stream: NodeJS.WriteStream): string {
  return stream.isTTY ? text : text.replace(PIPELINE_COMMAND, "$1\ufffd");
}

/** Prints an error or a warning: wrapped on a terminal, else on one line, for logs. */
export function printMessage(
  severity: "error" | "warning",
  message: string,
  stream: NodeJS.WriteStream = process.stderr,
): void {
  const text = `${severity}: ${printableLines(message)}`;
  const lines = stream.isTTY ? wrapped(text).join("\n") : forPeople(text, stream);
  stream.write(
    `${styleFor(stream)(severity === "error" ? "red" : "magenta", severity)}${lines.slice(severity.length)}\n`,
  );
}
