import { type Adapter, type Ref } from "../../lifecycle/adapter";
import { type JsonObject } from "../../json";
import { type ExportedDefinition } from "../../model/field";
import { compact } from "../../model/state";
import { type Settings } from "../../pulumi/provider/stack-settings";
import { type SupermetricsRemote } from "./remote";
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
