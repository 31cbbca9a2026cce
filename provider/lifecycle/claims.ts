import { randomBytes } from "node:crypto";

/** What the old inputs of a resource say of the connector that it holds. */
export interface Expected {
  readonly scope?: string;
  /** The resource id of the connector that they name. */
  readonly id?: string;
}

/**
 * Which connectors the resources of this deployment hold, as far as this process has seen: each managed connector by
 * the mark in its resource's state. It keeps two resources from sharing one connector, and a resource that leaves the
 * program from deleting a connector that another one has taken over.
 */
export class Claims {
  private readonly marks = new Map<string, string>();
  private readonly reserved = new Set<string>();
  private readonly expected = new Map<string, Expected[]>();
  private lastSign = 0;

  /** A mark for a new resource: 8 hexadecimal digits. */
  static mark(): string {
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
    return !this.marks.has(id) && !this.reserved.has(id);
  }

  /** Notes that a resource of the program manages this connector. Returns false when another one holds it. */
  manage(id: string, mark: string | undefined, name?: string): boolean {
    this.sign();
    if (name !== undefined) {
      this.fulfil(name, id);
    }
    if (mark === undefined) {
      return true;
    }
    const holder = this.marks.get(id);
    if (holder !== undefined && holder !== mark) {
      return false;
    }
    this.marks.set(id, mark);
    return true;
  }

  /** Takes a connector for a new resource. Returns false when another resource holds it. */
  take(id: string, mark: string): boolean {
    if (this.marks.has(id)) {
      return false;
    }
    this.marks.set(id, mark);
    return true;
  }

  /** True while a resource of this deployment holds the connector. */
  has(id: string): boolean {
    return this.marks.has(id);
  }

  /** True when a resource with another mark holds the connector: then it is not this one's to delete. */
  heldByAnother(id: string, mark: string | undefined): boolean {
    const holder = this.marks.get(id);
    return holder !== undefined && mark !== undefined && holder !== mark;
  }

  /** Gives a connector up, for example after its deletion. */
  release(id: string): void {
    this.marks.delete(id);
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
