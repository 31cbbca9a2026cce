import { own } from "../message";
import { adoptingField } from "../model/field";
import { highestLimits } from "../model/project";
import { UNKNOWN_TEXT } from "../model/request";
import {
  type Inputs,
  makeState,
  type Projection,
  type Stages,
  type State,
  withIdentity,
} from "../model/state";
import { type Adapter, type CallContext, type Managed, type Ref, type Reporter } from "./adapter";
import { callContext } from "./call-context";
import { type ListCache } from "./list-cache";
import { ReadOutcomes } from "./read-outcomes";
import { allMissing, idWasReused } from "./refusals";
import { RisenLimits } from "./risen-limits";
import { type Residence, type Workspace } from "./workspace";

/** A connector as the vendor holds it. */
export type ReadConnector<V extends Stages = Stages> = Projection<V> & { readonly id: string };

/** What a reader shares with the other verbs of a deployment. */
interface Shared<V extends Stages> {
  readonly adapter: Adapter<V>;
  readonly listing: ListCache<V["remote"]>;
  readonly residence: Residence<V>;
  readonly reporter: Reporter;
  readonly workspace: Workspace | undefined;
}

/** Reads the connectors of a deployment, from one list where that tells enough. */
export class ConnectorReader<V extends Stages> {
  private readonly outcomes = new ReadOutcomes();
  private readonly limits: RisenLimits;

  constructor(private readonly shared: Shared<V>) {
    this.limits = new RisenLimits(shared.adapter.table, shared.reporter);
  }

  /**
   * What the vendor holds of a connector that is confirmed to be in this workspace; `undefined`
   * when it is gone.
   */
  async read(id: string, written: State<V>): Promise<ReadConnector<V> | undefined> {
    const { adapter, residence } = this.shared;
    const ref = adapter.parseId(id);
    const managed = written.claim === undefined ? undefined : written;
    const lookup = this.observe(ref, managed, callContext(adapter.table, "read", written, ref));
    if (managed) {
      this.outcomes.note(ref.scope, ref.key, lookup);
    }
    const remote = await lookup;
    if (remote === undefined) {
      return undefined;
    }
    const { inputs, state } = adapter.project(remote, ref, managed);
    if (managed) {
      await this.limits.compare({
        name: adapter.nameOf(remote),
        before: managed,
        now: state,
        highest: () => this.highestLimits(ref.scope),
      });
    }
    return {
      id: adapter.addressing.formatId(ref),
      inputs,
      state: residence.renewedIfKnown(withIdentity(state, written)),
    };
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
    const { adapter } = this.shared;
    const ref = adapter.parseId(id);
    const context = callContext(adapter.table, "read", inputs, ref);
    const written = makeState<V>({ ...adapter.stateOf(inputs), createdAt });
    const remote = await this.observe(ref, written, context);
    if (remote === undefined) {
      return undefined;
    }
    if (adapter.isUnfinished(remote, inputs)) {
      return adapter.createdState(remote, inputs);
    }
    return isWritten
      ? adapter.project(remote, ref, written).state
      : adapter.adoptedState(remote, ref, inputs);
  }

  /**
   * Rejects when no connector of this one's scope was found that reads of this process have looked
   * up, and there are several.
   */
  async refuseAllMissing(id: string): Promise<void> {
    const { adapter, workspace } = this.shared;
    const missing = await this.outcomes.allMissing(adapter.parseId(id).scope);
    if (missing.length > 1) {
      throw allMissing(adapter.table, missing, workspace);
    }
  }

  /** What the vendor holds, with everything that `managed` compares. */
  async observe(
    ref: Ref,
    managed: State<V> | undefined,
    context: CallContext,
  ): Promise<V["remote"] | undefined> {
    const { adapter, listing, residence } = this.shared;
    const id = adapter.addressing.formatId(ref);
    const listed = managed && (await listing.find(ref.scope, ref.key, id));
    const remote = listed ?? (await adapter.get(ref, context));
    if (remote === undefined) {
      return undefined;
    }
    if (managed && residence.isReused(id, managed, remote)) {
      this.warnReused(ref, managed);
      return undefined;
    }
    return adapter.complete(ref, remote, managed, context);
  }

  /** The highest limit of each kind among the connectors of a list that was read anyway. */
  private async highestLimits(scope: string): Promise<Readonly<Record<string, unknown>>> {
    const { adapter, listing } = this.shared;
    const states = [...(await listing.knownItems(scope))].map(
      (remote): Readonly<Record<string, unknown>> =>
        adapter.project(remote, { scope, key: adapter.keyOf(remote) }, undefined).state,
    );
    return highestLimits(adapter.table, states);
  }

  /** What a definition names is not known here: a native resource has its id among its outputs. */
  private warnReused({ key }: Ref, { name }: State<V>): void {
    const { table } = this.shared.adapter;
    const called = name === undefined || name === UNKNOWN_TEXT ? own`` : own`"${name}" `;
    this.shared.reporter.warn(
      `${String(idWasReused(table.vendor, own`${called}(id ${key})`))} The next pulumi up creates yours again. If the definition names the id, remove ${adoptingField(table)} first: that up would take the other connector over.`,
    );
  }
}
