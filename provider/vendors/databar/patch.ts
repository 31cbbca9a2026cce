import { isEqual } from "../../model/differences";
import { type Entries, type NameValue, toNameValues } from "../../model/entries";
import { valuesOf } from "../../model/field";
import { everyField } from "../../model/project";
import { UNKNOWN_TEXT } from "../../model/request";
import { type Inputs, type State } from "../../model/state";
import { type Sent } from "./errors";
import { databarFields } from "./fields";
import { type DatabarRemote } from "./remote";
import { type Databar, type DatabarRequest, type DatabarState } from "./stage-types";

/**
 * Inputs and state → the requests to send. Pure. A PUT replaces everything: it is sent whole when
 * anything in it differs, and not at all when nothing does. A limit that the program neither sets
 * nor has set goes out as Databar holds it. The connector is looked up in any case: its id may have
 * become another one's.
 */
export function patch(
  inputs: Inputs<Databar>,
  state: State<Databar>,
  remote: DatabarRemote | undefined,
): DatabarRequest[] {
  if (isEqual(sorted(bodyOf(state)), sorted(bodyOf(inputs)))) {
    return [];
  }
  return [
    {
      operation: "replaceConnector",
      part: "connector",
      body: bodyOf({ ...inputs, ...unmanagedLimits(inputs, state, remote) }),
      needsRemote: true,
      sets: everyField(databarFields, inputs),
      leavesOpen: open(inputs, state),
    },
  ];
}

/** A body for a comparison: the engine may send the names of a map in another order each time. */
function sorted(body: Sent): Sent {
  return Object.fromEntries(
    Object.entries(body).map(([field, value]) => [
      field,
      Array.isArray(value) ? (value as NameValue[]).toSorted(byName) : value,
    ]),
  );
}

/** Values of one name stay in their order. */
function byName({ name: one }: NameValue, { name: other }: NameValue): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** The limits that are the vendor's, as it holds them; what its answer leaves out is as it was. */
function unmanagedLimits(
  inputs: Inputs<Databar>,
  state: State<Databar>,
  remote: DatabarRemote | undefined,
): Record<string, unknown> {
  const [wanted, known, held] = [inputs, state, remote].map(
    (values): Readonly<Record<string, unknown>> => ({ ...values }),
  );
  return Object.fromEntries(
    databarFields.fields.flatMap(({ name, cappedAs }) =>
      cappedAs === undefined || wanted?.[name] !== undefined || known?.[name] !== undefined
        ? []
        : [[name, held?.[name] === undefined ? known?.[cappedAs] : held[name]]],
    ),
  );
}

/**
 * The body of a create or a full replacement. Every field that Databar has, always: what is left
 * out would be reset. Unset ones go as their default, or as an explicit null.
 */
export function bodyOf(values: DatabarState): Sent {
  return Object.fromEntries(
    valuesOf(databarFields, values).flatMap(([field, value]) => {
      const { vendorName, kind, default: unset = null } = field;
      const set = value ?? unset;
      return vendorName === undefined
        ? []
        : [[vendorName, kind === "entries" ? toNameValues(set as Entries) : set]];
    }),
  );
}

/**
 * What the state holds after a PUT that may or may not have taken effect. The name alone makes the
 * next update write; the rest is for a refresh in between: behind a mask may be the old value or
 * the new one, and of two limits only the lower one tells a limit that the plan lowered from one
 * that was raised.
 */
function open(inputs: Inputs<Databar>, state: State<Databar>): Partial<DatabarState> {
  const wanted = new Map(valuesOf(databarFields, inputs));
  const changes = valuesOf(databarFields, state).flatMap(([field, before]): [string, unknown][] => {
    const after = wanted.get(field);
    if (isEqual(before, after)) {
      return [];
    }
    if (field.kind === "entries") {
      return [[field.name, undefined]];
    }
    return field.cappedAs === undefined ? [] : [[field.name, lower(before, after)]];
  });
  return { ...Object.fromEntries(changes), name: UNKNOWN_TEXT };
}

function lower(one: unknown, other: unknown): number | undefined {
  const limits = [one, other].filter((limit) => typeof limit === "number");
  return limits.length === 0 ? undefined : Math.min(...limits);
}
