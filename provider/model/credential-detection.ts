import { isObject } from "../json";

/**
 * Names that say credential, whatever their case and separators: a value under such a name is secret even if the
 * program forgot to say so. One table for headers, query parameters, body fields and document keys.
 */
export const CREDENTIAL_NAMES: readonly RegExp[] = [
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

/** How many tokens of text a language model may take or give: no credential. On the name in hyphens. */
const COUNTS_TOKENS =
  /^(max|min|num|n|total)[-_.]([a-z]+[-_.])?tokens$|tokens?[-_.](count|limit|budget)$/;

/** Judged once each: definitions repeat few names thousands of times. */
const judged = new Map<string, boolean>();
const MOST_JUDGED = 10_000;

/** True when a header, parameter, body field or document key of this name holds a credential. */
export function namesCredential(name: string): boolean {
  let verdict = judged.get(name);
  if (verdict === undefined) {
    verdict = judgeName(name);
    if (judged.size >= MOST_JUDGED) {
      judged.clear();
    }
    judged.set(name, verdict);
  }
  return verdict;
}

function judgeName(name: string): boolean {
  if (COUNTS_TOKENS.test(hyphened(name))) {
    return false;
  }
  const lower = name.trim().toLowerCase();
  return CREDENTIAL_NAMES.some((pattern) => pattern.test(lower) || pattern.test(hyphened(name)));
}

/** `clientSecret` → `client-secret`. */
function hyphened(name: string): string {
  return name
    .trim()
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase();
}

/** Endings of keys that describe a credential instead of holding one, such as `tokenJsonPath`, and words too general for a document. */
const DESCRIBES =
  /[-_](path|lifetime|types?|names?|labels?|urls?|uris?|endpoint|fields?|expiry|expires([-_]in)?|ttl|format|location|header|prefix|suffix|param(eter)?s?|exchange|response|request|method|description|title|id|source)$|^(x-)?key$|^(auth|pin|sig|pat|otp|pass)$/;

/** True when a key of a document, or a name in a template, holds a credential. */
function holdsByKey(key: string): boolean {
  return namesCredential(key) && !DESCRIBES.test(hyphened(key));
}

const SCHEME = /^\s*(bearer|basic|digest|token|apikey|api-key|negotiate)\s+(?=\S)/i;

/** True when a value gives itself away as a credential, under whatever name: `Bearer …`, `Basic …`. */
export function looksLikeCredential(value: string): boolean {
  return SCHEME.test(value) && !isReference(value);
}

/** The key of `Bearer key`. */
export function withoutScheme(value: string): string {
  return value.trim().replace(SCHEME, "");
}

/** No bracket within: a text of nothing but openings would take the square of its length. */
const REFERENCE = /\$\{[^{}]*\}|\{\{[^{}]*\}\}/g;

/**
 * True when a text holds no value of its own: empty, or template variables and references to secrets with no more than
 * a scheme word or `name=` around them, such as `Bearer {{user.access_token}}`.
 */
export function isReference(value: string): boolean {
  const rest = value.replace(REFERENCE, "");
  if (rest === value) {
    return value.trim() === "";
  }
  return /^\s*([A-Za-z]+\s+)?([\w-]*\s*=\s*)?["':,;\s]*$/.test(rest);
}

/** A value's place: keys from the top-level property down. */
export type KeyPath = readonly (string | number)[];

/** Places in name → value entries that hold credentials. A list counts as a whole. */
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
 * Places in a document that hold credentials: a text under a key that names one, the `value` of a pair or of a value
 * source under such a name, a URL with one in it, and any `Bearer …` text. References and template variables are none.
 */
export function credentialLeaves(value: unknown): KeyPath[] {
  const found: KeyPath[] = [];
  gatherCredentials(value, "", [], found);
  return found;
}

/** A document has thousands of leaves: the one path changes on the way, and is copied where there is something. */
function gatherCredentials(
  value: unknown,
  key: string,
  path: (string | number)[],
  found: KeyPath[],
): void {
  if (typeof value === "string") {
    if (leafHoldsCredential(value, key)) {
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
    );
    path.pop();
  }
}

function leafHoldsCredential(text: string, key: string): boolean {
  return (
    (holdsByKey(key) && !isReference(text)) || looksLikeCredential(text) || urlHoldsCredential(text)
  );
}

/** What a `value` stands for: the pair's name, a secret's class, or the key that the pair is under. */
function pairName(pair: Readonly<Record<string, unknown>>, key: string): string {
  const { source, classification, name, id } = pair;
  // Of any other source, the value is a path or the name of an input.
  if (source !== undefined && source !== "static" && source !== "encrypted") {
    return "";
  }
  const named = typeof name === "string" && namesCredential(name);
  if (classification === "secret" || named || (typeof id === "string" && holdsByKey(id))) {
    return "secret";
  }
  return key;
}

/** True when a URL carries a credential: in its user part, or in a query parameter named like one. */
export function urlHoldsCredential(text: string): boolean {
  return urlCredentials(text).length > 0;
}

/** A name begins where a word does: tried at each letter, one long word would take the square of its length. */
const PAIR =
  /(?<![\w.-])([\w.-]+)["']?\s*[:=]\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|((?:\$\{[^{}]*\}|[^\s"'&,;{}])+))/g;

/** `<password>…</password>`, with or without a namespace. */
const ELEMENT = /<([\w.:-]{1,100})(?:\s[^<>]{0,200})?>([^<>]+)<\//g;

/** The user part of a URL anywhere in a text. */
const USER = /(?<![\w+.-])[a-z][a-z\d+.-]{0,20}:\/\/([^\s/?#@"'<>]{1,500})@/gi;

/**
 * The credentials in a text: in a URL, its own; in a template, each value, other than a number or a reference, under a
 * name that says so.
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
  return [
    ...new Set([
      ...urlCredentials(text),
      ...users,
      ...elements,
      ...named.flatMap(([, value]) => [value, unescaped(value)]),
    ]),
  ];
}

/** What a template's text in quotes stands for: `a\"b` for `a"b`. */
function unescaped(value: string): string {
  try {
    return JSON.parse(`"${value}"`) as string;
  } catch {
    return value;
  }
}

/** The credentials in a URL, decoded: what a server repeats of it in its own words. */
export function urlCredentials(text: string): string[] {
  if (
    !(text.includes("://") || text.includes("?")) ||
    !/^[^\s?]+:\/\/|^[^\s?]+\?[^\s?]*=/.test(text)
  ) {
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
