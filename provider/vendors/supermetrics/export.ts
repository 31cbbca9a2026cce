import { type Adapter, type Ref } from "../../lifecycle/adapter";
import { joinPath } from "../../diagnostics";
import { eachLeaf, ExactNumber, type JsonObject } from "../../json";
import { type ExportedDefinition } from "../../model/field";
import { compact } from "../../model/state";
import { type Settings } from "../../pulumi/provider/stack-settings";
import { type RemoteSecret, type SupermetricsRemote } from "./remote";
import { type Supermetrics } from "./stage-types";
import { VOCABULARY } from "./vocabulary";

/**
 * The definition that takes a connector over as it is. Secrets stay the vendor's: their values
 * cannot be read, and to name one would be to write it.
 */
export function exportSupermetrics(
  adapter: Adapter<Supermetrics>,
  ref: Ref,
  remote: SupermetricsRemote,
  { inputs: { teamId: configured } }: Pick<Settings, "inputs">,
): ExportedDefinition {
  const { secrets = [], ...rest } = remote;
  const { inputs } = adapter.project(rest, ref, undefined);
  const properties = compact({
    ...inputs,
    teamId: ref.scope === configured ? undefined : ref.scope,
    connectorIdentifier: ref.key,
  }) as JsonObject;
  return {
    properties,
    notes: [...secretNotes(secrets), ...numberNotes(remote.configuration)],
    document: { property: "configuration", known: VOCABULARY },
  };
}

function secretNotes(secrets: readonly RemoteSecret[]): string[] {
  if (secrets.length === 0) {
    return [];
  }
  const names = secrets.map(({ name, placeholder }) => `${JSON.stringify(name)} (${placeholder})`);
  return [
    `Supermetrics keeps secrets of this connector that are not managed here: ${names.join(", ")}.`,
    "To manage one, set its value with pulumi config set --secret, write secrets: {name: ${config.key}} below",
    "properties, and ${secrets.name} in place of its placeholder in the configuration.",
  ];
}

/** The most places that a note names. */
const MOST_NAMED = 10;

function numberNotes(configuration: unknown): string[] {
  const paths: string[] = [];
  eachLeaf(configuration, (leaf, path) => {
    if (leaf instanceof ExactNumber) {
      paths.push(joinPath("configuration", ...path));
    }
  });
  const more = paths.length - MOST_NAMED;
  const named = `${paths.slice(0, MOST_NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  return paths.length === 0
    ? []
    : [
        `Numbers that JavaScript would round stand as text: ${named}.`,
        "While the digits are those that Supermetrics has, they are sent as the number; changed, or for a new",
        "connector, as text.",
      ];
}
