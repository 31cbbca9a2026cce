import {
  counted,
  type Diagnostic,
  errorDiagnostic,
  joinPath,
  listed,
  suggest,
} from "../../diagnostics";
import { isObject, type Json, type JsonObject } from "../../json";
import { type Registration } from "../../lifecycle/registrations";
import { type Stages } from "../../model/state";
import { holdsUnknown, Unknown } from "../../model/unknown";
import { type CheckedConnector, checkConnector } from "./connector-check";
import { connectorsOf, retainedBy } from "./fleet-state";
import { encode } from "./envelopes";
import { type Session } from "./session";
import { type Settings } from "./stack-settings";

/** What a fleet's check found: the inputs with their secrets in envelopes, and what is wrong. */
export interface CheckedFleet {
  readonly inputs: JsonObject;
  /** What the claims need to know of each connector. */
  readonly registrations: readonly Registration[];
  /** Those of connectors that are not in the fleet yet. */
  readonly newRegistrations: readonly Registration[];
  readonly diagnostics: readonly Diagnostic[];
  /** Lines for people. */
  readonly warnings: readonly string[];
  /** What is wrong with the settings. */
  readonly settingErrors: readonly string[];
}

const NOTHING = { registrations: [], newRegistrations: [], warnings: [], settingErrors: [] };

/** Rule of every diagnostic about a fleet as a whole. */
const RULE = "definition/fleet";

type Values = Readonly<Record<string, unknown>>;

/** The inputs that a fleet has. */
const KNOWN = ["connectors", "maxDeletes", "retainOnDelete"];

/**
 * An update may delete so many connectors, or so great a part of the fleet, when nothing else is
 * said.
 */
const DELETES = { atLeast: 10, part: 0.1 } as const;

/** So many names stand in a message. */
const MOST_NAMES = 20;

/**
 * Checks a fleet: each connector as a resource of its own would be, and the fleet's own inputs.
 * Create-only inputs are taken as written: which connectors exist already, only the state knows,
 * and diff has it.
 */
export function checkFleet<V extends Stages>(
  session: Session<V>,
  olds: Values,
  news: Values,
): CheckedFleet {
  const { connectors, ...own } = news;
  const shape = shapeOf(own);
  if (connectors instanceof Unknown) {
    return { ...NOTHING, inputs: encode(news, []), diagnostics: shape };
  }
  if (!isObject(connectors)) {
    return {
      ...NOTHING,
      inputs: encode(own, []),
      diagnostics: [
        ...shape,
        errorDiagnostic(
          RULE,
          "connectors",
          "must be a map of connectors",
          "Write the arguments of each connector below a key of its own",
        ),
      ],
    };
  }
  // Without connectors no key is needed.
  const { settings, errors } =
    Object.keys(connectors).length === 0
      ? { settings: undefined, errors: [] }
      : session.trySettings();
  const before = connectorsOf(olds);
  const checked = Object.entries(connectors).map(
    ([key, args]) =>
      [key, checkMember(session, settings, joinPath("connectors", key), args)] as const,
  );
  return {
    inputs: {
      ...encode(own, []),
      connectors: Object.fromEntries(checked.map(([key, { inputs }]) => [key, inputs])),
    },
    diagnostics: [
      ...shape,
      ...checked.flatMap(([, { diagnostics }]) => diagnostics),
      ...deletions(olds, news),
    ],
    registrations: checked.flatMap(([, { registration }]) => registration ?? []),
    newRegistrations: checked.flatMap(([key, { registration }]) =>
      registration === undefined || Object.hasOwn(before, key) ? [] : [registration],
    ),
    warnings: checked.flatMap(([, { warnings }]) => warnings),
    settingErrors: [...errors, ...checked.flatMap(([, one]) => one.settingErrors)],
  };
}

/** A connector that is not known yet, or is none, has no registration. */
type CheckedMember = Omit<CheckedConnector, "inputs" | "registration"> & {
  readonly inputs: Json;
  readonly registration?: Registration;
};

function checkMember<V extends Stages>(
  session: Session<V>,
  settings: Settings | undefined,
  at: string,
  args: unknown,
): CheckedMember {
  if (args instanceof Unknown) {
    return { inputs: args.sentinel, diagnostics: [], warnings: [], settingErrors: [] };
  }
  if (!isObject(args)) {
    return {
      inputs: null,
      diagnostics: [
        errorDiagnostic(
          RULE,
          at,
          "must be the arguments of a connector",
          "Write a map of properties",
        ),
      ],
      warnings: [],
      settingErrors: [],
    };
  }
  return checkConnector(session, settings, args, undefined, at);
}

function shapeOf(own: Values): Diagnostic[] {
  const strange = Object.keys(own).filter((name) => !KNOWN.includes(name));
  const { maxDeletes, retainOnDelete } = own;
  return [
    ...strange.map((name) => {
      const meant = suggest(name, KNOWN);
      return errorDiagnostic(
        RULE,
        joinPath(name),
        "a fleet has no property of this name",
        meant === undefined
          ? "A connector's properties go below connectors and its key"
          : `Did you mean ${meant}?`,
      );
    }),
    ...(retainOnDelete === undefined ||
    retainOnDelete === null ||
    holdsUnknown(retainOnDelete) ||
    isTexts(retainOnDelete)
      ? []
      : [
          errorDiagnostic(
            RULE,
            "retainOnDelete",
            "must be a list of keys",
            'Example: retainOnDelete: ["scoring"]',
          ),
        ]),
    ...(maxDeletes === undefined ||
    maxDeletes === null ||
    maxDeletes instanceof Unknown ||
    isCount(maxDeletes)
      ? []
      : [errorDiagnostic(RULE, "maxDeletes", "must be a whole number, 0 or more")]),
  ];
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0;
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/**
 * Refuses more deletions than an edit of a file is likely to mean: an emptied folder deletes
 * nothing.
 */
function deletions(olds: Values, news: Values): Diagnostic[] {
  const before = Object.keys(connectorsOf(olds));
  const retained = retainedBy(olds, news);
  const left = before.filter((key) => !Object.hasOwn(connectorsOf(news), key) && !retained(key));
  const { maxDeletes, retainOnDelete } = news;
  if (maxDeletes instanceof Unknown || holdsUnknown(retainOnDelete)) {
    return [];
  }
  const most = isCount(maxDeletes)
    ? maxDeletes
    : Math.max(DELETES.atLeast, Math.floor(before.length * DELETES.part));
  if (left.length <= most) {
    return [];
  }
  return [
    errorDiagnostic(
      RULE,
      "connectors",
      `${left.length} of ${counted(before.length, "connector")} left the fleet, and would be deleted: ${listed(left, MOST_NAMES)}`,
      `Restore them, or, if that is meant, write maxDeletes: ${left.length}`,
    ),
  ];
}
