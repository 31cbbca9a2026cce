import { type Adapter, type Ref } from "../../lifecycle/adapter";
import { isSafeNumber, type JsonObject } from "../../json";
import { type ExportedDefinition } from "../../model/field";
import { compact } from "../../model/state";
import { type DatabarRemote } from "./remote";
import { type Databar } from "./stage-types";

/**
 * The definition that takes a connector over as it is. While a template is set, Databar makes
 * `body` of it.
 */
export function exportDatabar(
  adapter: Adapter<Databar>,
  ref: Ref,
  remote: DatabarRemote,
): ExportedDefinition {
  const { inputs } = adapter.project(remote, ref, undefined);
  const body = inputs.bodyTemplate === undefined ? inputs.body : undefined;
  // As text, an id that JavaScript would round is refused instead of naming another connector.
  const connectorId = isSafeNumber(Number(ref.key)) ? Number(ref.key) : ref.key;
  const properties = compact({ ...inputs, body, connectorId }) as JsonObject;
  return { properties, notes: [] };
}
