import { styleText } from "node:util";

type Format = Parameters<typeof styleText>[0];

/** Marks a text for a terminal; leaves it alone where nobody sees colours, or asked for none. */
export type Style = (format: Format, text: string) => string;

/** A style for a stream: colours on a terminal, unless `NO_COLOR` is set; `FORCE_COLOR` brings them anywhere. */
export function styleFor(stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv = process.env): Style {
  const forced = environment["FORCE_COLOR"];
  const wanted = forced !== undefined ? forced !== "0" : stream.isTTY && environment["TERM"] !== "dumb";
  const colours = wanted && (environment["NO_COLOR"] ?? "") === "";
  return colours ? (format, text) => styleText(format, text, { validateStream: false }) : (_, text) => text;
}

/** A text without control characters, which would command the terminal. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, "\ufffd");
}
