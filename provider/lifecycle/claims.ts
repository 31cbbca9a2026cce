import { randomBytes } from "node:crypto";
import { isAnother, isEarlier } from "../model/identity";
import { type CommonState, type HoldState } from "../model/state";
import { EngineActivity, type SharedActivity } from "./engine-activity";
import { ExpectedHolders, type Registration } from "./registrations";

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
export interface SharedClaims extends SharedActivity {
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
  /** Resources that exist and have not shown which connectors they hold. */
  readonly expected = new ExpectedHolders();
  readonly activity: EngineActivity;

  /** @param shared what other processes hold; without it, this process is the whole deployment. */
  constructor(private readonly shared?: SharedClaims) {
    this.activity = new EngineActivity(shared);
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
    this.activity.note();
    if (previous) {
      this.expected.add(name, previous);
    } else if (adopts !== undefined) {
      this.reserve(adopts);
    }
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
    this.noteShown(id, name);
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

  private noteShown(id: string, name: string): void {
    this.activity.note();
    this.expected.fulfil(name, id);
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
    this.noteShown(id, name);
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
    await this.activity.untilOwnersHaveShown(isLikely);
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
