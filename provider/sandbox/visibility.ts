/**
 * Hides a new connector from its first lists and gets, like a vendor whose reads lag behind its
 * writes.
 */
export class Visibility {
  /**
   * @param lists how many lists omit the connector
   * @param gets how many gets do not find the connector
   */
  constructor(
    private lists = 0,
    private gets = 0,
  ) {}

  /** Whether the next list has the connector. Counts the list. */
  takeList(): boolean {
    this.lists -= 1;
    return this.lists < 0;
  }

  /** Whether the next get finds the connector. Counts the get. */
  takeGet(): boolean {
    this.gets -= 1;
    return this.gets < 0;
  }
}
