import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { split } from "shlex";
import { type Pairs, type WrittenBody, type WrittenRequest } from "../../model/written-request";
import { NewError } from "./new-error";
import { formFields, readBody } from "./read-body";

const VALUE = { type: "string", multiple: true } as const;
const FLAG = { type: "boolean", multiple: true } as const;
const short = <T extends object>(option: T, letter: string): T & { readonly short: string } => ({
  ...option,
  short: letter,
});

/** Options of curl that say what the request is. */
const MEANINGFUL = {
  request: short(VALUE, "X"),
  header: short(VALUE, "H"),
  url: VALUE,
  data: short(VALUE, "d"),
  "data-ascii": VALUE,
  "data-raw": VALUE,
  "data-binary": VALUE,
  "data-urlencode": VALUE,
  json: VALUE,
  form: short(VALUE, "F"),
  "form-string": VALUE,
  "upload-file": short(VALUE, "T"),
  get: short(FLAG, "G"),
  head: short(FLAG, "I"),
  user: short(VALUE, "u"),
  "oauth2-bearer": VALUE,
  "user-agent": short(VALUE, "A"),
  referer: short(VALUE, "e"),
  cookie: short(VALUE, "b"),
} as const;

/** Options that say how curl sends, or what it prints. */
const IGNORED = {
  ...Object.fromEntries(
    [
      ["silent", "s"],
      ["show-error", "S"],
      ["location", "L"],
      ["include", "i"],
      ["verbose", "v"],
      ["insecure", "k"],
      ["fail", "f"],
      ["remote-name", "O"],
      ["no-buffer", "N"],
      ["globoff", "g"],
      ["progress-bar", "#"],
    ].map(([name = "", letter = ""]) => [name, short(FLAG, letter)]),
  ),
  ...Object.fromEntries(
    [
      ["output", "o"],
      ["write-out", "w"],
      ["max-time", "m"],
      ["proxy", "x"],
      ["cookie-jar", "c"],
    ].map(([name = "", letter = ""]) => [name, short(VALUE, letter)]),
  ),
  ...Object.fromEntries(
    ["compressed", "http1.1", "http2", "no-progress-meter", "fail-with-body", "basic"].map(
      (name) => [name, FLAG],
    ),
  ),
  ...Object.fromEntries(
    ["connect-timeout", "retry", "retry-delay", "cacert", "max-redirs"].map((name) => [
      name,
      VALUE,
    ]),
  ),
} as const;

const DATA: readonly string[] = [
  ...["data", "data-ascii", "data-raw", "data-binary", "data-urlencode", "json"],
];

/** The options of a command, in their order. */
interface Options {
  readonly urls: readonly string[];
  readonly given: readonly (readonly [name: string, value: string])[];
}

/** What curl would send. Throws {@link NewError}. */
export function requestOfCurl(command: string): WrittenRequest {
  const { urls, given } = optionsOf(command);
  const all = (name: string): string[] =>
    given.flatMap(([each, value]) => (each === name ? [value] : []));
  const unsupported = ["form", "form-string", "upload-file"].find((name) => all(name).length > 0);
  if (unsupported !== undefined) {
    throw new NewError(
      `the command uploads a file or a form (--${unsupported}), which no connector does`,
    );
  }
  const [url, query] = splitUrl(onlyUrl([...urls, ...all("url")]));
  const data = given
    .filter(([name]) => DATA.includes(name))
    .map(([name, value]) => dataOf(name, value));
  const inQuery = all("get").length > 0;
  const headers = headersOf(given);
  const isJson = all("json").length > 0;
  const body =
    data.length === 0 || inQuery
      ? undefined
      : readBody(data.join(isJson ? "" : "&"), isJson ? "application/json" : mediaTypeOf(headers));
  const byDefault = all("head").length > 0 ? "HEAD" : body ? "POST" : "GET";
  return {
    method: all("request").at(-1) ?? byDefault,
    url,
    parameters: [...formFields(query), ...(inQuery ? data.flatMap(formFields) : [])],
    headers: withMediaType(headers, body, isJson),
    ...(body && { body }),
  };
}

function mediaTypeOf(headers: Pairs): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === "content-type")?.[1];
}

function onlyUrl(urls: readonly string[]): string {
  const [url, ...others] = urls;
  if (url === undefined) {
    throw new NewError("the command has no URL");
  }
  if (others.length > 0) {
    // A part of a header without quotes counts as a URL too, and can be a credential.
    throw new NewError(
      `the command has ${String(urls.length)} URLs. Put a text with spaces, such as a header, in quotes`,
    );
  }
  return url;
}

function optionsOf(command: string): Options {
  let words: string[];
  try {
    // A trailing `^` or `` ` `` continues a line on Windows.
    words = split(command.replace(/[\^`]\r?\n/g, " ").replace(/^\s*[$>]\s+/, ""));
  } catch {
    throw new NewError("the command has a quote that is not closed");
  }
  const start = words.findIndex((word) => /(^|[\\/])curl(\.exe)?$/i.test(word));
  if (start < 0) {
    throw new NewError("the command does not start with curl");
  }
  const end = words.findIndex(
    (word, index) => index > start && /^([|;]|&&|\|\||\d?>>?)$/.test(word),
  );
  const args = words.slice(start + 1, end < 0 ? undefined : end);
  try {
    const { tokens } = parseArgs({
      args,
      options: { ...IGNORED, ...MEANINGFUL },
      allowPositionals: true,
      tokens: true,
    });
    return {
      urls: tokens.flatMap((token) => (token.kind === "positional" ? [token.value] : [])),
      given: tokens.flatMap((token) =>
        token.kind === "option" ? [[token.name, token.value ?? ""] as const] : [],
      ),
    };
  } catch (error) {
    const option = /'(--?[^\s',]+)/.exec(String(error))?.[1];
    throw new NewError(
      `the command has an option of curl that is not known here${option === undefined ? "" : `: ${option}`}. Leave it out if it does not change the request`,
    );
  }
}

/** The URL without its query, and the query. */
function splitUrl(address: string): readonly [url: string, query: string] {
  const whole =
    /^[a-z][a-z\d+.-]*:\/\//i.test(address) || /^[{$]/.test(address)
      ? address
      : `https://${address}`;
  const [, url = whole, query = ""] = /^([^?#]*)(?:\?([^#]*))?/.exec(whole) ?? [];
  return [url, query];
}

function headersOf(given: Options["given"]): Pairs {
  return given.flatMap(([name, value]): Pairs => {
    switch (name) {
      case "header": {
        const at = value.indexOf(":");
        const header = value.slice(0, at).trim();
        return at < 1 || DROPPED.includes(header.toLowerCase())
          ? []
          : [[header, value.slice(at + 1).trim()]];
      }
      case "user":
        return [["Authorization", `Basic ${Buffer.from(value).toString("base64")}`]];
      case "oauth2-bearer":
        return [["Authorization", `Bearer ${value}`]];
      case "user-agent":
        return [["User-Agent", value]];
      case "referer":
        return [["Referer", value]];
      case "cookie":
        return [["Cookie", value]];
      default:
        return [];
    }
  });
}

/** Headers that the connection decides. */
const DROPPED: readonly string[] = [
  ...["host", "connection", "content-length", "accept-encoding", "transfer-encoding"],
];

function dataOf(option: string, value: string): string {
  if (option === "data-urlencode") {
    const at = value.indexOf("=");
    return at < 0
      ? encodeURIComponent(value)
      : `${value.slice(0, at + 1)}${encodedText(value.slice(at + 1))}`;
  }
  if (option === "data-raw" || !value.startsWith("@")) {
    return value;
  }
  try {
    const text = readFileSync(value.slice(1), "utf8");
    return option === "data" || option === "data-ascii" ? text.replace(/[\r\n]/g, "") : text;
  } catch {
    throw new NewError(`the command sends the file ${value.slice(1)}, which cannot be read here`);
  }
}

function encodedText(text: string): string {
  return text.includes("{{") ? text : encodeURIComponent(text);
}

/** What curl adds by itself; JSON is sent as JSON, because documentation means it so. */
function withMediaType(headers: Pairs, body: WrittenBody | undefined, isJson: boolean): Pairs {
  const has = (name: string): boolean => headers.some(([each]) => each.toLowerCase() === name);
  const mediaType =
    body?.kind === "json" ? "application/json" : "application/x-www-form-urlencoded";
  return [
    ...headers,
    ...(body && !has("content-type") ? [["Content-Type", mediaType] as const] : []),
    ...(isJson && !has("accept") ? [["Accept", "application/json"] as const] : []),
  ];
}
