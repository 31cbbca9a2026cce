/**
 * R8 on the command line: for any fault of a definition file, no report of `validate` or
 * `plan` prints a secret that is written in it.
 */
import fc from "fast-check";
import { DefinitionError } from "../../provider/definition/file-diagnostic";
import { load } from "../../provider/definition/load";
import { validDefinitionsOf } from "../../provider/definition/plan/plan-definitions";
import { validateFiles } from "../../provider/definition/validate/validate";
import { githubReport } from "../../provider/cli/report/diagnostics-github";
import { jsonReport } from "../../provider/cli/report/diagnostics-json";
import { diagnosticsText, prettyReport } from "../../provider/cli/report/diagnostics-pretty";
import { sarifReport } from "../../provider/cli/report/diagnostics-sarif";
import { jsonRefusal } from "../../provider/cli/report/plan-json";
import { markdownRefusal } from "../../provider/cli/report/plan-markdown";
import { folderOf, removeFolders } from "../../harness/definition-folder";
import { holds } from "./generated-cases";

afterEach(removeFolders);

/** However it is cut in two, eight characters of a half show it. */
const SECRET = "zqxjzqxjzqxjzqxjzqxj";
const SHOWN = /(?:zqxj){2}|(?:qxjz){2}|(?:xjzq){2}|(?:jzqx){2}/;

const YAML = `connectors:
  scoring:
    type: DatabarConnector
    properties:
      name: Scoring
      method: post
      url: "https://me:${SECRET}@api.example.com/v1?api_key=${SECRET}"
      headers:
        Authorization: Bearer ${SECRET}
        X-Api-Key: "${SECRET}"
        Accept: application/json
      parameters: { access_token: ${SECRET}, password: ["", '${SECRET}'] }
      bodyTemplate: |
        {"token": "${SECRET}",
         "domain": "{{ domain }}"}
  awin:
    type: SupermetricsConnector
    properties:
      name: Awin
      teamId: "936506"
      configuration:
        oauth: { clientId: public, clientSecret: ${SECRET} }
        request:
          headers:
            - name: Authorization
              value: Bearer ${SECRET}
            - { name: X-Api-Key, value: "\${secrets.api_key}" }
      secrets:
        api_key: ${SECRET}
        client_secret: >-
          ${SECRET}
          ${SECRET}
`;
const JSON_TEXT = JSON.stringify(
  {
    connectors: {
      scoring: {
        type: "DatabarConnector",
        properties: {
          name: "Scoring",
          method: "post",
          url: `https://api.example.com/v1?api_key=${SECRET}`,
          headers: { Authorization: `Bearer ${SECRET}`, "X-Api-Key": SECRET },
          body: { client_secret: SECRET },
        },
      },
    },
  },
  null,
  2,
);

/** Everything that the commands print about a file. */
function printed(path: string, text: string): string {
  const from = folderOf({ [path]: text });
  const result = validateFiles(["connectors"], { from });
  const plain = (_: unknown, each: string): string => each;
  const reports = [
    prettyReport(result, plain),
    jsonReport(result),
    githubReport(result),
    sarifReport(result, "0"),
  ];
  try {
    validDefinitionsOf(load(["connectors"], { from }), undefined, from);
  } catch (error) {
    if (!(error instanceof DefinitionError)) {
      throw error;
    }
    const { message, diagnostics, secrets } = error;
    reports.push(
      diagnosticsText(diagnostics, secrets, plain),
      jsonRefusal(message, diagnostics),
      markdownRefusal(message, diagnostics),
    );
  } finally {
    removeFolders();
  }
  return reports.join("\n");
}

const isShown = (text: string): string | undefined =>
  text.split("\n").find((line) => SHOWN.test(line));

/** Positions outside of the names of keys: those say what is secret. */
function positionsIn(text: string): number[] {
  const names = [...text.matchAll(/[\w-]+(?="?: |"?:$|=)|Bearer /gm)].map(({ index, 0: name }) => [
    index,
    index + name.length,
  ]);
  return [...Array(text.length).keys()].filter(
    (at) => !names.some(([start = 0, end = 0]) => start <= at && at <= end),
  );
}

const PIECES = [
  ...Array.from(" \t\n\r:\"'{}[],&*!|>%@`#?-\\"),
  "- ",
  ": ",
  " #",
  "\n  ",
  "<<: ",
  "\u0000",
  "${",
  "${config.x}",
  "!!binary ",
  "5",
  "---\n",
];

describe.each([
  ["YAML", "connectors/a.yaml", YAML],
  ["JSON", "connectors/a.json", JSON_TEXT],
])("R8 no secret of a definition file is printed: %s", (_, path, text) => {
  const positions = positionsIn(text);
  const isName = (at: number): boolean => !positions.includes(at);

  test("as it is, and with an error in every property", () => {
    expect(isShown(printed(path, text))).toBeUndefined();
    const wrong = text.replaceAll("post", "past").replaceAll("Scoring", "");
    expect(printed(path, wrong)).toContain("must be one of get, post");
    expect(isShown(printed(path, wrong))).toBeUndefined();
  });

  test("with something inserted, replaced or left out anywhere", async () => {
    const edit = fc.record({
      at: fc.constantFrom(...positions),
      left: fc.constantFrom(0, 0, 1, 2, 9),
      piece: fc.constantFrom("", ...PIECES),
    });
    await holds(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 2 }), async (edits) => {
        fc.pre(
          !edits.some(({ at, left }) =>
            Array.from({ length: left }).some((_, by) => isName(at + by)),
          ),
        );
        const broken = edits
          .sort((one, other) => other.at - one.at)
          .reduce(
            (whole, { at, left, piece }) => whole.slice(0, at) + piece + whole.slice(at + left),
            text,
          );
        const shown = isShown(printed(path, broken));
        if (shown !== undefined) {
          throw new Error(`${shown}\n\n${broken}`);
        }
        return Promise.resolve();
      }),
      400,
    );
  });
});
