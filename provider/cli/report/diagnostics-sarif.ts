import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import { RULES } from "../../definition/validate/rule-catalogue";
import { type DefinitionDiagnostic, formatMessage } from "../../definition/file-diagnostic";
import { positionOf } from "../../definition/read/source";
import { escapedJson } from "../../json";
import { type ValidationResult } from "../../definition/validate/validate";
import { ruleHelp } from "./rule-help";

/**
 * SARIF 2.1.0, for code scanning: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifReport({ diagnostics }: ValidationResult, version: string): string {
  const used = RULES.filter(({ id }) => diagnostics.some(({ rule }) => rule === id));
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "pulumi-connectors",
            version,
            rules: used.map(({ id, severity, description }) => ({
              id,
              shortDescription: { text: description },
              ...ruleHelp(id),
              defaultConfiguration: { level: severity },
            })),
          },
        },
        // Columns count UTF-16 units, as editors do.
        columnKind: "utf16CodeUnits",
        results: diagnostics.map((diagnostic) =>
          resultOf(
            diagnostic,
            used.findIndex(({ id }) => id === diagnostic.rule),
          ),
        ),
      },
    ],
  };
  return `${escapedJson(log, 2)}\n`;
}

function resultOf(diagnostic: DefinitionDiagnostic, ruleIndex: number) {
  const { rule, severity, file, place, path } = diagnostic;
  const start = place && positionOf(place);
  const end = place && positionOf({ ...place, start: Math.max(place.start, place.end) });
  const region = start &&
    end && {
      startLine: start.line,
      startColumn: start.column,
      endLine: end.line,
      endColumn: end.line === start.line ? Math.max(end.column, start.column + 1) : end.column,
    };
  return {
    ruleId: rule,
    ...(ruleIndex >= 0 && { ruleIndex }),
    level: severity,
    message: { text: formatMessage(diagnostic) },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: uriOf(file) }, ...(region && { region }) },
        ...(path !== "" && { logicalLocations: [{ fullyQualifiedName: path }] }),
      },
    ],
  };
}

/** Relative to the root of the checkout; what lies outside is named as a file of this machine. */
function uriOf(file: string): string {
  if (isAbsolute(file)) {
    return pathToFileURL(file).href;
  }
  return file.split("/").map(encodeURIComponent).join("/");
}
