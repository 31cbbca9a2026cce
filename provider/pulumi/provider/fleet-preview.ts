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
  /** Whether a connector is what inputs ask for, as far as its state tells. */
  readonly isSame: (member: Member<V>, inputs: CheckedInputs) => boolean;
  /** What inputs no longer set, and the vendor keeps. */
  readonly leftAlone: (member: Member<V>, inputs: CheckedInputs) => readonly string[];
}

/** What an update does to a fleet's connectors besides writing them, as far as it is known. Pure. */
export function fleetChanges<V extends Stages>(
  { members, replaced }: FleetState<V>,
  stored: JsonObject,
  inputs: JsonObject,
  rules: MemberRules<V>,
): FleetChanges {
  const { connectors, retainOnDelete } = inputs;
  if (!isObject(connectors) || holdsUnknown(retainOnDelete)) {
    return { leaving: [], replaced: [], renamed: [], leftAlone: [], moved: new Set() };
  }
  const isRetained = retainedBy(stored, inputs);
  const wanted = memberInputs(inputs);
  const named = new Map(
    Object.keys(connectors).map((key) => {
      const known = wanted.get(key);
      return [key, known && rules.namedBy(known)] as const;
    }),
  );
  const matched = matchMembers(members, named);
  const left = [...matched.members].filter(([key]) => !named.has(key));
  const goingOn = [...matched.members].flatMap(([key, member]) => {
    const news = wanted.get(key);
    return news === undefined ? [] : [[key, member, news] as const];
  });
  return {
    leaving: [
      ...[...left, ...matched.unmatched]
        .filter(([key]) => !isRetained(key))
        .map(([key, { id, state }]) => ({ key, id, ...namesOf(state) })),
      ...[...replaced].map(([id, state]) => ({ key: state.name ?? "", id, ...namesOf(state) })),
    ],
    replaced: goingOn.flatMap(([key, member, news]) => {
      if (!rules.replaces(member, news)) {
        return [];
      }
      const by = named.get(key);
      const change = { key, id: member.id, isRetained: isRetained(key) };
      return [by === undefined ? change : { ...change, by }];
    }),
    renamed: [...wanted].flatMap(([key, news]) => {
      const isNew = !matched.members.has(key) && named.get(key) === undefined;
      const from = isNew && left.find(([, member]) => isEdited(member, news, rules));
      return from ? [{ key, from: from[0], id: from[1].id }] : [];
    }),
    leftAlone: goingOn
      .map(([key, member, news]) => ({
        name: member.state.name ?? key,
        fields: rules.leftAlone(member, news),
      }))
      .filter(({ fields }) => fields.length > 0),
    moved: new Set(
      [...matched.members]
        .filter(([key, { id }]) => members.get(key)?.id !== id)
        .map(([, { id }]) => id),
    ),
  };
}

/** Whether a new connector has the name of one that left, and would be in conflict with it. */
function isEdited<V extends Stages>(
  member: Member<V>,
  news: CheckedInputs,
  { isSame, replaces }: MemberRules<V>,
): boolean {
  const { name, onConflict } = news;
  return (
    member.written === undefined &&
    onConflict === undefined &&
    typeof name === "string" &&
    name.trim() === member.state.name?.trim() &&
    !holdsUnknown(news) &&
    !replaces(member, news) &&
    !isSame(member, news)
  );
}

function namesOf({ name, claim }: { readonly name?: string; readonly claim?: string }): {
  readonly name?: string;
  readonly claim?: string;
} {
  return { ...(name !== undefined && { name }), ...(claim !== undefined && { claim }) };
}
