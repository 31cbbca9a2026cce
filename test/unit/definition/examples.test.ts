/** `examples` of definitions: the request for a row, checked without network. */
import { formatLocation, formatMessage } from "../../../provider/definition/file-diagnostic";
import { validateFiles } from "../../../provider/definition/validate/validate";
import { folderOf, removeFolders } from "../../../harness/definition-folder";

afterEach(removeFolders);

const SCORING = `connectors:
  scoring:
    type: DatabarConnector
    properties:
      name: Scoring
      method: post
      url: https://api.example.com/score
      headers: {Authorization: "Bearer \${config.key}", Content-Type: application/json}
      parameters: {q: "", api_key: "\${config.key}"}
      bodyTemplate: '{"domain": "{{ domain }}", "list": [1, 2]}'
    examples:
`;
const AWIN = `connectors:
  awin:
    type: SupermetricsConnector
    properties:
      name: Awin
      configuration:
        reporting:
          reportTypes:
            - {id: one, request: {url: "https://api.example.com/{{account.id}}?k=\${secrets.key}"}}
            - {id: two, request: {url: "https://api.example.com/two"}}
      secrets: {key: "\${config.key}"}
    examples:
`;

function validate(text: string): string[] {
  const from = folderOf({ "connectors/a.yaml": text });
  return validateFiles(["connectors"], { from }).diagnostics.map(
    (each) =>
      `${formatLocation(each)} ${each.severity} ${each.rule} ${formatMessage(each).replace(/\.$/, "")}`,
  );
}

test("an example that holds is silent: references stay, JSON is compared as JSON", () =>
  expect(
    validate(`${SCORING}      - name: a company
        row: {domain: acme.com, q: 1}
        method: POST
        url: https://api.example.com/score?q=1&api_key=\${config.key}
        headers: {authorization: "Bearer \${config.key}", X-None: null}
        body: {list: [1, 2], domain: acme.com}
      - row: {domain: acme.com, q: 1}
        body: '{"domain": "acme.com", "list": [1, 2]}'
`),
  ).toEqual([]));
test("each part that differs is an error at its place, with what the request has", () =>
  expect(
    validate(`${SCORING}      - row: {domain: acme.com, q: 1}
        method: get
        url: https://api.example.com/score
        headers: {Accept: text/plain, Content-Type: text/csv}
        body: {domain: acme.io, list: [1, 2]}
`),
  ).toEqual([
    "connectors/a.yaml:13:9 error example/request the request has another method: POST. Correct the definition, or what the example expects",
    "connectors/a.yaml:14:9 error example/request the request has another url: https://api.example.com/score?q=1&api_key=${config.key}. Correct the definition, or what the example expects",
    "connectors/a.yaml:15:19 error example/request the request has no header Accept. Correct the definition, or what the example expects",
    "connectors/a.yaml:15:39 error example/request the request has another header Content-Type: application/json. Correct the definition, or what the example expects",
    'connectors/a.yaml:16:9 error example/request the request has another body at domain: {"domain": "acme.com", "list": [1, 2]}. Correct the definition, or what the example expects',
  ]));
test("faults of the request show at the row", () =>
  expect(
    validate(`${SCORING}      - row: {domain: 'a "b"', qu: 1}
        method: post
`),
  ).toEqual([
    "connectors/a.yaml:12:9 warning example/request q has no value. Add it to the row",
    "connectors/a.yaml:12:9 error example/request the body is not JSON, although its header says so: the value of domain holds quotes, backslashes or line breaks. Write {{ domain | tojson }}, without quotes around it",
    "connectors/a.yaml:12:9 warning example/request the request does not use qu. Did you mean q?",
  ]));
test.each<[string, string, RegExp]>([
  ["no list", "      a: b\n", /examples must be a list/],
  ["no map", "      - x\n", /an example must be a map/],
  ["nothing expected", "      - row: {}\n", /the example expects nothing/],
  [
    "an unknown key",
    "      - {method: post, rows: {}}\n",
    /no key of this name. Did you mean row\?/,
  ],
  ["a row that is no map", "      - {method: post, row: [1]}\n", /row must be a map/],
  ["a method that is no text", "      - {method: 1}\n", /method must be text/],
  ["a report type of Databar", "      - {method: post, report: x}\n", /no report type of this id/],
])("the shape is checked: %s", (_, lines, message) => {
  const diagnostics = validate(SCORING + lines);
  expect(diagnostics).toHaveLength(1);
  expect(diagnostics[0]).toMatch(/ error example\/shape /);
  expect(diagnostics[0]).toMatch(message);
});
test("an example of a connector with several report types names one", () => {
  expect(
    validate(`${AWIN}      - {report: one, row: {account.id: 7}, url: "https://api.example.com/7?k=\${config.key}"}
      - {report: two, url: "https://api.example.com/two"}
`),
  ).toEqual([]);
  expect(validate(`${AWIN}      - {method: get}\n`)).toEqual([
    expect.stringContaining(
      "the connector has several report types. Write report with one of one, two",
    ),
  ]);
  expect(validate(`${AWIN}      - {report: tow, method: get}\n`)).toEqual([
    expect.stringContaining("no report type of this id. Known: one, two"),
  ]);
});
test("examples of a definition that is not valid are not checked", () =>
  expect(
    validate(SCORING.replace("method: post", "method: fetch") + "      - {method: get}\n"),
  ).toEqual([expect.stringContaining("property/choice")]));
test("an overlay can replace them", () => {
  const from = folderOf({
    "Pulumi.yaml": "name: x\n",
    "connectors/a.yaml": `${SCORING}      - {method: post, row: {domain: x, q: 1}}\n`,
    "connectors/a.prod.yaml":
      "connectors: {scoring: {examples: [{method: get, row: {domain: x, q: 1}}]}}\n",
  });
  const rules = (environment: string | undefined): string[] =>
    validateFiles(["connectors"], { from, environment }).diagnostics.map(({ rule }) => rule);
  expect([rules("prod"), rules("dev")]).toEqual([["example/request"], []]);
});
