import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { type Config } from "../types";
import { type ConfigEntry } from "../core/config";
import { type Cipher } from "./cipher";

/**
 * The config of a stack, kept next to its state and not in the project folder. Secrets are
 * encrypted.
 */
export class StackConfig {
  private readonly path: string;

  /** @param project the namespace of keys that name none. */
  constructor(
    folder: string,
    private readonly project: string,
    private readonly defaults: Record<string, string>,
    private readonly cipher: Cipher,
  ) {
    this.path = join(folder, "config.json");
  }

  set(config: Config): void {
    const stored = this.stored();
    for (const [key, value] of Object.entries(config)) {
      stored[this.qualify(key)] =
        typeof value === "string" ? { value } : { secure: this.cipher.encrypt(value.secret) };
    }
    writeFileSync(this.path, JSON.stringify(stored, undefined, 2));
  }

  remove(keys: string[]): void {
    const gone = new Set(keys.map((key) => this.qualify(key)));
    writeFileSync(
      this.path,
      JSON.stringify(
        Object.fromEntries(Object.entries(this.stored()).filter(([key]) => !gone.has(key))),
      ),
    );
  }

  /** The project's own values, and over them the stack's. */
  entries(): Map<string, ConfigEntry> {
    const defaults = Object.entries(this.defaults).map(
      ([key, value]) => [key, { value, secret: false }] as const,
    );
    const own = Object.entries(this.stored()).map(
      ([key, entry]) =>
        [
          key,
          entry.secure === undefined
            ? { value: entry.value ?? "", secret: false }
            : { value: this.cipher.decrypt(entry.secure), secret: true },
        ] as const,
    );
    return new Map<string, ConfigEntry>([...defaults, ...own]);
  }

  private qualify(key: string): string {
    return key.includes(":") ? key : `${this.project}:${key}`;
  }

  private stored(): Record<string, { value?: string; secure?: string }> {
    return existsSync(this.path)
      ? (JSON.parse(readFileSync(this.path, "utf8")) as Record<
          string,
          { value?: string; secure?: string }
        >)
      : {};
  }
}
