/** Definitions that an editor must judge as `validate` does, beyond the examples of the rules. */

/** Files by path in a project; a single text is `connectors/example.yaml`. */
export type Files = string | Readonly<Record<string, string>>;

/** A Databar connector with more properties, and lines below them. */
export function databar(properties: readonly string[] = [], below: readonly string[] = []): string {
  return `connectors:
  scoring:
    type: DatabarConnector
    properties:
      name: Scoring
      method: post
      url: https://api.example.com/score
${[...properties.map((line) => `  ${line}`), ...below].map((line) => `    ${line}\n`).join("")}`;
}

/** A Supermetrics connector with more properties. */
export function supermetrics(...properties: readonly string[]): string {
  return `connectors:
  awin:
    type: SupermetricsConnector
    properties:
      name: Awin
${properties.map((line) => `      ${line}\n`).join("")}`;
}

/** The base file of the overlays. */
const BASE: Readonly<Record<string, string>> = {
  "connectors/example.yaml": `${databar(["headers: {Accept: text/plain}", "rateLimit: 60"], ["options: {protect: true}"])}${supermetrics(
    "configuration: {title: A}",
  ).replace("connectors:\n", "")}`,
};
const overlay = (text: string): Files => ({ ...BASE, "connectors/example.prod.yaml": text });
const included = (text: string, files: Readonly<Record<string, string>>): Files => ({
  "connectors/example.yaml": text,
  ...files,
});

/** A text of 256 characters, which are 512 UTF-16 units. */
const EMOJI = "🙂".repeat(256);

/** What `validate` takes. */
export const VALID: Readonly<Record<string, Files>> = {
  "null for every optional property of Databar": databar([
    "type: null",
    "headers: null",
    "parameters: ~",
    "body:",
    "bodyTemplate: null",
    "rateLimit: null",
    "maxConcurrency: null",
    "connectorId: null",
    "onConflict: null",
  ]),
  "null for every optional property of Supermetrics": supermetrics(
    "description: null",
    "configuration: null",
    "secrets: null",
    "logo: null",
    "teamId: null",
    "connectorIdentifier: null",
    "duplicateOf: null",
    "onConflict: null",
  ),
  "a reference in every property": `${databar([
    "type: ${config.type}",
    "headers: {Accept: '${config.accept}', X-Tag: ['a ${env.TAG}', b]}",
    "parameters: {page: 'p-${config.shop:page}'}",
    "body: {a: '${ config.a }', b: '$${literal}', c: '$$$${x}', d: '$'}",
    'bodyTemplate: \'{"key": "${config.key}"}\'',
    "rateLimit: ${config.rate}",
    "connectorId: ${config.id}",
    "onConflict: ${config.onConflict}",
  ])}${supermetrics(
    "description: '${config.a}${config.b}'",
    "configuration: {a: '${secrets.key}', b: [{c: '${config.c} $${d}'}]}",
    "secrets: {key: '${config.key}'}",
    "teamId: ${config.team}",
    "connectorIdentifier: ${config.id}",
    "duplicateOf: ${config.other}",
  ).replace("connectors:\n", "")}`,
  "a reference in place of a longer text, and in a URL": databar([
    `bodyTemplate: '${"x".repeat(2100)}\${config.rest}'`,
  ]).replace("https://api.example.com", "${config.base}"),
  "a text as long as it may be": supermetrics(`description: "${"x".repeat(1000)}"`).replace(
    "Awin",
    EMOJI.slice(0, 510),
  ),
  "templates in a URL": databar().replace(
    "https://api.example.com/score",
    '"HTTPS://{{ host }}/{{ a or b }}/{{{x}}}?q={{ q | urlencode }}&r={r}"',
  ),
  "unusual names and values of headers, parameters and fields": databar([
    "headers: {x_1~: '', 'x!': [], Accept: [a, b], Tab: \"a\\tb\"}",
    "parameters: {'company domain': [''], 'é': a, 'a.b[0]': ''}",
    "body: {__proto__: a, constructor: ''}",
  ]),
  "unusual names of connectors": databar().replace("scoring:", '"a b: é/1":'),
  "anchors and <<": `x-common: &common
  method: post
  url: https://api.example.com/score
x-headers: &headers {Accept: text/plain}
connectors:
  <<: &more
    other:
      type: DatabarConnector
      properties: {<<: *common, name: Other}
  scoring: &scoring
    type: DatabarConnector
    properties:
      <<: [*common]
      name: Scoring
      headers: {<<: *headers, X-Tag: a}
  third: {<<: *scoring, properties: {<<: *common, name: Third}}
`,
  "several parts of a file beside connectors": `$schema: ../node_modules/pulumi-connectors/schema.json\nx-note: [1, {a: null}]\n${databar()}`,
  "every option": databar(
    [],
    [
      "options:",
      "  protect: true",
      "  retainOnDelete: false",
      '  ignoreChanges: [rateLimit, headers.Accept, "[\\"url\\"]", "*", rateLimit]',
      "  aliases: []",
      "  dependsOn: []",
      "  provider: emea",
    ],
  ),
  "examples of requests": databar(
    ["bodyTemplate: '{\"domain\": {{ domain | tojson }}}'"],
    [
      "examples:",
      "  - name: a domain",
      "    row: {domain: acme.com}",
      "    method: POST",
      "    url: https://api.example.com/score",
      "    headers: {}",
      "    body: {domain: acme.com}",
      '  - {row: {domain: acme.com}, body: \'{"domain": "acme.com"}\'}',
    ],
  ),
  "a configuration of any form": supermetrics(
    "configuration:",
    "  authentication: {type: new_kind, userInputs: none, oauth2: 5}",
    "  reporting: {reportTypes: {a: 1}}",
    "  defaultResponseHandler: null",
    "  other: [1, 2.5, true, null, {a: {}}]",
  ),
  "$file for the whole file": included("$file: ../parts/all.yaml\n", {
    "parts/all.yaml": databar(),
  }),
  "$file for all connectors": included("connectors: {$file: ../parts/all.yaml}\n", {
    "parts/all.yaml": databar().replace("connectors:\n", ""),
  }),
  "$file for a connector": included("connectors: {scoring: {$file: ../parts/one.yaml}}\n", {
    "parts/one.yaml": `type: DatabarConnector
properties: {name: Scoring, method: get, url: "https://api.example.com/"}
`,
  }),
  "$file for every part of a connector": included(
    `connectors:
  scoring:
    type: {$file: ../parts/type.txt}
    properties: {$file: ../parts/properties.yaml}
    options: {$file: ../parts/options.yaml}
    examples: {$file: ../parts/examples.yaml}
`,
    {
      "parts/type.txt": "DatabarConnector\n",
      "parts/properties.yaml": "{name: Scoring, method: get, url: 'https://api.example.com/'}\n",
      "parts/options.yaml": "protect: true\n",
      "parts/examples.yaml": "- {row: {}, method: get}\n",
    },
  ),
  "$file for every property of Databar": included(
    `connectors:
  scoring:
    type: DatabarConnector
    properties:
      name: {$file: ../parts/name.txt}
      type: {$file: ../parts/type.txt}
      method: {$file: ../parts/method.txt}
      url: {$file: ../parts/url.txt}
      headers: {$file: ../parts/map.yaml}
      parameters: {$file: ../parts/map.yaml}
      body: {$file: ../parts/map.yaml}
      rateLimit: {$file: ../parts/number.yaml}
      maxConcurrency: {$file: ../parts/number.yaml}
      onConflict: {$file: ../parts/conflict.txt}
    options:
      protect: {$file: ../parts/true.yaml}
      ignoreChanges: {$file: ../parts/list.yaml}
      aliases: [{$file: ../parts/name.txt}]
      provider: {$file: ../parts/name.txt}
`,
    {
      "parts/name.txt": "Scoring\n",
      "parts/type.txt": "enrichment\n",
      "parts/method.txt": "post\n",
      "parts/url.txt": "https://api.example.com/score\n",
      "parts/map.yaml": "A: a\n",
      "parts/number.yaml": "60\n",
      "parts/conflict.txt": "create\n",
      "parts/true.yaml": "true\n",
      "parts/list.yaml": "[rateLimit]\n",
    },
  ),
  "$file within properties": included(
    `${supermetrics(
      "description: {$file: ../parts/text.txt}",
      "configuration:",
      "  title: {$file: ../parts/text.txt}",
      "  reporting: {$file: ../parts/document.json}",
      "  other: [{$file: ../parts/document.json}]",
      "  key: ${secrets.key}",
      "secrets: {key: {$file: ../parts/reference.txt}}",
    )}${databar([
      "headers: {Accept: {$file: ../parts/text.txt}, X-Tag: [a, {$file: ../parts/text.txt}]}",
      "bodyTemplate: {$file: ../parts/text.txt}",
    ]).replace("connectors:\n", "")}    examples:
      - row: {$file: ../parts/document.json}
        body: {$file: ../parts/text.txt}
`,
    {
      "parts/text.txt": "A text\n",
      "parts/document.json": "{}\n",
      "parts/reference.txt": "${config.key}\n",
    },
  ),
  "an overlay without type": overlay(`connectors:
  scoring:
    properties: {rateLimit: 300, headers: {X-Tag: a}}
    options: {retainOnDelete: true}
  awin:
    properties: {description: In production, configuration: {title: B}}
`),
  "an overlay that removes": overlay(`connectors:
  awin: null
  scoring:
    properties: {headers: {Accept: null}, rateLimit: null}
    options: {protect: null}
    examples: null
`),
  "an overlay that removes whole parts, and adds a connector": overlay(`connectors:
  scoring: {options: null, properties: {headers: null}}
  new:
    type: SupermetricsConnector
    properties: {name: New, description: null}
`),
  "an overlay with a file": {
    ...BASE,
    "connectors/example.prod.yaml":
      "connectors: {awin: {properties: {configuration: {$file: ../parts/prod.json}}}}\n",
    "parts/prod.json": "{}\n",
  },
  "an overlay with no connector": overlay("x-note: nothing differs\n"),
};

/** What `validate` faults, and the editor on the same line. */
export const INVALID: Readonly<Record<string, Files>> = {
  "a connector without a type": databar().replace("    type: DatabarConnector\n", ""),
  "a connector that is null": "connectors:\n  scoring:\n",
  "null for a required property": databar().replace("Scoring", ""),
  "null for a header": databar(["headers:", "  Accept:"]),
  "null for an option": databar([], ["options:", "  protect:"]),
  "a number where a text must be": databar().replace("name: Scoring", "name: 2024"),
  "a text where a number must be": databar(['rateLimit: "60"']),
  "a map where a text must be": databar().replace("https://api.example.com/score", "{a: b}"),
  "a list where a map must be": databar(["headers: [Accept]"]),
  "a number in a header": databar(["headers:", "  X-Count: 1"]),
  "a number in a list of a header": databar(["headers: {X-Count: ['1', 2]}"]),
  "a text in place of a list of options": databar([], ["options: {dependsOn: scoring}"]),
  "a name of another property": databar(["rate_limit: 60"]),
  "a property of the other vendor": databar(['teamId: "1"']),
  "an unknown choice": databar(["onConflict: replace"]),
  "a blank name": databar().replace("Scoring", '" "'),
  "a name that is too long": databar().replace("Scoring", `"${EMOJI}x"`),
  "a URL with a space": databar().replace("/score", "/a b"),
  "a URL without its scheme": databar().replace("https://", "//"),
  "a URL without a host": databar().replace("https://api.example.com/", "https:///"),
  "a URL with a line end": databar().replace("https://api", "|\n        https://api"),
  "a header's value with a line end": databar([
    "headers:",
    "  Authorization: |",
    "    Bearer ${env.KEY}x",
  ]).replace("${env.KEY}", ""),
  "a parameter without a name": databar(["parameters:", '  "": a']),
  "a connector without a name": databar().replace("scoring:", '" ":'),
  "a team that is no number": supermetrics('teamId: "0x1"'),
  "a secret without a value": supermetrics("secrets:", '  key: ""'),
  "a secret without a name": supermetrics("secrets:", '  "": "${config.key}"'),
  "a reference of an unknown kind": databar(["body:", "  a: ${stack.key}"]),
  "a reference that is not closed, in a configuration": supermetrics(
    "configuration:",
    "  a: [x, '${secrets.key']",
  ),
  "a secret's reference outside of a configuration": supermetrics("description: '${secrets.key}'"),
  "$file with other keys": databar(["headers: {$file: ./a.yaml, Accept: a}"]),
  "$file with other keys, for a connector":
    "connectors:\n  scoring: {$file: ./a.json, type: DatabarConnector}\n",
  "$file that is not a text": databar(["headers: {$file: 5}"]),
  "an example with an unknown key": databar(
    [],
    ["examples:", "  - row: {}", "    method: post", "    status: 200"],
  ),
  "an example that expects nothing": databar([], ["examples:", "  - row: {}"]),
  "an overlay with an unknown property": overlay(
    "connectors:\n  scoring:\n    properties:\n      ratelimit: 5\n",
  ),
  "an overlay with a value of another type": overlay(
    "connectors:\n  scoring:\n    properties:\n      rateLimit: many\n",
  ),
};
