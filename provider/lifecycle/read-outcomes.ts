/**
 * What the reads of this process have found, by scope. One connector that is missing was deleted
 * outside; when all of them are missing, the scope is likely another one, or was reset.
 */
export class ReadOutcomes {
  private readonly scopes = new Map<string, Map<string, Outcome>>();

  /** Notes a look-up of a connector, at its start. One that fails is neither there nor missing. */
  note(scope: string, key: string, lookup: Promise<unknown>): void {
    const reads = this.scopes.get(scope) ?? new Map<string, Outcome>();
    this.scopes.set(scope, reads);
    const outcome = lookup.then(
      (found) => found !== undefined,
      () => undefined,
    );
    reads.set(key, outcome);
    // The promise would keep what its operation knows.
    void outcome.then((isThere) => {
      if (reads.get(key) === outcome) {
        reads.set(key, isThere);
      }
    });
  }

  /**
   * The connectors of a scope, where all that were looked up so far are missing; none when one is
   * there.
   */
  async allMissing(scope: string): Promise<string[]> {
    const reads = this.scopes.get(scope) ?? new Map<string, Outcome>();
    const missing: string[] = [];
    // Reads that begin while others are awaited count too.
    for (const [key, read] of reads) {
      const isThere = await read;
      if (isThere === true) {
        return [];
      }
      if (isThere === false) {
        missing.push(key);
      }
    }
    return missing;
  }
}

/** Whether a connector is there; undefined where that is not known. */
type Outcome = Promise<boolean | undefined> | boolean | undefined;
