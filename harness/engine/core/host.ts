/**
 * What an operation is run on: processes and files (`local/`), or functions and memory
 * (`harness/in-process`).
 */
import { type ConfigEntry } from "./config";
import { type ProviderInstance } from "./provider";
import { type Report } from "./report";
import { type StackState } from "./resource-state";
import { type Session } from "./session";

export interface Host {
  readonly stack: string;
  readonly project: string;
  readonly config: Map<string, ConfigEntry>;
  /** Whether the state is stored during a deployment too, not only at its end. Default: true. */
  readonly checkpoints?: boolean;
  /** Stores the state. Not called in previews. */
  write(state: StackState): void;
  /** The packages, besides that of dynamic resources, whose providers it starts. */
  readonly packages?: readonly string[];
  newProvider(name: string): ProviderInstance;
  /** Called once, before anything else. */
  open(session: Session, report: Report): Promise<void>;
  /**
   * Resolves when the program has ended. It calls `session.complete` when it registers nothing
   * more.
   */
  runProgram(settings: { preview: boolean; parallel: number }): Promise<ProgramEnd>;
  /** The deployment has ended; the program may take a moment to end, too. */
  cancelProgram(): void;
  /** Ends at once what still runs. */
  kill(): void;
  close(): void;
}

export interface ProgramEnd {
  readonly failed: boolean;
  /** What the user has not been shown yet. */
  readonly message?: string;
}
