import { randomBytes } from "node:crypto";

/** What the old inputs of a resource say of the connector that it holds. */
export interface Expected {
  readonly scope?: string;
  /** The resource id of the connector that they name. */
  readonly id?: string;
}

/**
 * Which connectors the resources of this deployment hold, as far as this process has seen: each managed connector by
 * the claim in its resource's state. It keeps two resources from sharing one connector, and a resource that leaves the
 * program from deleting a connector that another one has taken over.
 */
export class Claims {
  private readonly holders = new Map<string, string>();
  private readonly reserved = new Set<string>();
  private readonly expected = new Map<string, Expected[]>();
  private lastSign = 0;

  /** A claim for a new resource: 8 hexadecimal digits. */
  static newClaim(): string {
    return randomBytes(4).toString("hex");
  }

  /**
   * Notes that the engine checks a resource that exists. It compares it next, and `manage` is called; where it does
   * not, the resource is being replaced (`--replace`, another provider) or left out (`--target`), and its connector is
   * its own still.
   */
  expect(name: string, old: Expected = {}): void {
    this.sign();
    this.expected.set(name, [...(this.expected.get(name) ?? []), old]);
  }

  /** True when a resource that exists, with a connector of this name, has not shown which one it holds. */
  expects(name: string): boolean {
    return (this.expected.get(name) ?? []).length > 0;
  }

  /** True when a resource that exists and has not shown which connector it holds may hold this one. */
  expectsHolder(name: string, scope: string, id: string): boolean {
    return (this.expected.get(name) ?? []).some(
      (old) => (old.scope ?? scope) === scope && (old.id ?? id) === id,
    );
  }

  /** The resource of this name shows which connector it holds: what was expected of it is fulfilled. */
  private fulfil(name: string, id: string): void {
    const open = this.expected.get(name) ?? [];
    const met =
      open.find((old) => old.id === id) ?? open.find((old) => old.id === undefined) ?? open[0];
    this.expected.set(
      name,
      open.filter((old) => old !== met),
    );
  }

  /** Notes that a new resource names this connector: no other one takes it just because it looks alike. */
  reserve(id: string): void {
    this.reserved.add(id);
  }

  /** True when a new resource's definition names this connector. */
  isReserved(id: string): boolean {
    return this.reserved.has(id);
  }

  /** True when nobody holds the connector, and no definition names it. */
  free(id: string): boolean {
    return !this.holders.has(id) && !this.reserved.has(id);
  }

  /** Notes that a resource of the program manages this connector. Returns false when another one holds it. */
  manage(id: string, claim: string | undefined, name?: string): boolean {
    this.sign();
    if (name !== undefined) {
      this.fulfil(name, id);
    }
    if (claim === undefined) {
      return true;
    }
    const holder = this.holders.get(id);
    if (holder !== undefined && holder !== claim) {
      return false;
    }
    this.holders.set(id, claim);
    return true;
  }

  /** Takes a connector for a new resource. Returns false when another resource holds it. */
  take(id: string, claim: string): boolean {
    if (this.holders.has(id)) {
      return false;
    }
    this.holders.set(id, claim);
    return true;
  }

  /** True while a resource of this deployment holds the connector. */
  has(id: string): boolean {
    return this.holders.has(id);
  }

  /** True when a resource with another claim holds the connector: then it is not this one's to delete. */
  heldByAnother(id: string, claim: string | undefined): boolean {
    const holder = this.holders.get(id);
    return holder !== undefined && claim !== undefined && holder !== claim;
  }

  /** Gives a connector up, for example after its deletion. */
  release(id: string): void {
    this.holders.delete(id);
  }

  /** Notes that the engine is still going through the program's resources. */
  sign(): void {
    this.lastSign = performance.now();
  }

  /**
   * Resolves when the engine has shown no new resource for `quiet` ms (at most `limit` ms). Before a connector is
   * adopted just because it looks alike, every resource that may own it should have had its say.
   */
  async settled(quiet = 300, limit = 15_000): Promise<void> {
    const end = performance.now() + limit;
    for (;;) {
      const now = performance.now();
      const wait = this.lastSign + quiet - now;
      if (wait <= 0 || now >= end) {
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
