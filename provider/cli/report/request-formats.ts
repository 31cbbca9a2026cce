import { type Definition } from "../../definition/definition";
import { type RenderedRequest } from "../../model/rendered-request";
import { type Answer } from "../send-request";
import { shellWord } from "../terminal/shell-word";
import { printable, printableLines, type Style } from "../terminal/style";
import { escapedJson } from "../../json";
import { without } from "../../model/state";

/** Requests to show, without their secrets. */
export interface RequestReport {
  readonly connector: string;
  readonly definition: Definition;
  readonly requests: readonly RenderedRequest[];
  /** References without a value. */
  readonly unavailable: readonly string[];
  /** With `--send`. */
  readonly answer?: Answer;
}

/** How many lines of an answer are shown, and how many characters of each. */
const ANSWER_LINES = 20;
const ANSWER_COLUMNS = 200;

/** The report in each format. */
export const REQUEST_REPORTS: Readonly<
  Record<"http" | "curl" | "json", (report: RequestReport, style: Style) => string>
> = { http: httpReport, curl: curlReport, json: jsonReport };

function httpReport({ requests, answer }: RequestReport, style: Style): string {
  const texts = requests.map((request) => {
    const title = request.name === undefined ? [] : [`# ${printable(request.name)}`];
    return [
      ...title,
      `${style("bold", request.method)} ${printable(request.url)}`,
      ...request.headers.map(([name, value]) => `${printable(name)}: ${printable(value)}`),
      ...(request.body === undefined ? [] : ["", printableLines(request.body)]),
      "",
    ].join("\n");
  });
  return `${texts.join("\n")}${answer ? `\n${answerText(answer, style)}` : ""}`;
}

function curlReport({ requests, answer }: RequestReport, style: Style): string {
  const commands = requests.map((request) =>
    [
      ...(request.name === undefined ? [] : [`# ${printable(request.name)}\n`]),
      [
        `curl${request.method === "GET" ? "" : ` --request ${request.method}`} ${shellWord(request.url)}`,
        ...request.headers.map(([name, value]) => `--header ${shellWord(`${name}: ${value}`)}`),
        ...(request.body === undefined ? [] : [`--data-raw ${shellWord(request.body)}`]),
      ].join(" \\\n  "),
      "\n",
    ].join(""),
  );
  return `${commands.join("\n")}${answer ? `\n${answerText(answer, style)}` : ""}`;
}

function answerText({ statusCode, milliseconds, mediaType, text }: Answer, style: Style): string {
  const lines = text.split(/\r\n|\r|\n/);
  const shown = lines.slice(0, ANSWER_LINES).map((line) => {
    const whole = printable(line.replaceAll("\t", "  "));
    return whole.length > ANSWER_COLUMNS ? `${whole.slice(0, ANSWER_COLUMNS)}…` : whole;
  });
  const more = lines.length - shown.length;
  const isGood = statusCode >= 200 && statusCode <= 299;
  return [
    `${style(isGood ? "green" : "red", String(statusCode))} in ${milliseconds} ms${mediaType === "" ? "" : `, ${printable(mediaType)}`}`,
    ...(text === "" ? [] : shown),
    ...(more > 0 ? [style("dim", `… ${more} more lines`)] : []),
    "",
  ].join("\n");
}

function jsonReport({
  connector,
  definition,
  requests,
  unavailable,
  answer,
}: RequestReport): string {
  const value = {
    schemaVersion: 1,
    connector,
    type: definition.type,
    requests: requests.map(({ name, isPreparation, method, url, headers, body, faults, open }) => ({
      ...(name !== undefined && { name }),
      ...(isPreparation === true && { isPreparation }),
      method,
      url,
      headers: headers.map(([header, text]) => ({ name: header, value: text })),
      ...(body !== undefined && { body }),
      faults: faults.map((fault) => without(fault, "isOfRow")),
      open,
    })),
    unavailable,
    ...(answer && { answer }),
  };
  return `${escapedJson(value, 2)}\n`;
}
