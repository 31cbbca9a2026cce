import { type Adapter, type Ref } from "../../lifecycle/adapter";
import { type ExportedDefinition } from "../../model/field";
import { without } from "../../model/state";
import { type DatabarRemote } from "./api";

/** The definition that takes a connector over as it is. While a template is set, Databar makes `body` of it. */
export function exportDatabar(
  adapter: Adapter<DatabarRemote>,
  ref: Ref,
  remote: DatabarRemote,
): ExportedDefinition {
  const { inputs } = adapter.project(remote, ref, undefined);
  const properties = inputs["bodyTemplate"] === undefined ? inputs : without(inputs, "body");
  return { properties: { ...properties, connectorId: Number(ref.key) }, notes: [] };
}
