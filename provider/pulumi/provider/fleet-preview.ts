import { type FleetState, matchMembers, type Member } from "../../lifecycle/fleet";
import { isObject, type JsonObject } from "../../json";
import { type CheckedInputs, type Stages } from "../../model/state";
import { holdsUnknown } from "../../model/unknown";
import { memberInputs, retainedBy } from "./fleet-state";
import { type FleetChanges } from "./preview-notice";

/** What the vendor's side of a fleet decides about a definition. */
export interface MemberRules<V extends Stages> {
  /** Id of the connector that a definition names, as far as it is known. */
  readonly namedBy: (inputs: CheckedInputs) => string | undefined;
  /** Whether inputs ask for another connector than the one that is there. */
  readonly replaces: (member: Member<V>, inputs: CheckedInputs) => boolean;
}

/** What an update does to a fleet's connectors besides writing them, as far as it is known. Pure. */
export function fleetChanges<V extends Stages>(
  { members, replaced }: FleetState<V>,
  stored: JsonObject,
  inputs: JsonObject,
  { namedBy, replaces }: MemberRules<V>,
): FleetChanges {
  const { connectors, retainOnDelete } = inputs;
  if (!isObject(connectors) || holdsUnknown(retainOnDelete)) {
    return { leaving: [], replaced: [] };
  }
  const isRetained = retainedBy(stored, inputs);
  const wanted = memberInputs(inputs);
  const named = new Map(
    Object.keys(connectors).map((key) => {
      const known = wanted.get(key);
      return [key, known && namedBy(known)] as const;
    }),
  );
  const matched = matchMembers(members, named);
  const left = [...matched.members].filter(([key]) => !named.has(key));
  return {
    leaving: [
      ...[...left, ...matched.unmatched]
        .filter(([key]) => !isRetained(key))
        .map(([key, { id, state }]) => ({ key, id, ...namesOf(state) })),
      ...[...replaced].map(([id, state]) => ({ key: state.name ?? "", id, ...namesOf(state) })),
    ],
    replaced: [...matched.members].flatMap(([key, member]) => {
      const news = wanted.get(key);
      if (news === undefined || !replaces(member, news)) {
        return [];
      }
      const by = named.get(key);
      const change = { key, id: member.id, isRetained: isRetained(key) };
      return [by === undefined ? change : { ...change, by }];
    }),
  };
}

function namesOf({ name, claim }: { readonly name?: string; readonly claim?: string }): {
  readonly name?: string;
  readonly claim?: string;
} {
  return { ...(name !== undefined && { name }), ...(claim !== undefined && { claim }) };
}
