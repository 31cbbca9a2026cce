import { ConnectorError } from "../errors";
import { joined, type Message, own, ownText } from "../message";
import { adoptingField, type FieldTable } from "../model/field";
import { isAnother, isSameConnector, otherFields } from "../model/identity";
import { type CommonState, type Stages, type State, withIdentity } from "../model/state";
import { type Adapter, type Managed, type Ref } from "./adapter";
import { callContext } from "./call-context";
import { type ListCache } from "./list-cache";

/** The workspace that a deployment reaches. */
export interface Workspace {
  /** What states hold of it: the origin, and a digest of origin and key. */
  readonly text: string;
  /** The settings that lead there, as users write them. */
  readonly settings: Message;
}

/** A connector that is not in this workspace; with what has its id there, if anything has. */
interface Stranger {
  readonly ref: Ref;
  readonly state: CommonState;
  readonly found?: {
    readonly createdAt: string | undefined;
    /** Fields by which it is not the state's, where it was created at the same time. */
    readonly others: readonly string[];
  };
}

/** True for a state that was written in another workspace. An old state does not say. */
export function isElsewhere(
  { workspace }: Pick<CommonState, "workspace">,
  here: Workspace | undefined,
): boolean {
  return workspace !== undefined && here !== undefined && workspace !== here.text;
}

/**
 * Holds connectors to their workspace. An id alone may be anybody's: another workspace has
 * connectors with the same ids. While a state's workspace is this one, it is trusted without a
 * call.
 */
export class Residence<V extends Stages> {
  /** Ids that were found to be another connector's than a state says. */
  readonly reused = new Set<string>();
  private readonly underWay = new Set<Promise<unknown>>();
  /** Connectors of another origin that were looked up here in vain. */
  private readonly elsewhere: Stranger[] = [];

  constructor(
    private readonly adapter: Adapter<V>,
    private readonly listing: ListCache<V["remote"]>,
    private readonly here: Workspace | undefined,
    /** Resolves when no other call is expected soon. */
    private readonly untilQuiet: () => Promise<void> = () => Promise.resolve(),
  ) {}

  /**
   * Looks up the connectors that were deployed to another workspace, in the one list of their
   * scope. Rejects with `conflict` unless all of them are in this workspace, recognised by the time
   * of their creation; where the origin is another one, unless those of the calls before, and of
   * the calls under way, are too.
   */
  async confirm(connectors: readonly Managed<V>[], purpose: "names" | "content"): Promise<void> {
    const moved = connectors.filter(({ state }) => isElsewhere(state, this.here));
    const there = moved[0]?.state.workspace;
    if (there === undefined) {
      return;
    }
    const comparison = Promise.all(moved.map((each) => this.compare(each, purpose)));
    this.underWay.add(comparison);
    const strangers = (await comparison.finally(() => this.underWay.delete(comparison))).flat();
    if (!isSameOrigin(there, this.here?.text)) {
      this.elsewhere.push(...strangers);
      await this.untilQuiet();
      await Promise.allSettled(this.underWay);
    }
    const others = this.elsewhere.filter(({ state }) => state.workspace === there);
    if (strangers.length + others.length > 0) {
      throw this.refusal(strangers.length > 0 ? strangers : others, there);
    }
  }

  /** The state of a connector that is in this workspace. */
  renewed(state: State<V>): State<V> {
    return this.here === undefined ? state : withIdentity(state, { workspace: this.here.text });
  }

  /**
   * The same, where the state says of which workspace it is; an old one waits for the next write.
   */
  renewedIfKnown(state: State<V>): State<V> {
    return state.workspace === undefined ? state : this.renewed(state);
  }

  /**
   * Whether a connector of this workspace is provably not the one of the state: the vendor has
   * reused the id.
   */
  isReused(id: string, state: CommonState, remote: V["remote"]): boolean {
    const isReused = isAnother(state, this.adapter.createdAtOf(remote));
    if (isReused) {
      this.reused.add(id);
    }
    return isReused;
  }

  /** The same, by a list that this deployment has read anyway. Makes no call. */
  async isKnownToBeReused(id: string, state: CommonState): Promise<boolean> {
    const { scope, key } = this.adapter.parseId(id);
    const remote = await this.listing.known(scope, key, id);
    return remote !== undefined && this.isReused(id, state, remote);
  }

  /**
   * Whether an id that is about to be deleted has become another connector's. Where the vendor may
   * reuse ids, it is looked up in one list of the deployment, and by itself only where that does
   * not tell. What is not found is not another's: it is gone, or not to be seen yet.
   */
  async isAnothers({ id, state }: Managed<V>): Promise<boolean> {
    const { adapter, listing } = this;
    if (await this.isKnownToBeReused(id, state)) {
      return true;
    }
    if (!adapter.mayReuseIds || state.createdAt === undefined || listing.isWritten(id)) {
      return false;
    }
    const ref = adapter.parseId(id);
    const listed = await listing.findOnce(ref.scope, ref.key);
    const remote = this.isDated(listed, state) ? listed : await this.get(ref, state);
    return remote !== undefined && this.isReused(id, state, remote);
  }

  private async compare(
    { id, state }: Managed<V>,
    purpose: "names" | "content",
  ): Promise<Stranger[]> {
    const ref = this.adapter.parseId(id);
    const remote = await this.find(ref, state, purpose);
    if (remote === undefined) {
      return [{ ref, state }];
    }
    const createdAt = this.adapter.createdAtOf(remote);
    const others = isSameConnector(state, { createdAt, name: this.adapter.nameOf(remote) })
      ? this.otherFields(ref, state, remote)
      : undefined;
    return others?.length === 0 ? [] : [{ ref, state, found: { createdAt, others: others ?? [] } }];
  }

  /**
   * Fields that tell a connector from another one that was created under the same id in the same
   * second: two installations may count alike, and one script may fill both. Under one origin,
   * where only the key differs, an id is one connector's.
   */
  private otherFields(ref: Ref, state: State<V>, remote: V["remote"]): string[] {
    const { table } = this.adapter;
    return isSameOrigin(state.workspace, this.here?.text)
      ? []
      : otherFields(table, state, this.adapter.project(remote, ref, state).state);
  }

  /** From the list; asked for by itself only where the list does not tell. */
  private async find(
    ref: Ref,
    state: CommonState,
    purpose: "names" | "content",
  ): Promise<V["remote"] | undefined> {
    const { items, complete } = await this.listing.of(ref.scope, purpose);
    const listed = items.get(ref.key);
    const tells = listed === undefined ? complete : this.isDated(listed, state);
    return tells ? listed : this.get(ref, state);
  }

  /** Whether a list says when a connector was created, or the state does not say it either. */
  private isDated(listed: V["remote"] | undefined, { createdAt }: CommonState): boolean {
    return (
      listed !== undefined &&
      (createdAt === undefined || this.adapter.createdAtOf(listed) !== undefined)
    );
  }

  private get(ref: Ref, state: CommonState): Promise<V["remote"] | undefined> {
    return this.adapter.get(ref, callContext(this.adapter.table, "read", state, ref));
  }

  private refusal(strangers: readonly Stranger[], there: string): ConnectorError {
    const { table } = this.adapter;
    const { text = "", settings = own`the settings` } = this.here ?? {};
    const isOne = strangers.length === 1;
    const plural = ownText(isOne ? "" : "s");
    const belong = ownText(isOne ? "belongs" : "belong");
    const message = joined(
      [
        own`${subjectOf(table, strangers)} ${belong} to the workspace ${there}, but the settings now lead to ${text}${sameOrigin(there, text)}, which has ${whatIsThere(strangers)}. Nothing was written or deleted.`,
        own`  To keep the old workspace, set ${settings} back, or pass the provider that was used before.`,
        ...changedThere(table, strangers),
        own`  To leave it, run pulumi destroy with the old settings, or remove the resource${plural} from the state with \`pulumi state delete\`, which leaves the connector${plural} there. Then run pulumi up with the new settings.`,
      ],
      "\n",
    );
    return new ConnectorError("conflict", message, {
      vendor: table.vendor,
      reason: "another_workspace",
    });
  }
}

function isSameOrigin(one: string | undefined, other: string | undefined): boolean {
  return one?.split(" ")[0] === other?.split(" ")[0];
}

function sameOrigin(one: string, other: string): Message {
  return ownText(isSameOrigin(one, other) ? " (another key)" : "");
}

/** What to do where the origin has a new name, and a connector was changed in the meantime. */
function changedThere(table: FieldTable, strangers: readonly Stranger[]): Message[] {
  const ids = strangers.flatMap(({ ref, found }) =>
    found && found.others.length > 0 ? [ref.key] : [],
  );
  return ids.length === 0
    ? []
    : [
        own`  If this is the old workspace under a new address, undo what was changed there since the last deployment or refresh (ids ${shortList(ids)}), or remove the resource from the state with \`pulumi state delete\` and name the id in ${ownText(adoptingField(table))}: the next pulumi up adopts the connector.`,
      ];
}

/** `Acme connector "Scoring" (id 1)`, or `3 Acme connectors (ids 1, 2, 3)`. */
function subjectOf({ vendor }: FieldTable, strangers: readonly Stranger[]): Message {
  const [only, ...others] = strangers;
  if (only !== undefined && others.length === 0) {
    const { name } = only.state;
    const called = name === undefined ? own`` : own` "${name}"`;
    return own`${ownText(vendor)} connector${called} (id ${only.ref.key})`;
  }
  return own`${strangers.length} ${ownText(vendor)} connectors (ids ${shortList(strangers.map(({ ref }) => ref.key))})`;
}

function whatIsThere(strangers: readonly Stranger[]): Message {
  const others = strangers.flatMap(({ ref, found }) => (found ? [{ ref, found }] : []));
  const [first] = others;
  if (first === undefined) {
    return strangers.length === 1 ? own`no connector with this id` : own`none with these ids`;
  }
  if (strangers.length === 1 && first.found.others.length > 0) {
    return own`a connector with this id that was created at the same time, but has another ${ownText(first.found.others.join(", "))}`;
  }
  if (strangers.length === 1) {
    const { createdAt } = strangers[0]?.state ?? {};
    const [now, then] = [
      first.found.createdAt ?? own`at an unknown time`,
      createdAt ?? own`at a known time`,
    ];
    return own`another connector with this id (created ${now}, not ${then})`;
  }
  const ids = shortList(others.map(({ ref }) => ref.key));
  return others.length === strangers.length
    ? own`other connectors with these ids`
    : own`other connectors with the ids ${ids}, and none with the rest`;
}

/** The most ids that a message names. */
const MOST_IDS = 20;

/** `1, 2, 3`, shortened where there are many. */
export function shortList(items: readonly string[]): string {
  const more = items.length - MOST_IDS;
  return `${items.slice(0, MOST_IDS).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
