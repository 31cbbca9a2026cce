import { randomBytes } from "node:crypto";
import { counted, formatDiagnostic } from "../../diagnostics";
import { isEqual } from "../../model/differences";
import { diff, type Difference, hasOtherIdleInputs, leftAlone } from "../../model/replacements";
import {
  Fleet,
  type FleetFailure,
  type FleetOutcome,
  type FleetState,
  inputsDigest,
  type Member,
  type MemberFailure,
  type ReadMember,
} from "../../lifecycle/fleet";
import { placeOf } from "../../lifecycle/registrations";
import { type Json, type JsonObject } from "../../json";
import { checkedBefore, knownInputs, knownPart } from "../../model/check";
import { type CheckedInputs, type Inputs, type Stages } from "../../model/state";
import { holdsUnknown } from "../../model/unknown";
import {
  fresh,
  type Hidden,
  LONGEST,
  recordingFailure,
  storedConfiguration,
} from "./engine-errors";
import { checkFleet } from "./fleet-check";
import { failureMessage, MOST_SHOWN, progressText } from "./fleet-failure";
import { fleetChanges, type MemberRules } from "./fleet-preview";
import { Rest, type Step } from "./fleet-rest";
import {
  connectorsOf,
  decodeFleet,
  encodeConnectors,
  encodeFleet,
  encodeRecord,
  isRecord,
  isSame,
  knownOf,
  memberInputs,
  memberInputsOnRecord,
  ownInputs,
  retainedBy,
  statesOf,
  workspaceOf,
} from "./fleet-state";
import { oversized } from "../program/fleet-size";
import { decode, encode, UNKNOWN } from "./envelopes";
import { PROVIDER_KEY } from "../program/provider-text";
import { type Session } from "./session";
import { type DynamicProvider, type Foreseen, type Props, type Verbs } from "./verbs";

/**
 * How many connectors are at work for each request that may be under way: some of them wait for
 * their turn.
 */
const WIDTH = 2;

const RECORDED_BEFORE = "What was done before is recorded; the next pulumi up does the rest.";

/** A create or an update of a fleet. */
interface FleetUpdate<V extends Stages> {
  readonly id: string;
  readonly before: FleetState<V>;
  readonly wanted: ReadonlyMap<string, Inputs<V>>;
  readonly inputs: JsonObject;
  /** What the engine has on record of the connectors' inputs when the update fails. */
  readonly onRecord: Props;
  /** The provider's text. */
  readonly text: Json;
}

/** The verbs of a resource that is many connectors. */
export class FleetVerbs<V extends Stages> implements Verbs {
  constructor(private readonly session: Session<V>) {}

  /** No I/O. The answer shows a bounded number of diagnostics. */
  check(olds: Props, news: Props): ReturnType<DynamicProvider["check"]> {
    const { session } = this;
    // Only dynamic resources have a text, and messages that take so much.
    const tooLarge = news[PROVIDER_KEY] === undefined ? undefined : oversized(news["connectors"]);
    if (tooLarge !== undefined) {
      return Promise.resolve({
        inputs: {},
        failures: [{ property: "", reason: `connectors: ${tooLarge}.` }],
      });
    }
    const checked = checkFleet(session, decode(olds), decode(news));
    const { inputs, diagnostics, settingErrors } = checked;
    checked.registrations.forEach((registration) => session.claims.register(registration));
    if (diagnostics.length === 0) {
      checked.newRegistrations.forEach((registration) => session.notice.addNew(registration));
    }
    checked.warnings.forEach((warning) => session.reporter.warn(warning));
    const reasons = diagnostics.map(formatDiagnostic);
    const more = reasons.length - MOST_SHOWN;
    const shown = [
      ...reasons.slice(0, MOST_SHOWN),
      ...(more > 0 ? [`and ${counted(more, "more error")}.`] : []),
      ...session.once(settingErrors),
    ];
    return Promise.resolve({
      inputs,
      failures: shown.map((reason) => ({
        property: "",
        reason: reason.slice(0, LONGEST / shown.length),
      })),
    });
  }

  /** Replaces nothing: a connector that must be another one is replaced within the fleet. */
  diff(id: string, olds: Props, news: Props): ReturnType<DynamicProvider["diff"]> {
    const [stored, inputs] = [decode(olds) as JsonObject, decode(news) as JsonObject];
    const fleet = decodeFleet<V>(id, stored);
    const { members, replaced } = fleet;
    const wanted = memberInputs(inputs);
    const pairs = [...members].flatMap(([key, member]): [Member<V>, CheckedInputs][] => {
      const news = wanted.get(key);
      return news === undefined ? [] : [[member, news]];
    });
    const held = pairs.map(([member, news]) =>
      this.session.manage(member.id, member.state, knownPart<V>(this.session.vendor.table, news)),
    );
    this.session.notice.setFleet(id, fleetChanges(fleet, stored, inputs, this.memberRules));
    const isMoved = this.session.isElsewhere(workspaceOf(fleet));
    this.warnOfRest(fleet, stored, inputs);
    // A refresh clears the engine's own record of an update that stopped half-way.
    if (isMoved || isRecord(fleet) || replaced.size > 0 || held.includes(false)) {
      return Promise.resolve({ changes: true, replaces: [], deleteBeforeReplace: false });
    }
    const sameKeys =
      pairs.length === members.size &&
      Object.keys(connectorsOf(inputs)).length === members.size &&
      isEqual(ownInputs(stored), ownInputs(inputs));
    const nothing =
      sameKeys &&
      pairs.some((pair) => this.hasOtherIdleInputs(...pair)) &&
      pairs.every((pair) => this.difference(...pair).isSame());
    return Promise.resolve({
      ...(nothing && { changes: false }),
      replaces: [],
      deleteBeforeReplace: false,
    });
  }

  private readonly memberRules: MemberRules<V> = {
    namedBy: (inputs) => {
      const { table, addressing } = this.session.vendor;
      return placeOf<V>(addressing, knownPart<V>(table, inputs)).id;
    },
    replaces: (member, inputs) => this.difference(member, inputs).replaces.length > 0,
    isSame: (member, inputs) => this.difference(member, inputs).isSame(),
    leftAlone: ({ state }, inputs) => leftAlone(this.session.vendor.table, state, inputs),
  };

  /**
   * Inputs that only a create reads, and paths of files, may change; they are stored, and change
   * nothing.
   */
  private hasOtherIdleInputs({ state }: Member<V>, inputs: CheckedInputs): boolean {
    return hasOtherIdleInputs(this.session.vendor.table, state, inputs);
  }

  /**
   * After an update that stopped half-way, the engine compares with the inputs before it: its
   * preview lists edits that are done.
   */
  private warnOfRest(fleet: FleetState<V>, stored: JsonObject, inputs: JsonObject): void {
    if (stored["stopped"] !== true && !isRecord(fleet)) {
      return;
    }
    const { members, replaced } = fleet;
    const wanted = memberInputs(inputs);
    const retains = retainedBy(stored, inputs);
    const left = new Rest();
    wanted.forEach((inputs, key) => left.add(this.stepFor(members.get(key), inputs), key));
    [...members.keys()]
      .filter((key) => !wanted.has(key) && !retains(key))
      .forEach((key) => left.add("delete", key));
    [...replaced.keys()].forEach((id) => left.add("delete the replaced", id));
    this.session.reporter.warn(
      `${this.session.vendor.table.resource} fleet: the last deployment stopped half-way, and what it did is recorded. Left to do: ${left.toString()}. ` +
        "The preview may also list edits that are done; after pulumi refresh it lists only the rest.",
    );
  }

  private stepFor(member: Member<V> | undefined, inputs: CheckedInputs): Step | undefined {
    if (member === undefined) {
      return "create";
    }
    if (member.written !== undefined) {
      const isWritten =
        !holdsUnknown(inputs) && member.written === inputsDigest(knownInputs(inputs));
      return isWritten ? undefined : "update";
    }
    const { replaces, isSame } = this.difference(member, inputs);
    if (replaces.length > 0) {
      return "replace";
    }
    return isSame() ? undefined : "update";
  }

  private difference({ id, state }: Member<V>, inputs: CheckedInputs): Difference {
    const { vendor } = this.session;
    const place = vendor.place(vendor.parseId(id, this.session.settings()));
    return diff(vendor.table, place, state, inputs);
  }

  async create(props: Props): ReturnType<DynamicProvider["create"]> {
    const id = `fleet-${randomBytes(4).toString("hex")}`;
    return { id, outs: await this.write(id, undefined, props) };
  }

  async update(id: string, olds: Props, news: Props): ReturnType<DynamicProvider["update"]> {
    return { outs: await this.write(id, decode(olds), news) };
  }

  private async write(
    id: string,
    olds: Readonly<Record<string, unknown>> | undefined,
    props: Props,
  ): Promise<JsonObject> {
    const { table } = this.session.vendor;
    const stored = olds ?? {};
    const before = decodeFleet<V>(id, stored);
    const inputs = decode(props) as JsonObject;
    const checked = memberInputs(inputs);
    if (checked.size + before.members.size + before.replaced.size === 0) {
      return encodeFleet(table, before, inputs, {}, {});
    }
    for (const each of checked.values()) {
      this.session.requireSettings(each);
    }
    const wanted = new Map([...checked].map(([key, each]) => [key, knownInputs<V>(each)]));
    const { reporter } = this.session;
    const outcome = await reporter.briefly(MOST_SHOWN, () =>
      this.fleet().update(before, wanted, {
        replaces: (member, news) => this.memberRules.replaces(member, checkedBefore(news)),
        retains: retainedBy(stored, inputs),
      }),
    );
    if (outcome.failures.length > 0) {
      // A create leaves the new inputs on record, an update the old ones.
      const onRecord =
        olds === undefined ? connectorsOf(inputs) : memberInputsOnRecord(table, stored);
      const text = props[PROVIDER_KEY] as Json;
      throw this.stopped({ id, before, wanted, inputs, onRecord, text }, outcome);
    }
    const written = connectorsOf(inputs);
    return encodeFleet(table, outcome.state, inputs, written, encodeConnectors(table, written));
  }

  /** What was done is recorded, if there is anything new to record, and room for it. */
  private stopped(
    { id, before, wanted, inputs, onRecord, text }: FleetUpdate<V>,
    outcome: FleetOutcome<V>,
  ): Error {
    const { state, failures, untried } = outcome;
    const failed = new Set(failures.map(({ key }) => key));
    const written = new Map([...wanted].filter(([key]) => !failed.has(key) && !untried.has(key)));
    const reasons = failureMessage(this.session, {
      failures,
      untried: untried.size,
      values: [statesOf(before), connectorsOf(inputs)],
      keys: [...wanted.keys(), ...before.members.keys()],
    });
    const message = `${reasons}${progressText(outcome, wanted, written.size)}`;
    if (isSame(before, state)) {
      return fresh(written.size === 0 ? message : `${message}\n  ${RECORDED_BEFORE}`);
    }
    const withText = (properties: JsonObject): JsonObject => ({
      ...properties,
      [PROVIDER_KEY]: text,
    });
    const { table } = this.session.vendor;
    const whole = (shown?: JsonObject) => (): JsonObject | undefined =>
      isRecord(state)
        ? undefined
        : withText({ ...encodeFleet(table, state, inputs, onRecord, shown), stopped: true });
    return recordingFailure(
      id,
      message,
      [
        whole(encodeConnectors(table, Object.fromEntries(written))),
        whole(),
        () => withText(encodeRecord(state, written, inputs)),
      ],
      this.session.mostRecorded,
    );
  }

  async previewCreate(props: Props): Promise<Foreseen> {
    await this.lookAhead(decodeFleet<V>("", {}), props);
    return this.foreseen(props);
  }

  async previewUpdate(id: string, olds: Props, news: Props): Promise<Foreseen> {
    await this.lookAhead(decodeFleet<V>(id, decode(olds)), news);
    return this.foreseen(news);
  }

  /** Says which existing connectors new ones adopt; throws where a deployment refuses to. */
  private async lookAhead(before: FleetState<V>, props: Props): Promise<void> {
    const { session } = this;
    const inputs = decode(props) as JsonObject;
    const wanted = memberInputs(inputs);
    const added = [...wanted].filter(
      ([key, each]) => !before.members.has(key) && !holdsUnknown(each),
    );
    const failures: MemberFailure[] = [];
    await session.reporter.briefly(MOST_SHOWN, () =>
      Promise.all(
        added.map(([key, each]) =>
          session
            .foresee(() => session.connectors().foresee(knownInputs<V>(each)))
            .catch((error: unknown) => failures.push({ key, error })),
        ),
      ),
    );
    if (failures.length > 0) {
      const values = [statesOf(before), connectorsOf(inputs)];
      const keys = wanted.keys();
      throw fresh(failureMessage(session, { failures, untried: 0, values, keys }));
    }
  }

  /** What the vendor decides of a fleet is not known before all of it is there. */
  private foreseen(props: Props): Foreseen {
    const outs = { ...ownInputs(decode(props) as JsonObject), ids: UNKNOWN, computed: UNKNOWN };
    return { outs: encode(outs, []) };
  }

  async read(id: string, props: Props): ReturnType<DynamicProvider["read"]> {
    const { table } = this.session.vendor;
    const stored = decode(props) as JsonObject;
    const state = decodeFleet<V>(id, stored);
    if (isRecord(state)) {
      this.session.reporter.warn(
        `${table.resource} fleet: the last deployment stopped half-way, so drift cannot be detected. Run pulumi up, then refresh again.`,
      );
      return { id, props: encode(stored, [["record"]]) };
    }
    const members =
      state.members.size === 0
        ? new Map<string, ReadMember<V>>()
        : await this.session.reporter.briefly(MOST_SHOWN, () => this.fleet().read(state));
    const there = [...members].flatMap(([key, member]) => (member ? [[key, member] as const] : []));
    const found = Object.fromEntries(there.map(([key, { inputs }]) => [key, inputs]));
    const states = knownOf(stored);
    // What the engine marks the outputs and the inputs by: mostly the same places.
    const [before, onRecord] = [connectorsOf(stored), memberInputsOnRecord(table, stored)];
    const forms = there.map(([key, { inputs }]) => {
      const secretsBy = this.session.readSecrets(inputs, states[key] as Props);
      const [shownSecrets, secrets] = [secretsBy(before[key]), secretsBy(onRecord[key])];
      const shown = encode(inputs, shownSecrets);
      const isShared = isEqual(shownSecrets, secrets);
      return { key, shown, inputs: isShared ? shown : encode(inputs, secrets) };
    });
    const byKey = (name: "shown" | "inputs"): JsonObject =>
      Object.fromEntries(forms.map((form) => [form.key, form[name]]));
    const left = { ...state, members: new Map(there) };
    return {
      id,
      props: encodeFleet(table, left, stored, found, byKey("shown")),
      inputs: { ...ownInputs(stored), connectors: byKey("inputs") },
    };
  }

  async delete(id: string, props: Props): Promise<void> {
    const stored = decode(props);
    const state = decodeFleet<V>(id, stored);
    if (state.members.size + state.replaced.size > 0) {
      await this.session.reporter.briefly(MOST_SHOWN, () =>
        this.fleet().delete(state, { retains: retainedBy(stored) }),
      );
    }
  }

  /** A failure of the fleet as a whole, as the engine may see it. */
  failure({ failures, untried }: FleetFailure, props: Props): string {
    const stored = decodeFleet<V>("", decode(props));
    const refused =
      failures.map(({ error }) => storedConfiguration(error)).find((hint) => hint !== "") ?? "";
    const message = failureMessage(this.session, {
      failures,
      untried,
      values: [statesOf(stored)],
      keys: stored.members.keys(),
    });
    return `${message}${this.session.once([refused]).join("")}`;
  }

  hidden(props: readonly Props[]): Hidden {
    return this.session.hiddenIn(props.flatMap((each) => Object.values(knownOf(decode(each)))));
  }

  private fleet(): Fleet<V> {
    return new Fleet(
      this.session.connectors(),
      WIDTH * (this.session.settings().limits.maxConcurrentRequests ?? 10),
    );
  }
}
