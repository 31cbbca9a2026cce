import { type Command } from "commander";

/** A command of the command line. Its module is loaded when it runs. */
export interface CommandRow {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<CommandModule>;
}

/** The module of a command. */
export interface CommandModule {
  /** Adds options, help and action. */
  configure(command: Command, all: readonly CommandRow[]): void;
}
