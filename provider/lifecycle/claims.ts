import { randomBytes } from "node:crypto";
import { isAnother, isEarlier } from "../model/identity";
import { type CommonState, type HoldState, type Stages } from "../model/state";
import { type Addressing } from "./adapter";

/** What the old inputs of a resource say of the connector that it holds. */
export interface Expected {
  readonly scope?: string;
  /** The resource id of the connector that they name. */
  readonly id?: string;
}

/** A resource that the engine checks. */
export interface Registration {
  /** The connector's name; empty while it is not known. */
  readonly name: string;
  /** The resource id of the connector that its inputs name to be adopted. */
  readonly adopts?: string;
  /** What the inputs of the last deployment say, where the resource exists. */
  readonly previous?: Expected;
  /** True when a create makes another connector, also beside one of the same name. */
  readonly isAlwaysNew?: boolean;
}

/** What inputs say of their connector's place, as far as they are known. */
export function placeOf<V extends Stages>(
  addressing: Addressing<V>,
  inputs: Partial<V["inputs"]>,
): Expected {
  const scope = addressing.scopeOf(inputs);
  if (scope === undefined) {
    return {};
  }
  const key = addressing.adopts(inputs);
  return { scope, ...(key !== undefined && { id: addressing.formatId({ scope, key }) }) };
}

/** What the claims need to know of a resource that the engine checks. */
export function registrationOf<V extends Stages>(
  addressing: Addressing<V>,
  inputs: Partial<V["inputs"]>,
  previous: Partial<V["inputs"]> | undefined,
): Registration {
  const { id } = placeOf(addressing, inputs);
  return {
    name: inputs.name ?? "",
    ...(id !== undefined && { adopts: id }),
    ...(previous && { previous: placeOf(addressing, previous) }),
    ...(inputs.onConflict === "create" && { isAlwaysNew: true }),
  };
}

/** A resource's hold on a connector. */
export interface Hold {
  readonly claim: string;
  /** Set where the resource adopted it because it looks alike: since when. An owner has none. */
  readonly alikeSince?: string;
  /** When the connector was created. An id may have been one connector's first, then another's. */
  readonly createdAt?: string | undefined;
  /** True when the resource goes on to another connector, so that one that names this may take it. */
  readonly isLeft?: boolean;
}

/** What becomes of a resource's hold on a connector. See {@link Claims.manage}. */
export type Managing = "held" | "taken back" | "lost" | "gone" | "conflict";

/**
 * The hold that a state says; `undefined` where it has no claim. A definition that names the
 * connector (`isNamed`) owns it, however its resource came by it.
 */
export function holdOf(
  { claim, adoptedBy, adoptedAt = "", createdAt }: HoldState & Pick<CommonState, "createdAt">,
  isNamed = false,
): Hold | undefined {
  const isAlike = adoptedBy === "likeness" && !isNamed;
  return claim === undefined
    ? undefined
    : { claim, createdAt, ...(isAlike && { alikeSince: adoptedAt }) };
}

/**
 * What the other provider processes of a deployment hold: an explicit provider is a process of its
 * own.
 */
export interface SharedClaims {
  /**
   * What another process says of a connector: the resource that holds it, or no claim where a
   * definition names it; `undefined` when no other process says anything.
   */
  ofOthers(id: string): Partial<Hold> | undefined;
  /**
   * Shows the others what this process says.
   *
   * @returns false when another process was first with a claim, and `isTaken` asks for one that is
   *   free.
   */
  publish(id: string, hold: Hold | undefined, isTaken?: boolean): boolean;
  withdraw(id: string): void;
  /**
   * Notes that a look-alike has lost its connector to the owner. Outlasts the deployment: the
   * look-alike may be compared before its owner shows up, in the next one too.
   */
  noteLost(id: string, claim: string): void;
  isLost(id: string, claim: string): boolean;
  /** Forgets a loss when the look-alike is gone. */
  forgetLost(id: string, claim: string): void;
  /** Milliseconds since another process was shown a resource. */
  quietFor(): number;
  noteActivity(): void;
}

/**
 * Which connectors the resources of this deployment hold, as far as its processes have seen: each
 * managed connector by the claim in its resource's state. It keeps two resources from sharing one
 * connector, and a resource that leaves the program from deleting a connector that another one has
 * taken over.
 */
export class Claims {
  private readonly holders = new Map<string, Hold>();
  private readonly reserved = new Set<string>();
  /** Connectors that this deployment adopted because they look alike. */
  private readonly lookalikes = new Set<string>();
  /** Connectors that look-alikes have lost to their owners, with the claims of the look-alikes. */
  private readonly lost = new Map<string, Set<string>>();
  /** Connectors that more than one resource owns, by their states and definitions. */
  private readonly disputed = new Set<string>();
  private readonly expected = new Map<string, Expected[]>();
  private readonly writes = new Set<Promise<unknown>>();
  private lastActivity = 0;
  private registered: Promise<void> | undefined;
  private longQuiet: Promise<void> | undefined;

  /** @param shared what other processes hold; without it, this process is the whole deployment. */
  constructor(private readonly shared?: SharedClaims) {}

  /** Another provider's process needs time to start before it shows its resources. */
  private get quietTime(): number {
    return this.shared ? 2_000 : 300;
  }

  /**
   * True when a claim of this process keeps every process of the deployment from deleting the
   * connector.
   */
  get isShared(): boolean {
    return this.shared !== undefined;
  }

  /** A claim for a new resource: 8 hexadecimal digits. */
  static newClaim(): string {
    return randomBytes(4).toString("hex");
  }

  /** Notes a resource that the engine checks, for the decisions of the creates that follow. */
  register({ name, adopts, previous }: Registration): void {
    this.noteActivity();
    if (previous) {
      this.expect(name, previous);
    } else if (adopts !== undefined) {
      this.reserve(adopts);
    }
  }

  /**
   * Notes that the engine checks a resource that exists. It compares it next, and `manage` is
   * called; where it does not, the resource is being replaced (`--replace`, another provider) or
   * left out (`--target`), and its connector is its own still.
   */
  expect(name: string, old: Expected = {}): void {
    this.noteActivity();
    this.expected.set(name, [...(this.expected.get(name) ?? []), old]);
  }

  /**
   * True when a resource that exists, with a connector of this name, has not shown which one it
   * holds.
   */
  expects(name: string): boolean {
    return (this.expected.get(name) ?? []).length > 0;
  }

  /**
   * True when a resource that exists and has not shown which connector it holds may hold this one.
   */
  expectsHolder(name: string, scope: string, id: string): boolean {
    return (this.expected.get(name) ?? []).some(
      (old) => (old.scope ?? scope) === scope && (old.id ?? id) === id,
    );
  }

  /**
   * The resource of this name shows which connector it holds: what was expected of it is fulfilled.
   */
  private fulfil(name: string, id: string): void {
    const open = this.expected.get(name) ?? [];
    const met =
      open.find((old) => old.id === id) ?? open.find((old) => old.id === undefined) ?? open[0];
    this.expected.set(
      name,
      open.filter((old) => old !== met),
    );
  }

  /**
   * Notes that a new resource names this connector: no other one takes it just because it looks
   * alike.
   */
  reserve(id: string): void {
    this.reserved.add(id);
    if (!this.has(id)) {
      this.shared?.publish(id, undefined);
    }
  }

  /** True when a new resource's definition names this connector. */
  isReserved(id: string): boolean {
    return this.reserved.has(id) || isOnlyNamed(this.shared?.ofOthers(id));
  }

  /**
   * True when no resource holds the connector, and no definition names it.
   *
   * @param createdAt when the connector that has the id now was created.
   */
  isFree(id: string, createdAt?: string): boolean {
    const isHeld = this.has(id) && !isAnother(this.holderOf(id) ?? {}, createdAt);
    return !isHeld && !this.isReserved(id) && !this.lost.has(id);
  }

  /** True when a resource holds a connector that had the id before the one of this time. */
  hasOlder(id: string, createdAt: string | undefined): boolean {
    return isEarlier(this.holderOf(id) ?? {}, createdAt);
  }

  /** True when a resource holds the connector that got the id after the one of this time. */
  hasNewer(id: string, createdAt: string | undefined): boolean {
    return isEarlier({ createdAt }, this.holderOf(id)?.createdAt);
  }

  private holderOf(id: string): Hold | undefined {
    const own = this.holders.get(id);
    if (own !== undefined && own.alikeSince === undefined) {
      return own;
    }
    const { claim, ...hold } = this.shared?.ofOthers(id) ?? {};
    const other = claim === undefined ? undefined : { claim, ...hold };
    return own === undefined || (other !== undefined && outranks(other, own)) ? other : own;
  }

  /**
   * Notes that a resource of the program manages this connector: `"conflict"` when another one
   * does. An owner takes it from a look-alike (`"taken back"`), and a look-alike loses it to the
   * owner (`"lost"`), for good. Where the vendor has reused the id, one is `"gone"`.
   */
  manage(id: string, hold: Hold | undefined, name: string): Managing {
    this.noteActivity();
    this.fulfil(name, id);
    return this.hold(id, hold);
  }

  /** The same, where the engine has compared the resource before. */
  hold(id: string, hold: Hold | undefined): Managing {
    if (hold === undefined) {
      return "held";
    }
    const other = this.otherHolder(id, hold);
    const outcome = this.isLost(id, hold) ? "lost" : against(other, hold);
    if (outcome === "lost") {
      this.noteLost(id, hold.claim);
    } else if (outcome === "conflict") {
      this.disputed.add(id);
    } else if (outcome !== "gone") {
      this.holders.set(id, hold);
      this.shared?.publish(id, hold);
    }
    if (outcome === "taken back" && other) {
      this.noteLost(id, other.claim);
    }
    return outcome;
  }

  private otherHolder(id: string, { claim }: Hold): Hold | undefined {
    const holder = this.holderOf(id);
    return holder?.claim === claim || holder?.isLeft === true ? undefined : holder;
  }

  /**
   * Notes that a resource goes on to another connector: this one stays its own to delete, unless a
   * resource takes it that names it.
   */
  leave(id: string, hold: Hold | undefined, name: string): void {
    this.noteActivity();
    this.fulfil(name, id);
    if (hold !== undefined && !this.has(id)) {
      this.holders.set(id, { ...hold, isLeft: true });
      this.shared?.publish(id, { ...hold, isLeft: true });
    }
  }

  /**
   * Takes a connector for a new resource. Returns false when another resource holds it.
   *
   * @param createdAt when it was created: a resource that holds another one of the same id holds
   *   one that is gone.
   */
  take(id: string, claim: string, createdAt?: string): boolean {
    const isReused = isAnother(this.holderOf(id) ?? {}, createdAt);
    const hold = { claim, createdAt };
    if (!this.canBeTaken(id, createdAt) || this.shared?.publish(id, hold, !isReused) === false) {
      return false;
    }
    this.holders.set(id, hold);
    return true;
  }

  /** True when a resource that names the connector may take it. */
  canBeTaken(id: string, createdAt?: string): boolean {
    const holder = this.holderOf(id);
    return holder === undefined || holder.isLeft === true || isAnother(holder, createdAt);
  }

  /**
   * Notes that a connector that was just taken is there because of its content alone.
   *
   * @returns what the state says of that.
   */
  noteLookalike(id: string, claim: string): HoldState {
    const adoptedAt = new Date().toISOString();
    this.lookalikes.add(id);
    const hold = { ...this.holders.get(id), claim, alikeSince: adoptedAt };
    this.holders.set(id, hold);
    this.shared?.publish(id, hold);
    return { adoptedBy: "likeness", adoptedAt };
  }

  /**
   * Resolves with true when a resource may write to the connector that it adopted: no other one has
   * turned out to own it.
   *
   * @param isLikely true where nothing but a name says that the connector may be this resource's:
   *   its owner may be slow, and gets more time.
   */
  async maySafelyWrite(id: string, claim: string | undefined, isLikely = false): Promise<boolean> {
    // Once for all: another wait for each of many connectors would add up.
    await (this.registered ??= this.untilRegistered(false));
    if (isLikely) {
      await (this.longQuiet ??= this.untilQuiet(5 * this.quietTime));
    }
    await this.untilQuiet();
    return !this.heldByAnother(id, claim) && !this.disputed.has(id);
  }

  private noteLost(id: string, claim: string): void {
    this.lost.set(id, (this.lost.get(id) ?? new Set()).add(claim));
    this.shared?.noteLost(id, claim);
  }

  /** True when a look-alike has lost the connector to its owner. */
  isLost(id: string, hold: Hold | undefined): boolean {
    return (
      hold?.alikeSince !== undefined &&
      (this.lost.get(id)?.has(hold.claim) === true || this.shared?.isLost(id, hold.claim) === true)
    );
  }

  /** Forgets a loss: the look-alike has no part in the connector any more. */
  forgetLost(id: string, hold: Hold | undefined): void {
    if (hold !== undefined) {
      this.shared?.forgetLost(id, hold.claim);
    }
  }

  /** True for a connector that this process adopted because it looks alike. */
  isLookalike(id: string): boolean {
    return this.lookalikes.has(id);
  }

  /** True while a resource of this deployment holds the connector. */
  has(id: string): boolean {
    return this.holderOf(id) !== undefined;
  }

  /**
   * True when a resource with another claim holds the connector: then it is not this one's to
   * delete.
   */
  heldByAnother(id: string, claim: string | undefined): boolean {
    const holder = this.holderOf(id);
    return holder !== undefined && claim !== undefined && holder.claim !== claim;
  }

  /** Gives a connector up that was taken in vain; its owner's hold stays. */
  giveUp(id: string, claim: string): void {
    if (this.holders.get(id)?.claim === claim) {
      this.release(id);
    }
  }

  /** Gives a connector up, for example after its deletion. */
  release(id: string): void {
    this.holders.delete(id);
    this.lookalikes.delete(id);
    if (this.reserved.has(id)) {
      this.shared?.publish(id, undefined);
    } else {
      this.shared?.withdraw(id);
    }
  }

  /** Notes that the engine is still going through the program's resources. */
  noteActivity(): void {
    this.lastActivity = performance.now();
    this.shared?.noteActivity();
  }

  /** Does the writes of one resource. Resources that depend on it register only after that. */
  async whileWriting<T>(work: () => Promise<T>): Promise<T> {
    const running = work();
    const settled = running.catch(() => undefined);
    this.writes.add(settled);
    try {
      return await running;
    } finally {
      this.writes.delete(settled);
    }
  }

  /**
   * Resolves when every resource that may own a connector should have registered: also those that
   * depend on what is being written now, and, where `ofAll`, on what is written after that.
   */
  async untilRegistered(ofAll: boolean): Promise<void> {
    await this.untilQuiet();
    while (this.writes.size > 0) {
      await Promise.all(this.writes);
      // What depends on them comes now.
      this.noteActivity();
      await this.untilQuiet();
      if (!ofAll) {
        return;
      }
    }
  }

  /**
   * Resolves when the engine has shown no new resource for `quiet` ms (at most `limit` ms). Before
   * a connector is adopted just because it looks alike, all resources that may own it must have
   * registered.
   */
  async untilQuiet(quiet = this.quietTime, limit = 15_000): Promise<void> {
    const end = performance.now() + limit;
    for (;;) {
      const now = performance.now();
      const quietFor = Math.min(now - this.lastActivity, this.shared?.quietFor() ?? Infinity);
      const wait = quiet - quietFor;
      if (wait <= 0 || now >= end) {
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

/** What becomes of a hold on a connector that another resource has, by the states of both. */
function against(holder: Hold | undefined, hold: Hold): Managing {
  if (holder === undefined) {
    return "held";
  }
  if (isAnother(holder, hold.createdAt)) {
    return isEarlier(hold, holder.createdAt) ? "gone" : "held";
  }
  if (outranks(holder, hold)) {
    return "lost";
  }
  return outranks(hold, holder) ? "taken back" : "conflict";
}

/** An owner comes before a look-alike, and of two look-alikes the one that adopted first. */
function outranks(one: Hold, other: Hold): boolean {
  return (
    other.alikeSince !== undefined &&
    (one.alikeSince === undefined || one.alikeSince < other.alikeSince)
  );
}

function isOnlyNamed(other: Partial<Hold> | undefined): boolean {
  return other !== undefined && other.claim === undefined;
}
