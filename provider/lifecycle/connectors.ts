import { ConnectorError } from "../errors";
import { joined, own, ownText } from "../message";
import { type Adapter, type Ref, type Reporter, type CallContext } from "./adapter";
import { adopt, type Adopted, type Lookup, scopeOf } from "./adoption";
import { Claims, holdOf, placeOf } from "./claims";
import { createOnce, type LostAnswerPolicy, lostAnswerPolicy } from "./create-once";
import { ListCache } from "./list-cache";
import { PartialWrite } from "./partial-write-error";
import { sensitiveTexts } from "../model/secret-paths";
import {
  type CommonState,
  type HoldState,
  type Inputs,
  makeState,
  type Projection,
  type Stages,
  type State,
  withIdentity,
} from "../model/state";
import { sync, type SyncOptions } from "./sync";
import { UNKNOWN_TEXT } from "../model/request";
import { adoptingField } from "../model/field";
import { highestLimits, loweredLimits } from "../model/project";
import { idWasReused } from "./reused-id";
import { RisenLimits } from "./risen-limits";
import { ReadOutcomes } from "./all-missing";
import { Residence, shortList, type Workspace } from "./workspace";

/** A connector as the vendor holds it. */
export type ReadConnector<V extends Stages = Stages> = Projection<V> & { readonly id: string };

/** A connector's id and state after a verb. */
export interface Managed<V extends Stages = Stages> {
  readonly id: string;
  readonly state: State<V>;
}

/** A connector that is there, and that is still to be made equal to its inputs. */
interface Begun<V extends Stages> {
  readonly ref: Ref;
  readonly state: State<V>;
  /** The connector, where it has just been looked up. */
  readonly remote?: V["remote"];
  /** What the state says of an adoption by likeness. */
  readonly likeness?: HoldState;
}

/**
 * The verbs of a connector's life, for any vendor: observe, ensure, sync, return. One instance
 * serves all resources of a deployment, which share its list, its claims and, through the adapter,
 * the vendor's rate limit.
 */
export class Connectors<V extends Stages = Stages> {
  private readonly listing: ListCache<V["remote"]>;
  private readonly lookup: Lookup<V>;
  private readonly creates = new KeyedQueue();
  private readonly residence: Residence<V>;
  private readonly outcomes = new ReadOutcomes();
  private readonly limits: RisenLimits;
  private isNotReplacedSaid = false;

  constructor(
    private readonly adapter: Adapter<V>,
    private readonly reporter: Reporter,
    readonly claims: Claims = new Claims(),
    private readonly policy: LostAnswerPolicy = lostAnswerPolicy(),
    private readonly workspace?: Workspace,
  ) {
    this.listing = new ListCache(
      (scope, purpose) => adapter.list(scope, purpose),
      (remote) => adapter.keyOf(remote),
    );
    this.limits = new RisenLimits(adapter.table, reporter);
    this.residence = new Residence(adapter, this.listing, workspace, () => {
      claims.noteActivity();
      return claims.untilQuiet();
    });
    const { listing } = this;
    this.lookup = { adapter, listing, claims, reporter, reused: this.residence.reused };
  }

  /**
   * Adopts or creates. Namesakes go one after the other, so that a lost answer is never resolved
   * with another resource's connector. Rejects with {@link PartialWrite} once the connector exists.
   */
  async create(inputs: Inputs<V>): Promise<Managed<V>> {
    const context = this.context("create", inputs);
    const claim = Claims.newClaim();
    const key = `${scopeOf(this.adapter.addressing, inputs)}/${inputs.name.trim()}`;
    const begun = await this.creates.run(key, () => this.begin(inputs, claim, context));
    const state = this.residence.renewed(withIdentity(begun.state, { claim, ...begun.likeness }));
    return this.finish(inputs, { ...begun, state }, context);
  }

  private async begin(inputs: Inputs<V>, claim: string, context: CallContext): Promise<Begun<V>> {
    for (;;) {
      const adopted = await adopt(this.lookup, inputs, claim, context);
      if (adopted === undefined) {
        const { ref, remote } = await this.claims.whileWriting(() =>
          createOnce(this.lookup, inputs, claim, context, this.policy),
        );
        return { ref, state: this.adapter.createdState(remote, inputs) };
      }
      const id = this.adapter.addressing.formatId(adopted.ref);
      try {
        const begun = await this.take(adopted, inputs, context);
        const isLikely =
          adopted.likeness !== undefined && !this.adapter.isUnfinished(adopted.remote, inputs);
        if (await this.isItsOwn(id, claim, begun, inputs, isLikely)) {
          return begun;
        }
        if (adopted.likeness === undefined) {
          throw this.disputed(adopted.ref, inputs);
        }
        // Its owner has shown up; another namesake may be free.
        this.claims.giveUp(id, claim);
      } catch (error) {
        // A claim that stays would keep the resource that holds the connector from deleting it.
        this.claims.giveUp(id, claim);
        throw error;
      }
    }
  }

  /**
   * Whether nothing is to be written to a connector that a resource adopted, or no owner of it has
   * shown up until the engine is through the program.
   */
  private async isItsOwn(
    id: string,
    claim: string | undefined,
    { state, remote }: Pick<Begun<V>, "state" | "remote">,
    inputs: Inputs<V>,
    isLikely = false,
  ): Promise<boolean> {
    return (
      this.adapter.patch(inputs, state, remote).length === 0 ||
      (await this.claims.maySafelyWrite(id, claim, isLikely))
    );
  }

  /** A connector that was just adopted, with its state. */
  private async take(
    { ref, remote, likeness }: Adopted<V>,
    inputs: Inputs<V>,
    context: CallContext,
  ): Promise<Begun<V>> {
    this.listing.wrote(this.adapter.addressing.formatId(ref));
    const hold = likeness && { likeness };
    if (this.adapter.isUnfinished(remote, inputs)) {
      return { ref, state: this.adapter.createdState(remote, inputs), ...hold };
    }
    const written = this.adapter.stateOf(inputs);
    const complete = await this.adapter.complete(ref, remote, written, { ...context, ref });
    if (complete === undefined) {
      throw this.gone(ref, context);
    }
    const state = this.adapter.adoptedState(complete, ref, inputs);
    return { ref, state, remote: complete, ...hold };
  }

  /**
   * What `create` is going to do, in the same words and with reads alone: resolves with what is
   * known of the connector that it takes over, `undefined` where it creates one, and rejects where
   * it refuses.
   */
  async foresee(inputs: Inputs<V>): Promise<Managed<V> | undefined> {
    const context = this.context("create", inputs);
    const adopted = await adopt(this.lookup, inputs, Claims.newClaim(), context);
    if (adopted === undefined) {
      return undefined;
    }
    const { ref, remote } = adopted;
    const { state } = this.adapter.project(remote, ref, undefined);
    return { id: this.adapter.addressing.formatId(ref), state };
  }

  /**
   * Takes a connector over as it is, with reads alone; `undefined` when there is none of this id.
   * Rejects with `conflict` when another resource of this deployment has it.
   *
   * @param define the inputs that say what the vendor holds.
   */
  async takeOver(
    id: string,
    define: (ref: Ref, remote: V["remote"]) => Inputs<V>,
  ): Promise<Managed<V> | undefined> {
    const ref = this.adapter.parseId(id);
    const place = this.adapter.addressing.formatId(ref);
    const remote = await this.observe(ref, undefined, this.context("read", {}, ref));
    if (remote === undefined) {
      return undefined;
    }
    const claim = Claims.newClaim();
    if (!this.claims.take(place, claim)) {
      const { vendor } = this.adapter.table;
      throw new ConnectorError(
        "conflict",
        own`${ownText(vendor)} connector ${ref.key} is managed by another resource of this program already. Import it once`,
        { vendor },
      );
    }
    const written = this.adapter.stateOf(define(ref, remote));
    const { state } = this.adapter.project(remote, ref, written);
    return { id: place, state: this.residence.renewed(withIdentity(state, { claim })) };
  }

  /**
   * Makes sure that these connectors are the ones in this workspace. No call unless they were
   * deployed to another one; rejects with `conflict` then unless all of them are found here.
   * Resolves with their states for this workspace.
   */
  async confirm(
    connectors: readonly Managed<V>[],
    purpose: "names" | "content" = "names",
  ): Promise<Managed<V>[]> {
    await this.residence.confirm(connectors, purpose);
    return connectors.map(({ id, state }) => ({ id, state: this.residence.renewed(state) }));
  }

  /**
   * Whether a list that was read anyway, or a resource that has the other one, shows that the vendor
   * gave a connector's id to another one. Makes no call.
   */
  async isReused({ id, state }: Managed<V>): Promise<boolean> {
    return this.claims.hasNewer(id, state.createdAt) || this.residence.isKnownToBeReused(id, state);
  }

  /** The id of the connector that a definition names. */
  namedBy(inputs: Inputs<V>): string | undefined {
    return placeOf(this.adapter.addressing, inputs).id;
  }

  /** Makes the vendor hold `inputs`. No difference, no call. */
  async update(id: string, state: State<V>, inputs: Inputs<V>): Promise<Managed<V>> {
    const ref = this.adapter.parseId(id);
    const hold = holdOf(state, this.namedBy(inputs) === id);
    this.claims.hold(id, hold);
    await this.confirm([{ id, state }]);
    if (await this.isReused({ id, state })) {
      throw this.reused(ref, inputs);
    }
    if (
      hold?.alikeSince !== undefined &&
      !(await this.isItsOwn(id, hold.claim, { state }, inputs))
    ) {
      throw this.lost(ref, inputs);
    }
    // A refusal may repeat both what the vendor holds and what was sent.
    const held: CommonState[] = [state];
    const context = this.context("update", inputs, ref, held);
    return this.finish(inputs, { ref, state: this.residence.renewed(state) }, context, held);
  }

  /**
   * @param held given for a connector that existed before: what the context knows that the vendor
   *   holds.
   */
  private async finish(
    inputs: Inputs<V>,
    { ref, state, remote }: Begun<V>,
    given: CallContext,
    held?: CommonState[],
  ): Promise<Managed<V>> {
    const { adapter, reporter, listing } = this;
    const id = adapter.addressing.formatId(ref);
    const context = { ...given, ref };
    let reached = held === undefined ? state : undefined;
    try {
      const options: SyncOptions<V> = {
        adapter,
        reporter,
        context,
        observe: async () => {
          const listed = (): Promise<V["remote"] | undefined> =>
            listing.findNamed(ref.scope, ref.key, id);
          const observed = await adapter.observe(ref, listed, context);
          if (this.residence.isReused(id, state, observed)) {
            throw this.reused(ref, inputs);
          }
          held?.push(adapter.project(observed, ref, undefined).state);
          return observed;
        },
        willWrite: () => listing.wrote(id),
        record: (next) => void (reached = next),
      };
      const final = await this.claims.whileWriting(() => sync(options, ref, inputs, state, remote));
      this.reportCaps(inputs, final);
      return { id, state: withIdentity(final, state) };
    } catch (error) {
      if (reached === undefined) {
        throw error;
      }
      // What was written must be recorded, or it would be created again.
      throw new PartialWrite(
        id,
        withIdentity(reached, state),
        error instanceof ConnectorError ? error : this.stopped(ref, context, error),
      );
    }
  }

  /**
   * The state of a connector of which little more than its place is known, and whether `inputs`
   * were written whole; `undefined` when it is gone. What cannot be read back counts as written
   * then, and as not there otherwise.
   */
  async recover(
    { id, state: { createdAt } }: Managed<V>,
    inputs: Inputs<V>,
    isWritten: boolean,
  ): Promise<State<V> | undefined> {
    const ref = this.adapter.parseId(id);
    const context = this.context("read", inputs, ref);
    const written = makeState<V>({ ...this.adapter.stateOf(inputs), createdAt });
    const remote = await this.observe(ref, written, context);
    if (remote === undefined) {
      return undefined;
    }
    if (this.adapter.isUnfinished(remote, inputs)) {
      return this.adapter.createdState(remote, inputs);
    }
    return isWritten
      ? this.adapter.project(remote, ref, written).state
      : this.adapter.adoptedState(remote, ref, inputs);
  }

  /**
   * What the vendor holds, as inputs and state; `undefined` when it says that the connector is
   * gone. A look-up that failed is an error, never absence, and where several were looked up and
   * all are missing, so is that.
   *
   * @param written the state; without a claim in it nothing is managed, and everything there is
   *   comes back.
   */
  async read(id: string, written: State<V>): Promise<ReadConnector<V> | undefined> {
    await this.confirm([{ id, state: written }], "content");
    const found = await this.lookUp(id, written);
    if (found === undefined && written.claim !== undefined) {
      await this.refuseAllMissing(id);
    }
    return found;
  }

  /**
   * Rejects when no connector of this one's scope was found that reads of this process have looked
   * up, and there are several.
   */
  async refuseAllMissing(id: string): Promise<void> {
    const missing = await this.outcomes.allMissing(this.adapter.parseId(id).scope);
    if (missing.length > 1) {
      throw this.allMissing(missing);
    }
  }

  /**
   * As `read`, of a connector that is confirmed to be in this workspace, and without a view to the
   * others.
   */
  async lookUp(id: string, written: State<V>): Promise<ReadConnector<V> | undefined> {
    const ref = this.adapter.parseId(id);
    const managed = written.claim === undefined ? undefined : written;
    const lookup = this.observe(ref, managed, this.context("read", written, ref));
    if (managed) {
      this.outcomes.note(ref.scope, ref.key, lookup);
    }
    const remote = await lookup;
    if (remote === undefined) {
      return undefined;
    }
    const { inputs, state } = this.adapter.project(remote, ref, managed);
    if (managed) {
      await this.limits.compare({
        name: this.adapter.nameOf(remote),
        before: managed,
        now: state,
        highest: () => this.highestLimits(ref.scope),
      });
    }
    return {
      id: this.adapter.addressing.formatId(ref),
      inputs,
      state: this.residence.renewedIfKnown(withIdentity(state, written)),
    };
  }

  /** The highest limit of each kind among the connectors of a list that was read anyway. */
  private async highestLimits(scope: string): Promise<Readonly<Record<string, unknown>>> {
    const { adapter, listing } = this;
    const states = [...(await listing.knownItems(scope))].map(
      (remote): Readonly<Record<string, unknown>> =>
        adapter.project(remote, { scope, key: adapter.keyOf(remote) }, undefined).state,
    );
    return highestLimits(adapter.table, states);
  }

  /** What the vendor holds, with everything that `managed` compares. */
  private async observe(
    ref: Ref,
    managed: State<V> | undefined,
    context: CallContext,
  ): Promise<V["remote"] | undefined> {
    const id = this.adapter.addressing.formatId(ref);
    const listed = managed && (await this.listing.find(ref.scope, ref.key, id));
    const remote = listed ?? (await this.adapter.get(ref, context));
    if (remote === undefined) {
      return undefined;
    }
    if (managed && this.residence.isReused(id, managed, remote)) {
      this.warnReused(ref, managed);
      return undefined;
    }
    return this.adapter.complete(ref, remote, managed, context);
  }

  /** What a definition names is not known here: a native resource has its id among its outputs. */
  private warnReused({ key }: Ref, { name }: State<V>): void {
    const { vendor } = this.adapter.table;
    const called = name === undefined || name === UNKNOWN_TEXT ? own`` : own`"${name}" `;
    this.reporter.warn(
      `${String(idWasReused(vendor, own`${called}(id ${key})`))} The next pulumi up creates yours again. If the definition names the id, remove ${adoptingField(this.adapter.table)} first: that up would take the other connector over.`,
    );
  }

  /**
   * Deletes. Something gone is success; so is an id that was given to another connector. A
   * connector that another resource of this deployment took over, or that a definition names,
   * stays: the resource was renamed, moved or replaced, not the connector given up.
   */
  async delete(id: string, state: State<V>): Promise<void> {
    const ref = this.adapter.parseId(id);
    await this.confirm([{ id, state }]);
    if (this.stays(ref, id, state)) {
      return;
    }
    if (await this.residence.isAnothers({ id, state })) {
      const { vendor } = this.adapter.table;
      this.reporter.warn(
        `${String(idWasReused(vendor, own`${ref.key}`))} That one stays: nothing was deleted.`,
      );
      this.claims.release(id);
      return;
    }
    // Another resource may have taken it over during the look-up.
    if (this.stays(ref, id, state)) {
      return;
    }
    await this.adapter.remove(ref, this.context("delete", state, ref));
    this.claims.release(id);
    this.listing.removed(ref.scope, ref.key, id);
  }

  /** Whether another resource has a connector, so that it stays. Says so. */
  private stays({ key }: Ref, id: string, state: State<V>): boolean {
    const owner = this.otherOwner(id, state);
    if (owner !== undefined) {
      this.reporter.info(`${this.adapter.table.vendor} connector ${key} stays: ${owner}.`);
    }
    return owner !== undefined;
  }

  /** Why a connector that its resource gives up stays, if it does. */
  private otherOwner(id: string, state: State<V>): string | undefined {
    if (this.claims.isLost(id, holdOf(state))) {
      this.claims.forgetLost(id, holdOf(state));
      return "it belongs to another resource, from which a look-alike had adopted it";
    }
    if (this.claims.heldByAnother(id, state.claim)) {
      if (this.claims.isLookalike(id)) {
        this.warnNotReplaced();
      }
      return "another resource of this program manages it now";
    }
    if (this.claims.isReserved(id)) {
      // With `deleteBeforeReplace`, the resource that names it comes after this.
      this.claims.release(id);
      return "a definition of this program names it";
    }
    return undefined;
  }

  /**
   * A rename and a replacement that was asked for look the same: the engine does not say which one
   * it is.
   */
  private warnNotReplaced(): void {
    if (this.isNotReplacedSaid) {
      return;
    }
    this.isNotReplacedSaid = true;
    this.reporter.warn(
      "A connector that a new resource adopted because it looks the same was not deleted. This is right for a resource that has a new name. " +
        'If pulumi up --replace or pulumi state taint was to replace it, nothing was replaced: write onConflict: "create" in the definition and run pulumi up --replace again, ' +
        "which creates a new connector and deletes the old one.",
    );
  }

  private context(
    verb: CallContext["verb"],
    values: CommonState,
    ref?: Ref,
    held: readonly CommonState[] = [],
  ): CallContext {
    const { name } = values;
    // Only refusals need them, and a large document has many.
    const sensitive = lazily(() =>
      [values, ...held].flatMap((texts) => sensitiveTexts(this.adapter.table, texts)),
    );
    return {
      verb,
      ...(name !== undefined && name !== UNKNOWN_TEXT && { name }),
      ...(ref && { ref }),
      sensitive,
    };
  }

  private gone(ref: Ref, { name }: CallContext): ConnectorError {
    const { vendor } = this.adapter.table;
    return new ConnectorError(
      "not_found",
      own`${ownText(vendor)} connector "${name ?? ""}" (id ${ref.key}) was deleted while it was being adopted. Run pulumi up again`,
      { vendor, retryable: true },
    );
  }

  private disputed(ref: Ref, { name }: Inputs<V>): ConnectorError {
    const { table } = this.adapter;
    const { vendor } = table;
    return new ConnectorError(
      "conflict",
      own`${ownText(vendor)} connector ${ref.key}, which ${ownText(adoptingField(table))} of "${name}" names, is managed by another resource of this program. Nothing was written. Let only one resource name it`,
      { vendor },
    );
  }

  private lost(ref: Ref, { name }: Inputs<V>): ConnectorError {
    const { vendor } = this.adapter.table;
    return new ConnectorError(
      "conflict",
      own`${ownText(vendor)} connector ${ref.key} belongs to another resource of this program; "${name}" adopted it because it looks the same. Nothing was written. Run pulumi up again: "${name}" gets a connector of its own`,
      { vendor },
    );
  }

  private reused(ref: Ref, inputs: Inputs<V>): ConnectorError {
    const { table } = this.adapter;
    const { vendor } = table;
    const isNamed = this.namedBy(inputs) === this.adapter.addressing.formatId(ref);
    const first = ownText(
      isNamed ? `Remove ${adoptingField(table)} from the definition, then run` : "Run",
    );
    return new ConnectorError(
      "not_found",
      own`${idWasReused(vendor, own`"${inputs.name}" (id ${ref.key})`)} Nothing was written. ${first} pulumi refresh, then pulumi up: yours is created again`,
      { vendor },
    );
  }

  private allMissing(keys: readonly string[]): ConnectorError {
    const { vendor } = this.adapter.table;
    const { text, settings } = this.workspace ?? {
      text: own`this workspace`,
      settings: own`the settings`,
    };
    const message = joined(
      [
        own`None of the ${keys.length} ${ownText(vendor)} connectors that were looked up exists in ${text} (ids ${shortList(keys)}). The refresh stops here: it would forget all of them, and the next pulumi up would create them a second time.`,
        own`  Check ${settings}: they may lead to another workspace, or to a sandbox that was restarted.`,
        own`  If the connectors were deleted on purpose, remove the resources from the state with \`pulumi state delete\`; pulumi up creates them again.`,
      ],
      "\n",
    );
    return new ConnectorError("not_found", message, { vendor, reason: "another_workspace" });
  }

  /** An internal error. Its text may hold anything, so it is not shown. */
  private stopped(ref: Ref, { verb, name }: CallContext, cause: unknown): ConnectorError {
    const { vendor } = this.adapter.table;
    const message = own`The ${ownText(`${verb} of ${vendor}`)} connector "${name ?? ""}" (id ${ref.key}) stopped half-way because of an internal error in pulumi-connectors. Please report it`;
    return new ConnectorError("unexpected_response", message, { vendor, cause });
  }

  /** Warns about limits that the vendor's plan lowers. */
  private reportCaps(inputs: Inputs<V>, state: State<V>): void {
    const { table } = this.adapter;
    for (const { property, wanted, effective } of loweredLimits(table, inputs, state)) {
      this.reporter.warn(
        `${table.vendor} connector "${inputs.name}": ${property} is ${effective}, not ${wanted}: the workspace's plan lowers it. Lower ${property} in the definition, or ask ${table.vendor} for a larger plan.`,
      );
    }
  }
}

/** A list that is computed when it is first iterated. */
function lazily<T>(make: () => readonly T[]): Iterable<T> {
  let made: readonly T[] | undefined;
  return { [Symbol.iterator]: () => (made ??= make())[Symbol.iterator]() };
}

/** Runs work under one key one after the other; different keys do not wait for each other. */
export class KeyedQueue {
  private readonly last = new Map<string, Promise<unknown>>();

  /** Runs `work` when everything added before under this key has ended, however it ended. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.last.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.last.get(key) === mine) {
        this.last.delete(key);
      }
    }
  }
}
