import { isObject, type Json } from "../../json";
import {
  looksLikeCredential,
  namesCredential,
  textCredentials,
  withoutScheme,
} from "../../model/credential-detection";
import {
  type Pairs,
  type WrittenBody,
  type WrittenCredential,
  type WrittenRequest,
} from "../../model/written-request";
import { camelCase } from "../export/extract-secrets";
import { escapeReferences } from "../references";

/** A request without credentials, and the keys that replace them. */
export interface WithoutCredentials {
  readonly request: WrittenRequest;
  readonly credentials: readonly WrittenCredential[];
  readonly notes: readonly string[];
}

/** A variable of a shell, as documentation writes it: `$DOMAIN`, `${DOMAIN}`. */
const SHELL_VARIABLE = /\$(?:\{([A-Za-z_]\w*)\}|([A-Z_][A-Z0-9_]*))/g;

/**
 * Replaces credentials by `${config.key}`, by the names that they stand under or by their form.
 * Other variables of a shell become values per row. No value of a credential is kept.
 *
 * @param prefix beginning of the keys: the name of the definition.
 */
export function replaceCredentials(request: WrittenRequest, prefix: string): WithoutCredentials {
  const credentials: WrittenCredential[] = [];
  const notes: string[] = [];
  const reference = (name: string, scheme = ""): string => {
    const key = freeKey(camelCase(`${prefix} ${name}`), credentials);
    credentials.push({ key, name });
    if (/^basic\s/i.test(scheme)) {
      notes.push(`The value of ${key} is user:password in base64.`);
    } else if (scheme !== "") {
      notes.push(`The value of ${key} does not start with ${scheme.trim()}: the file has that.`);
    }
    return `${scheme}\${config.${key}}`;
  };
  const text = (name: string, value: string): string => {
    const isCredential = value !== "" && (namesCredential(name) || looksLikeCredential(value));
    if (!isCredential) {
      return plain(value);
    }
    const secret = withoutScheme(value);
    const scheme = value.trim().slice(0, value.trim().length - secret.length);
    return reference(name, scheme);
  };
  const pairs = (list: Pairs): Pairs => list.map(([name, value]) => [name, text(name, value)]);
  const { url, headers, parameters, body } = request;
  const [address, login] = withoutLogin(url);
  return {
    request: {
      ...request,
      url: textCredentials(address).reduce(
        (shown, secret) => shown.replace(secret, () => reference("Url")),
        plain(address),
      ),
      headers: [
        ...(login ? [["Authorization", reference("Authorization", "Basic ")] as const] : []),
        ...pairs(headers),
      ],
      parameters: pairs(parameters),
      ...(body && { body: inBody(body, text) }),
    },
    credentials,
    notes,
  };
}

function inBody(body: WrittenBody, text: (name: string, value: string) => string): WrittenBody {
  switch (body.kind) {
    case "json":
      return { kind: "json", value: inJson(body.value, "", text) };
    case "form":
      return {
        kind: "form",
        fields: body.fields.map(([name, value]) => [name, text(name, value)]),
      };
    case "text":
      return { kind: "text", text: escapeReferences(body.text) };
  }
}

function inJson(value: Json, name: string, text: (name: string, value: string) => string): Json {
  if (typeof value === "string") {
    return namesCredential(name) ? text(name, value) : escapeReferences(value);
  }
  if (Array.isArray(value)) {
    return value.map((item) => inJson(item, name, text));
  }
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inJson(item, key, text)]))
    : value;
}

/** A literal text: variables of a shell become values per row, and other `${` is escaped. */
function plain(value: string): string {
  return escapeReferences(
    value.replace(
      SHELL_VARIABLE,
      (_, braced: string | undefined, bare: string | undefined) =>
        `{{${(braced ?? bare ?? "").toLowerCase()}}}`,
    ),
  );
}

/** `https://user:password@host` → `https://host`. */
function withoutLogin(url: string): readonly [url: string, hasLogin: boolean] {
  const shorter = url.replace(/^([a-z][a-z\d+.-]*:\/\/)[^/@]*@/i, "$1");
  return [shorter, shorter !== url];
}

function freeKey(wanted: string, taken: readonly WrittenCredential[]): string {
  let key = wanted;
  for (let count = 2; taken.some((each) => each.key === key); count++) {
    key = `${wanted}${count}`;
  }
  return key;
}
