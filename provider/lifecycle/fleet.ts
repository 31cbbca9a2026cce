import { ConnectorError, type ErrorCode } from "../errors";
import { holdOf } from "./claims";
import { type Connectors } from "./connectors";
import { digest } from "../model/document";
import { PartialWrite } from "./partial-write";
import { inPool } from "./pool";
import { type ReadConnector } from "./reader";
import {
  compact,
  type Inputs,
  makeState,
  type Stages,
  type State,
  withIdentity,
} from "../model/state";

/** One connector of a fleet, as the engine stores it. */
export interface Member<V extends Stages = Stages> {
  readonly id: string;
  readonly state: State<V>;
  /**
   * Present where the state holds no more than the connector's claim, because there was no room for
   * the rest: the digest of the inputs that were written; empty when they were not written whole.
   */
  readonly written?: string;
}

/** What is known of a fleet's connectors. */
export interface FleetState<V extends Stages = Stages> {
  /** By the connector's key in the fleet. */
  readonly members: ReadonlyMap<string, Member<V>>;
  /** By id: connectors that others have replaced, and that are still to be deleted. */
  readonly replaced: ReadonlyMap<string, State<V>>;
}

/** A connector of which a verb failed. */
export interface MemberFailure {
  readonly key: string;
  readonly error: unknown;
}

/** The result of an update. */
export interface FleetOutcome<V extends Stages = Stages> {
  readonly state: FleetState<V>;
  readonly failures: readonly MemberFailure[];
  /** Keys of connectors that were not tried after too many failures. */
  readonly untried: ReadonlySet<string>;
}

/** What the caller decides about the connectors. */
export interface FleetRules<V extends Stages = Stages> {
  /** Whether inputs ask for another connector than the one that is there. */
  readonly replaces: (member: Member<V>, inputs: Inputs<V>) => boolean;
  /** Whether a connector stays at the vendor when it leaves the fleet. */
  readonly retains: (key: string) => boolean;
}

/** A connector as read, or none where the vendor says that it is gone. */
export type ReadMember<V extends Stages = Stages> = ReadConnector<V> | undefined;

/**
 * The verbs of many connectors that are one resource. Each is handled like a resource of its own,
 * and a failure of one does not stop the others. When as many have failed as run at once, for a
 * reason that they share, such as a vendor that is down, the rest is not tried: each would fail
 * after its whole budget.
 */
export class Fleet<V extends Stages> {
  /** @param width how many connectors are handled at once. */
  constructor(
    private readonly connectors: Connectors<V>,
    private readonly width: number,
  ) {}

  /**
   * Makes the vendor hold `wanted`:
   *
   * 0. A key goes on with the connector of the fleet that its definition names, whichever key had
   *    it, else with its own unless another key names that.
   * 1. What is new is adopted or created, what is there is updated; no difference, no call.
   * 2. A connector that must be another one (see `replaces`) is created first; its old self is
   *    deleted at the end, unless it is retained.
   * 3. What left the map is deleted at the end, and only when everything else succeeded: a
   *    connector whose key changed is taken over by the new key, and must not be lost because that
   *    failed.
   * 4. A connector that left stays where it is retained, and where another resource holds it or
   *    names its id.
   * 5. Nothing is written unless all connectors of the state are in this workspace.
   */
  async update(
    before: FleetState<V>,
    wanted: ReadonlyMap<string, Inputs<V>>,
    rules: FleetRules<V>,
  ): Promise<FleetOutcome<V>> {
    const { members: stored, replaced } = await this.confirmed(before);
    const { members, unmatched } = matchMembers(
      stored,
      new Map([...wanted].map(([key, inputs]) => [key, this.connectors.namedBy(inputs)])),
    );
    const progress = new Progress<V>(members, replaced, this.width);
    unmatched
      .filter(([key]) => !rules.retains(key))
      .forEach(([, member]) => progress.keepForDeletion(member));
    await inPool([...wanted], this.width, async ([key, inputs]) => {
      const before = members.get(key);
      const isLost =
        before !== undefined && this.connectors.claims.isLost(before.id, holdOf(before.state));
      const isNew = before === undefined || isLost || rules.replaces(before, inputs);
      await progress.attempt(key, async () =>
        progress.put(
          key,
          await (isNew ? this.connectors.create(inputs) : this.write(before, inputs)),
        ),
      );
      if (before && progress.holdsAnother(key, before) && isLost) {
        this.connectors.claims.forgetLost(before.id, holdOf(before.state));
      } else if (before && progress.holdsAnother(key, before) && !rules.retains(key)) {
        progress.keepForDeletion(before);
      }
    });
    if (progress.failures.length === 0) {
      const left = [...members].filter(([key]) => !wanted.has(key));
      // A resource that takes one of them over must have registered.
      if (left.length > 0) {
        await this.connectors.claims.activity.untilQuiet();
      }
      await this.remove(
        left,
        progress,
        (key, id) => rules.retains(key) || this.connectors.claims.isReserved(id),
      );
    }
    return progress.outcome();
  }

  private async write({ id, state, written }: Member<V>, inputs: Inputs<V>): Promise<Member<V>> {
    if (written === undefined) {
      // One that names the id would take over the connector that has it now.
      const isNew =
        this.connectors.namedBy(inputs) !== id && (await this.connectors.isReused({ id, state }));
      return isNew ? this.connectors.create(inputs) : this.connectors.update(id, state, inputs);
    }
    const isWritten = written === inputsDigest(inputs);
    const found = await this.connectors.reader.recover({ id, state }, inputs, isWritten);
    return found === undefined
      ? this.connectors.create(inputs)
      : this.connectors.update(id, withIdentity(found, state), inputs);
  }

  /**
   * The state for this workspace, when all its connectors are found there. After a failure, two
   * keys may have one connector, each with a claim of its own.
   */
  private async confirmed({ members, replaced }: FleetState<V>): Promise<FleetState<V>> {
    const all = [...members.values(), ...[...replaced].map(([id, state]) => ({ id, state }))];
    const states = (await this.connectors.confirm(all)).map(({ state }) => state);
    const renewed = (place: number, state: State<V>): State<V> => states[place] ?? state;
    return {
      members: new Map(
        [...members].map(([key, member], index) => [
          key,
          { ...member, state: renewed(index, member.state) },
        ]),
      ),
      replaced: new Map(
        [...replaced].map(([id, state], index) => [id, renewed(members.size + index, state)]),
      ),
    };
  }

  /**
   * Reads every connector. Rejects with {@link FleetFailure} when one cannot be read: that is not
   * absence. It is not absence either when none of several is found. What fails for as many as are
   * read at once probably fails for all; the rest is not read then.
   */
  async read({ members }: FleetState<V>): Promise<ReadonlyMap<string, ReadMember<V>>> {
    await this.connectors.confirm([...members.values()], "content");
    const found = new Map<string, ReadMember<V>>();
    const failures: MemberFailure[] = [];
    const untried: string[] = [];
    await inPool([...members], this.width, async ([key, { id, state }]) => {
      if (failures.length >= this.width) {
        return void untried.push(key);
      }
      try {
        found.set(key, await this.connectors.reader.read(id, state));
      } catch (error) {
        failures.push({ key, error });
      }
    });
    if (failures.length > 0) {
      throw new FleetFailure(failures, untried.length);
    }
    for (const [key, { id }] of members) {
      if (found.get(key) === undefined) {
        await this.connectors.reader.refuseAllMissing(id);
      }
    }
    // In the order of the state, not of the answers.
    return new Map([...members.keys()].map((key) => [key, found.get(key)]));
  }

  /** Deletes every connector that is not retained. */
  async delete(
    { members, replaced }: FleetState<V>,
    rules: Pick<FleetRules<V>, "retains">,
  ): Promise<void> {
    const leaving = [...members].filter(([key]) => !rules.retains(key));
    await this.connectors.confirm([
      ...leaving.map(([, member]) => member),
      ...[...replaced].map(([id, state]) => ({ id, state })),
    ]);
    const progress = new Progress<V>(members, replaced, this.width);
    await this.remove([...members], progress, rules.retains);
    if (progress.failures.length > 0) {
      throw new FleetFailure(progress.failures, progress.untried.size);
    }
  }

  /** Deletes connectors, and those that others have replaced. */
  private async remove(
    members: readonly (readonly [key: string, Member<V>])[],
    progress: Progress<V>,
    stays: (key: string, id: string) => boolean,
  ): Promise<void> {
    const remove = (
      key: string,
      { id, state }: Member<V>,
      isKept: boolean,
      forget: () => void,
    ): Promise<void> =>
      progress.attempt(key, async () => {
        if (!isKept) {
          await this.connectors.delete(id, state);
        }
        forget();
      });
    await inPool(members, this.width, ([key, member]) =>
      remove(key, member, stays(key, member.id), () => progress.members.delete(key)),
    );
    await inPool([...progress.replaced], this.width, ([id, state]) =>
      remove(id, { id, state }, false, () => progress.replaced.delete(id)),
    );
  }
}

/**
 * Pure. The connectors by the keys that go on with them, and those whose key goes on with another
 * one. A key that is not wanted keeps its connector, unless another one names that.
 *
 * @param wanted by key, the id of the connector that its definition names.
 */
export function matchMembers<V extends Stages>(
  stored: ReadonlyMap<string, Member<V>>,
  wanted: ReadonlyMap<string, string | undefined>,
): {
  members: ReadonlyMap<string, Member<V>>;
  unmatched: readonly (readonly [key: string, member: Member<V>])[];
} {
  const byId = new Map([...stored.values()].map((member) => [member.id, member]));
  const named = new Map<string, string>();
  for (const [key, id] of wanted) {
    // Where two keys name one connector, the one that has it keeps it, and the other one fails.
    if (id !== undefined && byId.has(id) && (!named.has(id) || stored.get(key)?.id === id)) {
      named.set(id, key);
    }
  }
  const ofKey = new Map([...named].map(([id, key]) => [key, byId.get(id)]));
  const members = new Map<string, Member<V>>();
  for (const key of new Set([...stored.keys(), ...wanted.keys()])) {
    const own = stored.get(key);
    const member = ofKey.get(key) ?? (own && !named.has(own.id) ? own : undefined);
    if (member) {
      members.set(key, member);
    }
  }
  const goesOn = new Set([...members.values()].map(({ id }) => id));
  return { members, unmatched: [...stored].filter(([, { id }]) => !goesOn.has(id)) };
}

/** A short digest of the inputs that a connector was made equal to. */
export function inputsDigest(inputs: Inputs): string {
  return digest(compact(inputs)).slice(0, 8);
}

/** The failures of some connectors, where the fleet as a whole cannot go on. */
export class FleetFailure extends Error {
  constructor(
    readonly failures: readonly MemberFailure[],
    /** How many were not tried after that. */
    readonly untried: number,
  ) {
    super(`${failures.length} connectors failed`);
    this.name = "FleetFailure";
  }
}

/** Reasons that concern more than one connector. */
const SHARED: ReadonlySet<ErrorCode> = new Set([
  "unauthorized",
  "forbidden",
  "rate_limited",
  "cancelled",
  "unavailable",
  "timeout",
  "network",
  "configuration",
  "ambiguous_create",
]);

/** A fleet's state while verbs run on its connectors. */
class Progress<V extends Stages> {
  readonly failures: MemberFailure[] = [];
  readonly untried = new Set<string>();
  readonly replaced: Map<string, State<V>>;
  readonly members: Map<string, Member<V>>;
  private shared = 0;

  constructor(
    members: ReadonlyMap<string, Member<V>>,
    replaced: ReadonlyMap<string, State<V>>,
    private readonly most: number,
  ) {
    this.members = new Map(members);
    this.replaced = new Map(replaced);
  }

  /** Does something for a connector; a failure is noted, and what was done before it is kept. */
  async attempt(key: string, work: () => Promise<unknown>): Promise<void> {
    if (this.shared >= this.most) {
      this.untried.add(key);
      return;
    }
    try {
      await work();
    } catch (error) {
      this.failures.push({ key, error });
      const cause = error instanceof PartialWrite ? error.cause : error;
      if (cause instanceof ConnectorError && SHARED.has(cause.code)) {
        this.shared += 1;
      }
      if (error instanceof PartialWrite) {
        this.put(key, { id: error.connectorId, state: error.state });
      }
    }
  }

  put(key: string, member: Member<V>): void {
    this.members.set(key, member);
  }

  /** True when the key has another connector than before. */
  holdsAnother(key: string, { id }: Member<V>): boolean {
    return this.members.get(key)?.id !== id;
  }

  /** Keeps what a later deletion needs. It holds no secret. */
  keepForDeletion({ id, state }: Member<V>): void {
    const { name, claim, workspace, createdAt } = state;
    this.replaced.set(id, makeState<V>({ name, claim, workspace, createdAt }));
  }

  outcome(): FleetOutcome<V> {
    return {
      state: { members: this.members, replaced: this.replaced },
      failures: this.failures,
      untried: this.untried,
    };
  }
}
