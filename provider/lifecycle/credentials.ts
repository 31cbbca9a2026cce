import { isObject } from "./json";

/**
 * Names that say credential, whatever their case and separators: a value under such a name is secret even if the
 * program forgot to say so. One table for headers, query parameters, body fields and document keys.
 */
export const CREDENTIAL_NAMES: readonly RegExp[] = [
  /^(proxy-?)?authorization$/,
  /^(set-?)?cookie2?$/,
  /^(x-?)?(api|app|access|auth|account|client|consumer|developer|license|private|secret|service|session|shared|subscription)[-_.]?key$/,
  /^(x-)?key$/,
  /api[-_.]?key/,
  /(access|private|secret|shared|signing|encryption)[-_.]?key/,
  /subscription[-_.]?key/,
  /token/,
  /secret/,
  /passw(or)?d/,
  /passphrase/,
  /^(pwd|pass|pat|jwt|otp|pin|sig|auth)$/,
  /credential/,
  /signature/,
  /bearer/,
  /^x[-_]?auth/,
  /(session|csrf|xsrf)[-_.]?id$/,
  /connection[-_.]?string/,
];

/** True when a header, parameter, body field or document key of this name holds a credential. */
export function namesCredential(name: string): boolean {
  const lower = name.trim().toLowerCase();
  return CREDENTIAL_NAMES.some((pattern) => pattern.test(lower));
}

const CREDENTIAL_VALUE = /^\s*(bearer|basic|digest|token|apikey|api-key|negotiate)\s+\S/i;

/** True when a value gives itself away as a credential, under whatever name: `Bearer …`, `Basic …`. */
export function looksLikeCredential(value: string): boolean {
  return CREDENTIAL_VALUE.test(value) && !isReference(value);
}

const REFERENCE = /\$\{[^}]*\}|\{\{[^}]*\}\}/g;

/**
 * True when a text holds no value of its own: empty, or template variables and references to secrets with no more than
 * a scheme word or `name=` around them, such as `Bearer {{user.access_token}}`.
 */
export function isReference(value: string): boolean {
  const rest = value.replace(REFERENCE, "");
  if (rest === value) return value.trim() === "";
  return /^\s*([A-Za-z]+\s+)?([\w-]*\s*=\s*)?["':,;\s]*$/.test(rest);
}

/** A value's place: keys from the top-level property down. */
export type KeyPath = readonly (string | number)[];

/** Places in name → value entries that hold credentials. A list counts as a whole. */
export function credentialEntries(entries: unknown): KeyPath[] {
  if (!isObject(entries)) return [];
  return Object.entries(entries)
    .filter(([name, value]) => texts(value).some((text) => (namesCredential(name) && !isReference(text)) || looksLikeCredential(text)))
    .map(([name]) => [name]);
}

function texts(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((item): item is string => typeof item === "string");
}

/** Document keys such as `tokenJsonPath` describe a credential; only a key that *ends* in its name holds one. */
const CREDENTIAL_KEY = /(^|[a-z_-])(authorization|cookie|token|secret|password|passphrase|passwd|credential|(api|access|private|secret|signing|encryption)[-_]?key)s?$/i;

/**
 * Places in a document that hold credentials: a text under a key that ends in a credential's name, the `value` of a
 * `{name, value}` pair or of a static value source under such a name, and any `Bearer …` text. References and
 * template variables are none.
 */
export function credentialLeaves(value: unknown, key = "", path: KeyPath = []): KeyPath[] {
  if (typeof value === "string") {
    return (CREDENTIAL_KEY.test(key) && !isReference(value)) || looksLikeCredential(value) ? [path] : [];
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => credentialLeaves(item, key, [...path, index]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, item]) => {
    const named = name === "value" ? pairName(value, key) : undefined;
    return credentialLeaves(item, named ?? name, [...path, name]);
  });
}

/** What a `value` stands for: the pair's name, a secret's class, or the key that a static value source is under. */
function pairName(pair: Readonly<Record<string, unknown>>, key: string): string | undefined {
  if (pair["classification"] === "secret") return "secret";
  if (pair["source"] !== undefined) return pair["source"] === "static" ? key : undefined;
  const name = pair["name"];
  return typeof name === "string" && namesCredential(name) ? "secret" : undefined;
}

/** True when a URL carries a credential: a password in its user part, or a query parameter named like one. */
export function urlHoldsCredential(text: string): boolean {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return /[?&][^=&]*(key|token|secret|passw)[^=&]*=[^&{]/i.test(text);
  }
  if (url.password !== "") return true;
  return [...url.searchParams].some(([name, value]) => namesCredential(name) && !isReference(value));
}

/** The credentials in a URL, decoded: what a server repeats of it in its own words. */
export function urlCredentials(text: string): string[] {
  if (!/^https?:/i.test(text) || !URL.canParse(text)) return [];
  const { password, searchParams } = new URL(text);
  const values = [...searchParams].filter(([name, value]) => namesCredential(name) && !isReference(value)).map(([, value]) => value);
  return [password, ...values].filter((value) => value !== "");
}
