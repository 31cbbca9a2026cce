import { createHash } from "node:crypto";
import { isEqual } from "../../model/differences";
import { pack, sortedKeys, unpack } from "../../model/document";
import { type FieldTable } from "../../model/field";
import { type FleetState, inputsDigest, type Member } from "../../lifecycle/fleet";
import { isObject, type JsonObject } from "../../json";
import { checkedBefore } from "../../model/check";
import { computedOutputs } from "../../model/project";
import {
  type CheckedInputs,
  type CommonState,
  type Inputs,
  type Stages,
  type State,
  storedState,
  without,
  compact,
} from "../../model/state";
import { secretPaths } from "../../model/secret-paths";
import { INPUT_SHAPE, inputsOnRecord, withInputShape } from "../../model/new-places";
import { encode } from "./envelopes";

/**
 * A fleet as the engine stores it: state format. By key, for the program: `ids`, and in `computed`
 * what the vendor decides. For what the engine shows after a refresh: `connectors`, as the inputs
 * have them. For the next run: `states`, all states packed; `replaced` by id; and where a failure
 * has no room for all that, `record` in place of them. Of all of them: `workspace`.
 */
interface StoredFleet {
  readonly connectors?: JsonObject;
  readonly ids?: Readonly<Record<string, string>>;
  readonly states?: string;
  readonly replaced?: Readonly<Record<string, CommonState>>;
  readonly maxDeletes?: number;
  readonly retainOnDelete?: readonly string[];
  /** True where a deployment stopped half-way, and no refresh has read the fleet since. */
  readonly stopped?: boolean;
  readonly record?: string;
  /** Where the connectors are, for those of which nothing else is said. */
  readonly workspace?: string;
}

/**
 * Of each connector its key, id, the digest of what was written, and when it was created; of each
 * replaced one its state.
 */
interface FleetRecord {
  readonly members: readonly (readonly [
    key: string,
    id: string,
    written: string,
    createdAt?: string,
  ])[];
  readonly replaced: Readonly<Record<string, CommonState>>;
}

/** Whether inputs or a state are a fleet's: a connector has none of these. */
export function isFleet({ connectors, ids, record }: Readonly<Record<string, unknown>>): boolean {
  return connectors !== undefined || ids !== undefined || record !== undefined;
}

/** Reads what the engine stored. `fleet` is the resource's id. */
export function decodeFleet<V extends Stages>(fleet: string, stored: StoredFleet): FleetState<V> {
  const { ids = {}, replaced = {}, record, workspace } = stored;
  if (record !== undefined) {
    return decodeRecord(fleet, unpack(record) as unknown as FleetRecord, workspace);
  }
  const states = statesIn(stored);
  const members = Object.entries(ids).map(([key, id]): [string, Member<V>] => [
    key,
    { id, state: stateIn<V>(without(states[key] ?? {}, INPUT_SHAPE), workspace) },
  ]);
  return { members: new Map(members), replaced: decodeReplaced(replaced, workspace) };
}

/** The state of one connector; what the fleet says of all holds for it too. */
function stateIn<V extends Stages>(
  state: Readonly<Record<string, unknown>>,
  workspace: string | undefined,
): State<V> {
  return storedState<V>(workspace === undefined ? state : { workspace, ...state });
}

/** Where the connectors are: a fleet writes to none unless all are in one workspace. */
export function workspaceOf({ members, replaced }: FleetState): Pick<CommonState, "workspace"> {
  const states = [...[...members.values()].map(({ state }) => state), ...replaced.values()];
  const workspace = states.find((state) => state.workspace !== undefined)?.workspace;
  return compact({ workspace });
}

/** What is said of all is left out of each. */
function stateBeside(state: State, workspace: string | undefined): CommonState {
  return state.workspace === workspace ? without(state, "workspace") : state;
}

function decodeReplaced<V extends Stages>(
  replaced: FleetRecord["replaced"],
  workspace: string | undefined,
): ReadonlyMap<string, State<V>> {
  return new Map(Object.entries(replaced).map(([id, state]) => [id, stateIn<V>(state, workspace)]));
}

function encodeReplaced(
  replaced: FleetState["replaced"],
  workspace: string | undefined,
): FleetRecord["replaced"] {
  return Object.fromEntries(
    [...replaced].map(([id, state]) => [id, stateBeside(state, workspace)]),
  );
}

/**
 * What the engine is to store of a fleet.
 *
 * @param onRecord by key, the inputs that it keeps beside it.
 * @param shown by key and encoded, the inputs that stand in it in clear.
 */
export function encodeFleet<V extends Stages>(
  table: FieldTable,
  state: FleetState<V>,
  inputs: JsonObject,
  onRecord: Readonly<Record<string, unknown>>,
  shown?: JsonObject,
): JsonObject {
  const { members, replaced } = state;
  const { workspace } = workspaceOf(state);
  const byKey = <T>(value: (member: Member<V>) => T): Record<string, T> =>
    Object.fromEntries([...members].map(([key, member]) => [key, value(member)]));
  const stored = Object.fromEntries(
    [...members].map(([key, { state }]) => {
      const known = onRecord[key];
      return [
        key,
        withInputShape(table, stateBeside(state, workspace), isObject(known) ? known : {}),
      ];
    }),
  );
  const fleet = {
    ...ownInputs(inputs),
    ids: byKey(({ id }) => id),
    computed: byKey(({ state }) => computedOutputs(table, state)),
    // In one order, whichever request ended first, so that a refresh without drift changes nothing.
    ...(members.size > 0 && { states: pack(sortedKeys(stored)) }),
    ...(replaced.size > 0 && { replaced: encodeReplaced(replaced, workspace) }),
    ...(workspace !== undefined && { workspace }),
  };
  return { ...encode(fleet, [["states"]]), ...(shown !== undefined && { connectors: shown }) };
}

/**
 * The same in little room: what is there, and what was written whole, now or before. The next
 * update reads the rest from the vendor. A digest says something of what is secret, so the record
 * is secret too.
 *
 * @param written the inputs of the connectors that were written whole.
 */
export function encodeRecord<V extends Stages>(
  state: FleetState<V>,
  written: ReadonlyMap<string, Inputs<V>>,
  inputs: JsonObject,
): JsonObject {
  const { members, replaced } = state;
  const { workspace } = workspaceOf(state);
  const rows = [...members].map(([key, { id, state: known, written: digest = "" }]) => {
    const whole = written.get(key);
    const createdAt = known.createdAt === undefined ? [] : [known.createdAt];
    return [key, id, whole === undefined ? digest : inputsDigest(whole), ...createdAt];
  });
  return encode(
    {
      ...ownInputs(inputs),
      record: pack({ members: rows, replaced: encodeReplaced(replaced, workspace) }),
      ...(workspace !== undefined && { workspace }),
    },
    [["record"]],
  );
}

/** True when the state is a record. */
export function isRecord({ members }: FleetState): boolean {
  return [...members.values()].some(({ written }) => written !== undefined);
}

function decodeRecord<V extends Stages>(
  fleet: string,
  { members, replaced }: FleetRecord,
  workspace: string | undefined,
): FleetState<V> {
  const known = members.map(([key, id, written, createdAt]): [string, Member<V>] => {
    const state = compact({ claim: claimOf(fleet, key), createdAt });
    return [key, { id, written, state: stateIn<V>(state, workspace) }];
  });
  return { members: new Map(known), replaced: decodeReplaced(replaced, workspace) };
}

/** There was no room for the connector's own claim. */
function claimOf(fleet: string, key: string): string {
  return createHash("sha256").update(`${fleet}/${key}`).digest("hex").slice(0, 8);
}

/** What a fleet's inputs say besides its connectors. */
export function ownInputs({ maxDeletes, retainOnDelete }: JsonObject): JsonObject {
  return {
    ...(maxDeletes !== undefined && { maxDeletes }),
    ...(retainOnDelete !== undefined && { retainOnDelete }),
  };
}

/**
 * Whether a connector stays at the vendor when it leaves: by what the program says now, or said
 * when it was there.
 */
export function retainedBy(
  ...all: readonly Readonly<Record<string, unknown>>[]
): (key: string) => boolean {
  const keys = new Set(
    all.flatMap(({ retainOnDelete }): unknown[] =>
      Array.isArray(retainOnDelete) ? retainOnDelete : [],
    ),
  );
  return (key) => keys.has(key);
}

/** A fleet's connectors by key, as the inputs write them. */
export function connectorsOf(
  props: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { connectors } = props;
  return isObject(connectors) ? connectors : {};
}

/** A fleet's connectors as inputs or outputs, with the secrets that their names tell. */
export function encodeConnectors(
  table: FieldTable,
  connectors: Readonly<Record<string, unknown>>,
): JsonObject {
  return Object.fromEntries(
    Object.entries(connectors).flatMap(([key, inputs]) =>
      isObject(inputs) ? [[key, encode(inputs, secretPaths(table, inputs))]] : [],
    ),
  );
}

/** The inputs of a fleet's connectors by key. */
export function memberInputs(props: Readonly<Record<string, unknown>>): Map<string, CheckedInputs> {
  const connectors = Object.entries(connectorsOf(props));
  return new Map(
    connectors.flatMap(([key, inputs]) => (isObject(inputs) ? [[key, checkedBefore(inputs)]] : [])),
  );
}

/** The inputs that the engine keeps of a fleet's connectors, as far as they are known, by key. */
export function memberInputsOnRecord(
  table: FieldTable,
  stored: Readonly<Record<string, unknown>>,
): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  return Object.fromEntries(
    Object.entries(statesIn(stored)).map(([key, state]) => [key, inputsOnRecord(table, state)]),
  );
}

/** The states of a fleet's connectors by key. */
export function statesOf<V extends Stages>({
  members,
}: FleetState<V>): Readonly<Record<string, State<V>>> {
  return Object.fromEntries([...members].map(([key, { state }]) => [key, state]));
}

/** A fleet's connectors by key, as inputs or state know them. */
export function knownOf(
  props: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return props.states === undefined ? connectorsOf(props) : statesIn(props);
}

function statesIn({ states }: { readonly states?: unknown }): Readonly<Record<string, JsonObject>> {
  return typeof states === "string" ? (unpack(states) as Record<string, JsonObject>) : {};
}

/** Whether two states say the same of the same connectors. */
export function isSame<V extends Stages>(one: FleetState<V>, other: FleetState<V>): boolean {
  const plain = ({ members, replaced }: FleetState<V>): unknown => ({
    members: Object.fromEntries(members),
    replaced: Object.fromEntries(replaced),
  });
  return isEqual(plain(one), plain(other));
}
