import { type RenderedRequest, type RequestFault } from "../../model/rendered-request";
import { forPeople, printable, type Style, styleFor } from "../terminal/style";
import { shortened, WIDTH, wrapped } from "../terminal/text-width";
import { type RequestReport } from "./request-formats";

/** Columns before an excerpt of a body, for a line number and a bar. */
const GUTTER = 10;

/** Prints what is wrong with requests, and what stays open in them, on standard error. */
export function printFaults(
  report: Pick<RequestReport, "requests" | "unavailable">,
  stream: NodeJS.WriteStream = process.stderr,
): void {
  stream.write(forPeople(faultsText(report, styleFor(stream)), stream));
}

/** For people: what is wrong with requests, and what stays open in them. */
export function faultsText(
  { requests, unavailable }: Pick<RequestReport, "requests" | "unavailable">,
  style: Style,
): string {
  const faults = requests.flatMap((request, index) =>
    request.faults
      .filter(({ isOfRow = false }) => !isOfRow || index === requests.length - 1)
      .flatMap((fault) => faultLines(request, fault, requests.length > 1, style)),
  );
  const open = [...new Set(requests.flatMap((request) => request.open))];
  const notes = [
    ...(unavailable.length === 0
      ? []
      : [
          `Without a value: ${unavailable.join(", ")}. Pipe pulumi config --json --show-secrets into --config-file -.`,
        ]),
    ...(open.length === 0
      ? []
      : [
          `Filled by the vendor: ${open.map((name) => `{{${name}}}`).join(", ")}. Give a value with --set name=….`,
        ]),
  ];
  const lines = [...faults, ...notes.flatMap((note) => wrapped(printable(note)))];
  return lines.map((line) => `${line}\n`).join("");
}

function faultLines(
  { name, body = "" }: RenderedRequest,
  { severity, message, hint, isOfRow = false, line, column = 1 }: RequestFault,
  withName: boolean,
  style: Style,
): string[] {
  const colour = severity === "error" ? "red" : "magenta";
  const of = withName && name !== undefined && !isOfRow ? `${name}: ` : "";
  const text = wrapped(
    printable(
      `${severity}: ${of}${message}${hint === undefined ? "" : `. ${hint}`}`.replace(
        /[^.?!]$/,
        "$&.",
      ),
    ),
  );
  const [first = "", ...rest] = text;
  const head = `${style(colour, severity)}${first.slice(severity.length)}`;
  return line === undefined
    ? [head, ...rest]
    : [head, ...rest, ...excerptLines(body, line, column, style)];
}

/** The line of a body, and a marker below the place. */
function excerptLines(body: string, line: number, column: number, style: Style): string[] {
  const text = printable((body.split("\n")[line - 1] ?? "").replaceAll("\t", " "));
  const from = Math.max(0, column - 1 - Math.floor((WIDTH - GUTTER) / 2));
  const number = String(line);
  const bar = (label: string): string => style("dim", `  ${label} |`);
  return [
    `${bar(number)} ${shortened(text.slice(from), WIDTH - GUTTER)}`,
    `${bar(" ".repeat(number.length))} ${" ".repeat(column - 1 - from)}${style("red", "^")}`,
  ];
}
