import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { type StackState } from "../core/resource-state";
import { decodeState, encodeState } from "../core/state-json";
import { type Cipher } from "./cipher";

/** The state of a stack as a JSON file. Secrets are encrypted; all else is readable. */
export class StateFile {
  private readonly path: string;

  constructor(
    private readonly folder: string,
    private readonly cipher: Cipher,
  ) {
    this.path = join(folder, "state.json");
  }

  read(): StackState {
    return decodeState(this.raw(), this.cipher);
  }

  raw(): string {
    return existsSync(this.path) ? readFileSync(this.path, "utf8") : "";
  }

  /**
   * Replaces the file in one step, so that a killed process leaves either the old state or the new
   * one.
   */
  write(state: StackState): void {
    const draft = join(this.folder, "state.json.new");
    writeFileSync(draft, encodeState(state, this.cipher));
    renameSync(draft, this.path);
  }
}
