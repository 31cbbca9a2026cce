import { isObject } from "../json";

/**
 * Names of credentials, in any case and with any separators. A value under such a name is secret
 * even if the program does not mark it. One table for headers, query parameters, body fields and
 * document keys.
 */
const CREDENTIAL_NAMES: readonly RegExp[] = [
  /^(proxy-?)?authorization$/,
  /^(set-?)?cookie2?$/,
  /^(x-?)?(api|app|access|auth|account|client|consumer|developer|functions?|license|mashape|master|private|secret|service|session|shared|subscription|user|write)[-_.]?key$/,
  /^(x-)?key$/,
  /application[-_.]?key/,
  /^appid$/,
  /api[-_.]?key/,
  /(access|private|secret|shared|signing|encryption)[-_.]?key/,
  /subscription[-_.]?key/,
  /token/,
  /secret/,
  /passw(or)?d/,
  /passphrase/,
  /^(pwd|pass|pat|jwt|otp|pin|sig|auth)$/,
  /^(api|app|auth|db|login|user)[-_.]?pass$/,
  /credential/,
  /signature/,
  /bearer/,
  /^x[-_]?auth/,
  /(session|csrf|xsrf)[-_.]?id$/,
  /connection[-_.]?string/,
];

/**
 * Names of token counts of language models, which are not credentials. Matches names with hyphens.
 */
const COUNTS_TOKENS =
  /^(max|min|num|n|total)[-_.]([a-z]+[-_.])?tokens$|tokens?[-_.](count|limit|budget)$/;

/** Results by name: definitions repeat a few names thousands of times. */
const cache = new Map<string, boolean>();
const MAX_CACHED = 10_000;

/** True when a header, parameter, body field or document key of this name holds a credential. */
export function namesCredential(name: string): boolean {
  let isCredential = cache.get(name);
  if (isCredential === undefined) {
    isCredential = matchesCredentialName(name);
    if (cache.size >= MAX_CACHED) {
      cache.clear();
    }
    cache.set(name, isCredential);
  }
  return isCredential;
}

function matchesCredentialName(name: string): boolean {
  if (COUNTS_TOKENS.test(hyphenated(name))) {
    return false;
  }
  const lower = name.trim().toLowerCase();
  return CREDENTIAL_NAMES.some((pattern) => pattern.test(lower) || pattern.test(hyphenated(name)));
}

/** `clientSecret` → `client-secret`. */
function hyphenated(name: string): string {
  return name
    .trim()
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase();
}

/**
 * Endings of keys that describe a credential but do not hold one, such as `tokenJsonPath`, and
 * names that are too general in a document.
 */
const DESCRIPTIVE =
  /[-_](path|lifetime|types?|names?|labels?|urls?|uris?|endpoint|fields?|expiry|expires([-_]in)?|ttl|format|location|header|prefix|suffix|param(eter)?s?|exchange|response|request|method|description|title|id|source)$|^(x-)?key$|^(auth|pin|sig|pat|otp|pass)$/;

/** True when a key of a document, or a name in a template, holds a credential. */
function holdsByKey(key: string): boolean {
  return namesCredential(key) && !DESCRIPTIVE.test(hyphenated(key));
}

const SCHEME = /^\s*(bearer|basic|digest|token|apikey|api-key|negotiate)\s+(?=\S)/i;
const SCHEME_TWICE = new RegExp(`${SCHEME.source}\\1\\s+\\S`, "i");

/** True when a value looks like a credential by itself, under any name: `Bearer …`, `Basic …`. */
export function looksLikeCredential(value: string): boolean {
  return SCHEME.test(value) && !isReference(value);
}

/** The key of `Bearer key`. */
export function withoutScheme(value: string): string {
  return value.trim().replace(SCHEME, "");
}

/** True when a text names its scheme twice: `Bearer Bearer key`, where only the key was to be set. */
export function repeatsScheme(value: string): boolean {
  return SCHEME_TWICE.test(value);
}

/** Does not match brackets inside, to avoid quadratic time on a text of opening brackets. */
const REFERENCE = /\$\{[^{}]*\}|\{\{[^{}]*\}\}/g;

/**
 * True when a text holds no literal value: it is empty, or consists of template variables and
 * references to secrets with at most a scheme or `name=` around them, such as
 * `Bearer {{user.access_token}}`.
 */
export function isReference(value: string): boolean {
  const rest = value.replace(REFERENCE, "");
  if (rest === value) {
    return value.trim() === "";
  }
  return /^\s*([A-Za-z]+\s+)?([\w-]*\s*=\s*)?["':,;\s]*$/.test(rest);
}

/** Path of a value: keys from the top-level property down. */
export type KeyPath = readonly (string | number)[];

/**
 * Paths of the entries of a map from names to values that hold credentials. A list counts as a
 * whole.
 */
export function credentialEntries(entries: unknown): KeyPath[] {
  if (!isObject(entries)) {
    return [];
  }
  return Object.entries(entries)
    .filter(([name, value]) =>
      texts(value).some(
        (text) => (namesCredential(name) && !isReference(text)) || looksLikeCredential(text),
      ),
    )
    .map(([name]) => [name]);
}

function texts(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter(
    (item): item is string => typeof item === "string",
  );
}

/**
 * Paths of the credentials in a document: a text under a key that names one, the `value` of a pair
 * or of a value source under such a name, a URL that contains one, and any `Bearer …` text.
 * References and template variables do not count.
 *
 * @param concerns of which texts it is asked.
 */
export function credentialLeaves(
  value: unknown,
  concerns: (text: string) => boolean = () => true,
): KeyPath[] {
  const found: KeyPath[] = [];
  gatherCredentials(value, "", [], found, concerns);
  return found;
}

/**
 * Changes one path in place and copies it only for a result, because a document has thousands of
 * leaves.
 */
function gatherCredentials(
  value: unknown,
  key: string,
  path: (string | number)[],
  found: KeyPath[],
  concerns: (text: string) => boolean,
): void {
  if (typeof value === "string") {
    if (concerns(value) && leafHoldsCredential(value, key)) {
      found.push([...path]);
    }
    return;
  }
  const isList = Array.isArray(value);
  if (!isList && !isObject(value)) {
    return;
  }
  for (const name of Object.keys(value)) {
    const item = (value as Readonly<Record<string, unknown>>)[name];
    path.push(isList ? Number(name) : name);
    gatherCredentials(
      item,
      isList ? key : name === "value" ? pairName(value, key) : name,
      path,
      found,
      concerns,
    );
    path.pop();
  }
}

function leafHoldsCredential(text: string, key: string): boolean {
  return (
    (holdsByKey(key) && !isReference(text)) || looksLikeCredential(text) || urlHoldsCredential(text)
  );
}

/**
 * The name that decides about a `value`: that of its pair, `secret` for its class, or the key that
 * the pair is under.
 */
function pairName(pair: Readonly<Record<string, unknown>>, key: string): string {
  const { source, classification, name, id } = pair;
  // With any other source, the value is a path or the name of an input.
  if (source !== undefined && source !== "static" && source !== "encrypted") {
    return "";
  }
  const named = typeof name === "string" && namesCredential(name);
  if (classification === "secret" || named || (typeof id === "string" && holdsByKey(id))) {
    return "secret";
  }
  return key;
}

/**
 * True when a URL contains a credential: user information, or a query parameter with the name of
 * one.
 */
export function urlHoldsCredential(text: string): boolean {
  return urlCredentials(text).length > 0;
}

/** Names start at word boundaries only, to avoid quadratic time on one long word. */
const PAIR =
  /(?<![\w.-])([\w.-]+)["']?\s*[:=](?!\/\/)\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|((?:\$\{[^{}]*\}|[^\s"'&,;{}])+))/g;

/** `<password>…</password>`, with or without a namespace. */
const ELEMENT = /<([\w.:-]{1,100})(?:\s[^<>]{0,200})?>([^<>]+)<\//g;

/** A query parameter of a URL anywhere in a text. */
const QUERY = /[?&]([\w.-]{1,100})=([^\s&#"'<>]+)/g;

/** User information of a URL anywhere in a text. */
const USER = /(?<![\w+.-])[a-z][a-z\d+.-]{0,20}:\/\/([^\s/?#@"'<>]{1,500})@/gi;

/**
 * The credentials in a text: those of a URL, and in a template each value under the name of a
 * credential, except numbers and references.
 */
export function textCredentials(text: string): string[] {
  if (looksLikeCredential(text)) {
    return [text];
  }
  const pairs = [...text.matchAll(PAIR)].map(
    ([, name = "", double, single, bare]) =>
      [
        name.replace(/^[^A-Za-z]+/, ""),
        double ?? single ?? bare ?? "",
        bare !== undefined,
      ] as const,
  );
  const named = pairs.filter(
    ([name, value, isBare]) =>
      holdsByKey(name) &&
      !isReference(value) &&
      !(isBare ? /^([\d.]+|true|false|null|none)$/i : /^(true|false|null|none)?$/i).test(value),
  );
  const elements = [...text.matchAll(ELEMENT)]
    .filter(
      ([, name = "", value = ""]) => holdsByKey(name.replace(/^.*:/, "")) && !isReference(value),
    )
    .map(([, , value = ""]) => value);
  const users = [...text.matchAll(USER)].flatMap(([, user = ""]) =>
    isReference(user) ? [] : [user],
  );
  const queries = [...text.matchAll(QUERY)]
    .filter(([, name = "", value = ""]) => namesCredential(name) && !isReference(value))
    .flatMap(([, , value = ""]) => [value, decode(value)]);
  return [
    ...new Set([
      ...urlCredentials(text),
      ...queries,
      ...users,
      ...elements,
      ...named.flatMap(([, value]) => [value, unescaped(value)]),
    ]),
  ];
}

/** The value of a quoted text in a template: `a\"b` is `a"b`. */
function unescaped(value: string): string {
  try {
    return JSON.parse(`"${value}"`) as string;
  } catch {
    return value;
  }
}

/** The credentials in a URL, decoded, as a server would repeat them. */
export function urlCredentials(text: string): string[] {
  // Only a login and a query can hold one; parsing takes long.
  if (!/[?@]/.test(text) || !/^[^\s?]+:\/\/|^[^\s?]+\?[^\s?]*=/.test(text)) {
    return [];
  }
  const { username, password, searchParams } = URL.canParse(text)
    ? new URL(text)
    : {
        username: "",
        password: "",
        searchParams: new URLSearchParams(text.slice(text.indexOf("?"))),
      };
  const named = [...searchParams]
    .filter(([name]) => namesCredential(name))
    .map(([, value]) => value);
  return [decode(username), decode(password), ...named].filter(
    (value) => value !== "" && !isReference(value),
  );
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
