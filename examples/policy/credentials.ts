import { type Connector, entriesOf, known, type Text, textsOf } from "./connectors";
import { type Rule } from "./rule";
import { addressesOf, join } from "./rules";

/**
 * Credentials where the package does not encrypt them, or where the vendor shows them. Policies see
 * secrets in clear and cannot tell that a program marked one. Therefore the rule goes by place:
 * `headers`, `parameters` and `body` encrypt values under the name of a credential, `secrets`
 * encrypts everything.
 */
export const credentials: Rule<{ encryptedNames: string[] }> = {
  name: "connector-credentials",
  description: "No credential is stored, shown or sent in clear text.",
  settings: {
    encryptedNames: {
      type: "array",
      items: { type: "string" },
      description:
        "Further names of headers, parameters and body fields that the program encrypts.",
    },
  },
  defaults: { encryptedNames: [] },
  problems: ({ connectors }, { encryptedNames }) =>
    connectors.flatMap((connector) => [
      ...addressesOf(connector).flatMap(({ at, url }) => unsafeUrl(at, url)),
      ...clearTexts(connector, encryptedNames).map(
        ({ path }) => `${join(connector.at, ...path)}: holds a credential. ${fix(connector, path)}`,
      ),
    ]),
};

/** Keys as their issuers write them. */
const KEYS: readonly RegExp[] = [
  /\b[sr]k[-_][\w-]{20,}/,
  /\b(gh[pousr]_|github_pat_|glpat-)\w{20,}/,
  /\bxox[a-z]-[\w-]{20,}/,
  /\b(AKIA|ASIA)[0-9A-Z]{16}\b/,
  /\bAIza[\w-]{35}/,
  /\bSG\.[\w-]{16,}\.[\w-]{16,}/,
  /\bshp(at|ss|ca)_\w{20,}/,
  /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
];

/** Names whose values the package encrypts; a subset of its own table. */
const CREDENTIAL_NAME =
  /authorization|cookie|token|secret|passw(or)?d|credential|signature|(api|access|auth|private|client|subscription)[-_]?key|^(x-)?key$/i;

const MAPS = ["headers", "parameters", "body"];

function clearTexts({ properties }: Connector, encryptedNames: readonly string[]): Text[] {
  const isEncrypted = ({ path: [property = "", name = ""] }: Text): boolean =>
    property === "secrets" ||
    (MAPS.includes(property) && (CREDENTIAL_NAME.test(name) || encryptedNames.includes(name)));
  const keys = textsOf(properties).filter(
    (text) => !isEncrypted(text) && KEYS.some((key) => key.test(text.text)),
  );
  return [...keys, ...literalSecrets(known(properties, "configuration"), ["configuration"])];
}

/** Items of a configuration that call themselves secret and have a literal value. */
function literalSecrets(value: unknown, path: readonly string[]): Text[] {
  const entries = entriesOf(value);
  const own = Object.fromEntries(entries);
  return [
    ...(own["classification"] === "secret" &&
    typeof own["value"] === "string" &&
    !/^\s*(\$\{.*\}|\{\{.*\}\})?\s*$/.test(own["value"]) &&
    !KEYS.some((key) => key.test(String(own["value"])))
      ? [{ path: [...path, "value"], text: own["value"] }]
      : []),
    ...entries.flatMap(([key, item]) => literalSecrets(item, [...path, key])),
  ];
}

function unsafeUrl(at: string, url: string): string[] {
  const { protocol, username, password, searchParams } = URL.canParse(url)
    ? new URL(url)
    : { protocol: "", username: "", password: "", searchParams: new URLSearchParams() };
  const named = [...searchParams].some(
    ([name, value]) => CREDENTIAL_NAME.test(name) && !/^(\{\{.*\}\}|\$\{.*\})?$/.test(value),
  );
  return [
    ...(protocol === "http:" ? [`${at}: sends requests unencrypted. Use https.`] : []),
    ...(username + password !== "" || named
      ? [`${at}: contains a credential. Write it as a header or a parameter.`]
      : []),
  ];
}

function fix({ vendor }: Connector, [property = "", name = ""]: readonly string[]): string {
  if (vendor === "supermetrics") {
    return "Write it under secrets, and ${secrets.name} in its place.";
  }
  return MAPS.includes(property)
    ? `If the program marks it secret, list ${name} in encryptedNames of this policy.`
    : "Write it as a header, a parameter or a body field with the name of a credential.";
}
