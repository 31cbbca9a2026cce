import { ConnectorError } from "../errors";
import { own } from "../message";
import { loweredLimits } from "../model/project";
import {
  type CommonState,
  type HoldState,
  type Inputs,
  type Stages,
  type State,
  withIdentity,
} from "../model/state";
import { type Adapter, type CallContext, type Managed, type Ref, type Reporter } from "./adapter";
import { adopt, type Adopted, type Lookup, scopeOf } from "./adoption";
import { callContext } from "./call-context";
import { Claims, holdOf } from "./claims";
import { createOnce, type LostAnswerPolicy, lostAnswerPolicy } from "./create-once";
import { KeyedQueue } from "./keyed-queue";
import { ListCache } from "./list-cache";
import { PartialWrite } from "./partial-write";
import { ConnectorReader, type ReadConnector } from "./reader";
import { placeOf } from "./registrations";
import {
  goneWhileAdopted,
  heldByAnother,
  idWasReused,
  importedBefore,
  lostToOwner,
  reused,
  stoppedHalfway,
} from "./refusals";
import { sync, type SyncOptions } from "./sync";
import { Residence, type Workspace } from "./workspace";

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
  readonly reader: ConnectorReader<V>;
  private isNotReplacedSaid = false;

  constructor(
    private readonly adapter: Adapter<V>,
    private readonly reporter: Reporter,
    readonly claims: Claims = new Claims(),
    private readonly policy: LostAnswerPolicy = lostAnswerPolicy(),
    workspace?: Workspace,
  ) {
    this.listing = new ListCache(
      (scope, purpose) => adapter.list(scope, purpose),
      (remote) => adapter.keyOf(remote),
    );
    this.residence = new Residence(adapter, this.listing, workspace, () => {
      claims.activity.note();
      return claims.activity.untilQuiet();
    });
    const { listing, residence } = this;
    this.reader = new ConnectorReader({ adapter, listing, residence, reporter, workspace });
    this.lookup = { adapter, listing, claims, reporter, reused: residence.reused };
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
        const { ref, remote } = await this.claims.activity.whileWriting(() =>
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
          throw heldByAnother(this.adapter.table, adopted.ref, inputs.name);
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
      throw goneWhileAdopted(this.adapter.table, ref, context.name);
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
    const remote = await this.reader.observe(ref, undefined, this.context("read", {}, ref));
    if (remote === undefined) {
      return undefined;
    }
    const claim = Claims.newClaim();
    if (!this.claims.take(place, claim)) {
      throw importedBefore(this.adapter.table, ref);
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
      throw this.reused(id, ref, inputs);
    }
    if (
      hold?.alikeSince !== undefined &&
      !(await this.isItsOwn(id, hold.claim, { state }, inputs))
    ) {
      throw lostToOwner(this.adapter.table, ref, inputs.name);
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
            throw this.reused(id, ref, inputs);
          }
          held?.push(adapter.project(observed, ref, undefined).state);
          return observed;
        },
        willWrite: () => listing.wrote(id),
        record: (next) => void (reached = next),
      };
      const final = await this.claims.activity.whileWriting(() =>
        sync(options, ref, inputs, state, remote),
      );
      this.warnLoweredLimits(inputs, final);
      return { id, state: withIdentity(final, state) };
    } catch (error) {
      if (reached === undefined) {
        throw error;
      }
      // What was written must be recorded, or it would be created again.
      throw new PartialWrite(
        id,
        withIdentity(reached, state),
        error instanceof ConnectorError
          ? error
          : stoppedHalfway(adapter.table, ref, context, error),
      );
    }
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
    const found = await this.reader.read(id, written);
    if (found === undefined && written.claim !== undefined) {
      await this.reader.refuseAllMissing(id);
    }
    return found;
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

  private reused(id: string, ref: Ref, inputs: Inputs<V>): ConnectorError {
    return reused(this.adapter.table, ref, inputs.name, this.namedBy(inputs) === id);
  }

  private context(
    verb: CallContext["verb"],
    values: CommonState,
    ref?: Ref,
    held?: readonly CommonState[],
  ): CallContext {
    return callContext(this.adapter.table, verb, values, ref, held);
  }

  /** Warns about limits that the vendor's plan lowers. */
  private warnLoweredLimits(inputs: Inputs<V>, state: State<V>): void {
    const { table } = this.adapter;
    for (const { property, wanted, effective } of loweredLimits(table, inputs, state)) {
      this.reporter.warn(
        `${table.vendor} connector "${inputs.name}": ${property} is ${effective}, not ${wanted}: the workspace's plan lowers it. Lower ${property} in the definition, or ask ${table.vendor} for a larger plan.`,
      );
    }
  }
}
