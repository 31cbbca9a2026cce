import { ConnectorError } from "../errors";
import { type Listed } from "./adapter";

/** How long a list answers reads, in milliseconds. */
const FRESH_FOR = 60_000;

/** A list by the connectors' keys, and whether it is all that there is. */
export interface Index<R> {
  readonly items: ReadonlyMap<string, R>;
  readonly complete: boolean;
}

interface Snapshot<R> {
  readonly startedAt: number;
  readonly index: Promise<Index<R> & { readonly items: Map<string, R> }>;
}

/**
 * One list call shared by all resources of a deployment. Look-ups before a create want the
 * connectors that were there when the deployment began; reads want none that is older than the
 * connector's own last write.
 */
export class ListCache<R> {
  private readonly snapshots = new Map<string, Snapshot<R>>();
  private readonly first = new Map<string, Snapshot<R>>();
  private readonly written = new Set<string>();
  /** Scopes whose content does not fit into one answer, or takes longer than the deadline. */
  private readonly tooLarge = new Set<string>();

  constructor(
    private readonly readList: (scope: string, purpose: "names" | "content") => Promise<Listed<R>>,
    private readonly keyOf: (remote: R) => string,
  ) {}

  /**
   * The connectors that the scope held before this deployment created any, without those that it
   * deleted.
   */
  async atStart(scope: string): Promise<Index<R>> {
    const known = this.first.get(scope);
    if (known) {
      return known.index;
    }
    const snapshot = this.snapshot(scope, "names");
    this.remember(this.first, scope, snapshot);
    return snapshot.index;
  }

  /** The connectors that the scope holds now. */
  async now(scope: string): Promise<Index<R>> {
    return this.snapshot(scope, "names").index;
  }

  /**
   * As {@link ListCache.find}, from the list that look-ups before a create share, where it is not
   * old.
   */
  async findNamed(scope: string, key: string, id: string): Promise<R | undefined> {
    const known = this.first.get(scope);
    if (this.written.has(id) || (known && !isFresh(known))) {
      return this.find(scope, key, id);
    }
    return (await this.atStart(scope)).items.get(key);
  }

  /**
   * One connector from a list that is neither old nor older than the connector's last write; else
   * `undefined`.
   */
  async find(scope: string, key: string, id: string): Promise<R | undefined> {
    if (this.written.has(id)) {
      return undefined;
    }
    const found = (await this.recent(scope)).items.get(key);
    return this.written.has(id) ? undefined : found;
  }

  /** The list that answers look-ups before a create, or reads. */
  of(scope: string, purpose: "names" | "content"): Promise<Index<R>> {
    return purpose === "names" ? this.atStart(scope) : this.recent(scope);
  }

  /**
   * One connector from a list that was asked for already, unless it was written since. Makes no
   * call.
   */
  async known(scope: string, key: string, id: string): Promise<R | undefined> {
    const index = await this.asked(scope);
    return this.written.has(id) ? undefined : index?.items.get(key);
  }

  /** All connectors of a list that was asked for already. Makes no call. */
  async knownItems(scope: string): Promise<Iterable<R>> {
    return (await this.asked(scope))?.items.values() ?? [];
  }

  /**
   * One connector from a list that was asked for already, however old; without one, from the list
   * that look-ups before a create share. One list in a deployment.
   */
  async findOnce(scope: string, key: string): Promise<R | undefined> {
    const { items } = (await this.asked(scope)) ?? (await this.atStart(scope));
    return items.get(key);
  }

  /** True for a connector that this process has written. */
  isWritten(id: string): boolean {
    return this.written.has(id);
  }

  private async asked(scope: string): Promise<Index<R> | undefined> {
    const snapshot = this.snapshots.get(scope) ?? this.first.get(scope);
    return snapshot?.index.catch(() => undefined);
  }

  /** The connectors of a scope, from a list that is not old. */
  private recent(scope: string): Promise<Index<R>> {
    let snapshot = this.snapshots.get(scope);
    if (!snapshot || !isFresh(snapshot)) {
      snapshot = this.snapshot(scope, "content");
      this.remember(this.snapshots, scope, snapshot);
    }
    return snapshot.index;
  }

  /** Notes a write to a connector: lists of this process are no longer used for it. */
  wrote(id: string): void {
    this.written.add(id);
  }

  /** Notes a deletion: the connector can no longer be adopted. */
  removed(scope: string, key: string, id: string): void {
    this.wrote(id);
    this.first
      .get(scope)
      ?.index.then(({ items }) => items.delete(key))
      .catch(() => undefined);
  }

  private snapshot(scope: string, purpose: "names" | "content"): Snapshot<R> {
    const index = this.readAffordable(scope, purpose).then(({ items, complete }) => ({
      items: new Map(items.map((remote) => [this.keyOf(remote), remote])),
      complete,
    }));
    return { startedAt: performance.now(), index };
  }

  /**
   * Where the content of all connectors does not fit into one answer, reads their names; details
   * are read one by one.
   */
  private async readAffordable(scope: string, purpose: "names" | "content"): Promise<Listed<R>> {
    if (purpose === "names" || this.tooLarge.has(scope)) {
      return this.readList(scope, "names");
    }
    try {
      return await this.readList(scope, "content");
    } catch (error) {
      if (!isTooMuch(error)) {
        throw error;
      }
      this.tooLarge.add(scope);
      return this.readList(scope, "names");
    }
  }

  /**
   * Keeps a snapshot unless it fails: a failed look-up is repeated, never taken for an empty list.
   */
  private remember(cache: Map<string, Snapshot<R>>, scope: string, snapshot: Snapshot<R>): void {
    cache.set(scope, snapshot);
    snapshot.index.catch(() => {
      if (cache.get(scope) === snapshot) {
        cache.delete(scope);
      }
    });
  }
}

function isFresh({ startedAt }: Snapshot<unknown>): boolean {
  return performance.now() - startedAt <= FRESH_FOR;
}

function isTooMuch(error: unknown): boolean {
  return (
    error instanceof ConnectorError &&
    (error.code === "timeout" || error.reason === "response_too_large")
  );
}
