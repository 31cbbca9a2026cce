/**
 * For each rule of `validate`, a failing and a fixed example. docs/rules.md shows them; tests run
 * them.
 */

/** Files by path in a project; a single text is `connectors/example.yaml`. */
export type RuleExample = string | Readonly<Record<string, string>>;

type Examples = Readonly<
  Record<string, { readonly failing: RuleExample; readonly fixed: RuleExample }>
>;

const CONNECTOR = `connectors:
  scoring:
    type: DatabarConnector
    properties:
      name: Scoring
      method: get
      url: https://api.example.com/score
`;

/** Texts that are not valid YAML or JSON, or too large to review. */
const SYNTAX_EXAMPLES: Examples = {
  "syntax/tab": { failing: "connectors:\n\tscoring: {}\n", fixed: CONNECTOR },
  "syntax/line-end": { failing: CONNECTOR.replaceAll("\n", "\r"), fixed: CONNECTOR },
  "syntax/duplicate-key": { failing: `${CONNECTOR}      method: post\n`, fixed: CONNECTOR },
  "syntax/several-documents": { failing: `${CONNECTOR}---\n${CONNECTOR}`, fixed: CONNECTOR },
  "syntax/key": { failing: "connectors:\n  ? [a, b]\n  : {}\n", fixed: CONNECTOR },
  "syntax/alias": { failing: "connectors:\n  scoring: *base\n", fixed: CONNECTOR },
  "syntax/indent": {
    failing: "connectors:\n    scoring:\n        type: DatabarConnector\n      properties: {}\n",
    fixed: CONNECTOR,
  },
  "syntax/nested": {
    failing: "connectors:\n  scoring: type: DatabarConnector\n",
    fixed: CONNECTOR,
  },
  "syntax/missing-character": {
    failing: 'connectors:\n  scoring:\n    type: "DatabarConnector\n',
    fixed: CONNECTOR,
  },
  "syntax/quote": { failing: "connectors:\n  scoring:\n    type: @databar\n", fixed: CONNECTOR },
  "syntax/tag": {
    failing: "connectors:\n  scoring:\n    type: !databar DatabarConnector\n",
    fixed: CONNECTOR,
  },
  "syntax/merge": { failing: "connectors:\n  scoring:\n    <<: text\n", fixed: CONNECTOR },
  "syntax/number": {
    failing: CONNECTOR.replace("Scoring", "12345678901234567890"),
    fixed: CONNECTOR.replace("Scoring", '"12345678901234567890"'),
  },
  "syntax/number-form": {
    failing: `${CONNECTOR}      connectorId: 007\n`,
    fixed: `${CONNECTOR}      connectorId: 7\n`,
  },
  "syntax/value": { failing: CONNECTOR.replace("Scoring", "!!binary aGVsbG8="), fixed: CONNECTOR },
  "syntax/json": {
    failing: { "connectors/example.json": '{"connectors": {},}\n' },
    fixed: { "connectors/example.json": '{"connectors": {}}\n' },
  },
  "syntax/yaml": { failing: "connectors: &a &b {}\n", fixed: CONNECTOR },
  "syntax/too-deep": {
    failing: { "connectors/example.json": `${"[".repeat(20_000)}${"]".repeat(20_000)}` },
    fixed: { "connectors/example.json": '{"connectors": {}}\n' },
  },
  "syntax/too-large": {
    failing:
      "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]\ne: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]\nconnectors: [*e, *e, *e]\n",
    fixed: CONNECTOR,
  },
};

/** Files that cannot be read as written. */
const FILE_EXAMPLES: Examples = {
  "file/unreadable": { failing: {}, fixed: CONNECTOR },
  "file/too-large": { failing: `# ${"x".repeat(5 * 1024 * 1024)}\n`, fixed: CONNECTOR },
  "file/encoding": { failing: "\ufeff\u0000", fixed: CONNECTOR },
  "file/empty": { failing: "# nothing yet\n", fixed: CONNECTOR },
  "file/none": { failing: { "connectors/README.md": "Connectors\n" }, fixed: CONNECTOR },
  "file/include": {
    failing: `${CONNECTOR}      bodyTemplate: {$file: ../../template.txt}\n`,
    fixed: {
      "connectors/example.yaml": `${CONNECTOR.replace("method: get", "method: post")}      bodyTemplate: {$file: ./template.txt}\n`,
      "connectors/template.txt": "{}\n",
    },
  },
  "file/overlay": {
    failing: {
      "connectors/example.yaml": CONNECTOR,
      "connectors/example.prod.yaml": "connectors: {}\n",
      "connectors/example.prod.eu.yaml": "connectors: {}\n",
    },
    fixed: {
      "connectors/example.yaml": CONNECTOR,
      "connectors/example.prod.yaml": "connectors: {}\n",
      "connectors/example.prod-eu.yaml": "connectors: {}\n",
    },
  },
  "file/unused-overlay": {
    failing: {
      "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
      "Pulumi.prod.yaml": "config: {}\n",
      "connectors/example.yaml": CONNECTOR,
      "connectors/example.prd.yaml": "connectors: {scoring: {properties: {method: post}}}\n",
    },
    fixed: {
      "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
      "Pulumi.prod.yaml": "config: {}\n",
      "connectors/example.yaml": CONNECTOR,
      "connectors/example.prod.yaml": "connectors: {scoring: {properties: {method: post}}}\n",
    },
  },
  "file/stack": {
    failing: {
      "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
      "Pulumi.prod.yaml": "config:\n\tshop:key: a\n",
      "connectors/example.yaml": CONNECTOR,
    },
    fixed: {
      "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
      "Pulumi.prod.yaml": "config:\n  shop:key: a\n",
      "connectors/example.yaml": CONNECTOR,
    },
  },
  "file/stack-value": {
    failing: {
      "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
      "Pulumi.prod.yaml": "config:\n  shop:account: 0123\n",
      "connectors/example.yaml": CONNECTOR,
    },
    fixed: {
      "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
      "Pulumi.prod.yaml": 'config:\n  shop:account: "0123"\n',
      "connectors/example.yaml": CONNECTOR,
    },
  },
};

/** A definition without its properties. */
const DEFINITION_EXAMPLES: Examples = {
  "definition/shape": { failing: "connectors:\n  - scoring\n", fixed: CONNECTOR },
  "definition/key": {
    failing: CONNECTOR.replace("properties:", "name: Scoring\n    properties:"),
    fixed: CONNECTOR,
  },
  "definition/name": { failing: CONNECTOR.replace("scoring:", '"a::b":'), fixed: CONNECTOR },
  "definition/type": {
    failing: CONNECTOR.replace("DatabarConnector", "Databar"),
    fixed: CONNECTOR,
  },
  "definition/options": {
    failing: `${CONNECTOR}    options:\n      protect: "yes"\n`,
    fixed: `${CONNECTOR}    options:\n      protect: true\n`,
  },
  "definition/ignore-changes": {
    failing: `${CONNECTOR}    options:\n      ignoreChanges: [rate_limit]\n`,
    fixed: `${CONNECTOR}    options:\n      ignoreChanges: [rateLimit]\n`,
  },
  "definition/duplicate": {
    failing: { "connectors/a.yaml": CONNECTOR, "connectors/b.yaml": CONNECTOR },
    fixed: {
      "connectors/a.yaml": CONNECTOR,
      "connectors/b.yaml": CONNECTOR.replace("scoring:", "ranking:").replace("Scoring", "Ranking"),
    },
  },
  "definition/depends-on": {
    failing: `${CONNECTOR}    options:\n      dependsOn: [ranking]\n`,
    fixed: `${CONNECTOR}    options:\n      dependsOn: [ranking]\n${CONNECTOR.replace("connectors:\n", "").replace("scoring:", "ranking:").replace("Scoring", "Ranking")}`,
  },
  "definition/same-id": {
    failing: `${CONNECTOR}      connectorId: 42\n${CONNECTOR.replace("connectors:\n", "").replace("scoring:", "ranking:").replace("Scoring", "Ranking")}      connectorId: 42\n`,
    fixed: `${CONNECTOR}      connectorId: 42\n${CONNECTOR.replace("connectors:\n", "").replace("scoring:", "ranking:").replace("Scoring", "Ranking")}      connectorId: 43\n`,
  },
  "definition/same-name": {
    failing: `${CONNECTOR}${CONNECTOR.replace("connectors:\n", "").replace("scoring:", "ranking:")}`,
    fixed: `${CONNECTOR}${CONNECTOR.replace("connectors:\n", "").replace("scoring:", "ranking:").replace("Scoring", "Ranking")}`,
  },
};

const DATABAR = (...lines: readonly string[]): string => `connectors:
  scoring:
    type: DatabarConnector
    properties:
      name: Scoring
      method: post
      url: https://api.example.com/score
${lines.map((line) => `      ${line}\n`).join("")}`;

const WITHOUT = (name: string, ...lines: readonly string[]): string =>
  DATABAR(...lines).replace(new RegExp(`^ +${name}: .*\\n`, "m"), "");

const SUPERMETRICS = (...lines: readonly string[]): string => `connectors:
  awin:
    type: SupermetricsConnector
    properties:
      name: Awin
${lines.map((line) => `      ${line}\n`).join("")}`;

/** Properties that a deployment rejects. */
const PROPERTY_EXAMPLES: Examples = {
  "property/unknown": {
    failing: DATABAR("header: {Accept: text/plain}"),
    fixed: DATABAR("headers: {Accept: text/plain}"),
  },
  "property/required": { failing: WITHOUT("url"), fixed: DATABAR() },
  "property/type": { failing: DATABAR('rateLimit: "many"'), fixed: DATABAR("rateLimit: 60") },
  "property/choice": { failing: DATABAR("type: enrich"), fixed: DATABAR("type: enrichment") },
  "property/length": { failing: WITHOUT("name", 'name: ""'), fixed: DATABAR() },
  "property/range": { failing: DATABAR("rateLimit: 0"), fixed: DATABAR("rateLimit: 1") },
  "property/pattern": {
    failing: SUPERMETRICS('connectorIdentifier: "no id!"'),
    fixed: SUPERMETRICS("connectorIdentifier: T3S70"),
  },
  "property/url": { failing: WITHOUT("url", "url: api.example.com"), fixed: DATABAR() },
  "property/name": {
    failing: DATABAR('headers: {"Content Type": text/plain}'),
    fixed: DATABAR("headers: {Content-Type: text/plain}"),
  },
  "property/text": { failing: WITHOUT("name", 'name: "Two\\nlines"'), fixed: DATABAR() },
  "property/file": { failing: SUPERMETRICS("logo: ./nowhere.png"), fixed: SUPERMETRICS() },
};

/** `${…}` in texts. */
const REFERENCE_EXAMPLES: Examples = {
  "reference/unclosed": {
    failing: DATABAR('headers: {Accept: "${config.type"}'),
    fixed: DATABAR('headers: {Accept: "${config.type}"}'),
  },
  "reference/unknown-kind": {
    failing: DATABAR('headers: {Accept: "${type}"}'),
    fixed: DATABAR('headers: {Accept: "$${type}"}'),
  },
  "reference/secrets": {
    failing: DATABAR('headers: {Authorization: "${secrets.key}"}'),
    fixed: DATABAR('headers: {Authorization: "${config.key}"}'),
  },
  "reference/secret": {
    failing: SUPERMETRICS('configuration: {key: "${secrets.api_key}"}'),
    fixed: SUPERMETRICS(
      'configuration: {key: "${secrets.api_key}"}',
      'secrets: {api_key: "${config.awinKey}"}',
    ),
  },
  "reference/unused-secret": {
    failing: SUPERMETRICS("configuration: {}", 'secrets: {api_key: "${config.awinKey}"}'),
    fixed: SUPERMETRICS(
      'configuration: {key: "${secrets.api_key}"}',
      'secrets: {api_key: "${config.awinKey}"}',
    ),
  },
  "reference/config": {
    failing: {
      "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
      "Pulumi.prod.yaml": "config: {}\n",
      "connectors/example.yaml": DATABAR('headers: {Authorization: "Bearer ${config.key}"}'),
    },
    fixed: {
      "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
      "Pulumi.prod.yaml": "config:\n  shop:key: {secure: AAABAKT0…}\n",
      "connectors/example.yaml": DATABAR('headers: {Authorization: "Bearer ${config.key}"}'),
    },
  },
  "secret/clear-text": {
    failing: DATABAR("headers: {Authorization: Bearer sk-12345678}"),
    fixed: DATABAR('headers: {Authorization: "Bearer ${config.scoringKey}"}'),
  },
  "secret/mask": {
    failing: DATABAR('headers: {X-Account: "********"}'),
    fixed: DATABAR('headers: {X-Account: "${config.scoringAccount}"}'),
  },
};

/** Definitions that a vendor accepts, but that are probably a mistake. */
const VENDOR_EXAMPLES: Examples = {
  "databar/template-syntax": {
    failing: DATABAR(`bodyTemplate: '{"domain": "{{ domain"}'`),
    fixed: DATABAR(`bodyTemplate: '{"domain": "{{ domain }}"}'`),
  },
  "databar/template-variable": {
    failing: DATABAR('body: {domain: ""}', "bodyTemplate: '{{ domian }}'"),
    fixed: DATABAR('body: {domain: ""}', "bodyTemplate: '{{ domain }}'"),
  },
  "databar/get-body": {
    failing: WITHOUT("method", "method: get", 'body: {domain: ""}'),
    fixed: WITHOUT("method", "method: get", 'parameters: {domain: ""}'),
  },
  "databar/parameter-twice": {
    failing: WITHOUT("url", "url: https://api.example.com/score?lang=en", "parameters: {lang: de}"),
    fixed: DATABAR("parameters: {lang: de}"),
  },
  "databar/insecure-url": {
    failing: WITHOUT("url", "url: http://api.example.com/score"),
    fixed: DATABAR(),
  },
  "supermetrics/vocabulary": {
    failing: SUPERMETRICS("configuration: {authentication: {type: oauth}}"),
    fixed: SUPERMETRICS("configuration: {authentication: {type: oauth2}}"),
  },
  "supermetrics/placeholder": {
    failing: SUPERMETRICS('configuration: {url: "https://api.example.com/{{acount.id}}"}'),
    fixed: SUPERMETRICS('configuration: {url: "https://api.example.com/{{account.id}}"}'),
  },
  "supermetrics/url": {
    failing: SUPERMETRICS("configuration: {request: {url: api.example.com}}"),
    fixed: SUPERMETRICS("configuration: {request: {url: https://api.example.com}}"),
  },
  "supermetrics/report-type-id": {
    failing: SUPERMETRICS("configuration: {reporting: {reportTypes: [{id: ads}, {id: ads}]}}"),
    fixed: SUPERMETRICS("configuration: {reporting: {reportTypes: [{id: ads}, {id: clicks}]}}"),
  },
  "supermetrics/static-secret": {
    failing: SUPERMETRICS(
      "configuration: {secrets: {items: [{id: key, classification: secret, source: static}]}}",
    ),
    fixed: SUPERMETRICS(
      "configuration: {secrets: {items: [{id: key, classification: secret, source: encrypted}]}}",
    ),
  },
};

const EXAMPLE = (lines: string): string => `connectors:
  scoring:
    type: DatabarConnector
    properties:
      name: Scoring
      method: post
      url: https://api.example.com/score
      bodyTemplate: '{"domain": {{ domain | tojson }}}'
    examples:
      - row: {domain: acme.com}
        ${lines}
`;

const EXAMPLE_EXAMPLES: Examples = {
  "example/shape": {
    failing: EXAMPLE("body: {domain: acme.com}\n        rows: {}"),
    fixed: EXAMPLE("body: {domain: acme.com}"),
  },
  "example/request": {
    failing: EXAMPLE("body: {company: acme.com}"),
    fixed: EXAMPLE("body: {domain: acme.com}"),
  },
};

/** By the rule's id. */
export const RULE_EXAMPLES: Examples = {
  ...SYNTAX_EXAMPLES,
  ...FILE_EXAMPLES,
  ...DEFINITION_EXAMPLES,
  ...PROPERTY_EXAMPLES,
  ...REFERENCE_EXAMPLES,
  ...EXAMPLE_EXAMPLES,
  ...VENDOR_EXAMPLES,
};
