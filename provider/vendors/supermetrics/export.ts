import { type Adapter, type Ref } from "../../lifecycle/adapter";
import { type ExportedDefinition } from "../../model/field";
import { without } from "../../model/state";
import { type Settings } from "../../pulumi/provider/settings";
import { type SupermetricsRemote } from "./remote";
import { VOCABULARY } from "./vocabulary";

/**
 * The definition that takes a connector over as it is. Secrets stay the vendor's: their values cannot be read, and to
 * name one would be to write it.
 */
export function exportSupermetrics(
  adapter: Adapter<SupermetricsRemote>,
  ref: Ref,
  remote: SupermetricsRemote,
  { inputs: own }: Pick<Settings, "inputs">,
): ExportedDefinition {
  const { secrets = [], ...rest } = remote;
  const { inputs } = adapter.project(rest, ref, undefined);
  const properties = {
    ...(ref.scope === own["teamId"] ? without(inputs, "teamId") : inputs),
    connectorIdentifier: ref.key,
  };
  const names = secrets.map(({ name, placeholder }) => `${JSON.stringify(name)} (${placeholder})`);
  const notes = [
    `Supermetrics keeps secrets of this connector that are not managed here: ${names.join(", ")}.`,
    "To manage one, set its value with pulumi config set --secret, write secrets: {name: ${config.key}} below",
    "properties, and ${secrets.name} in place of its placeholder in the configuration.",
  ];
  return {
    properties,
    notes: names.length === 0 ? [] : notes,
    document: { property: "configuration", known: VOCABULARY },
  };
}
