/** Exit codes of every command. */
export const EXIT = {
  ok: 0,
  /** The command could not do what was asked. */
  failure: 1,
  /** What was asked makes no sense: unknown option, bad value. */
  usage: 2,
  /** A plan that is not empty. */
  changes: 3,
} as const;

/** A failure that is told in one line on stderr. */
export class CliError extends Error {
  constructor(
    message: string,
    readonly exitCode: number = EXIT.failure,
  ) {
    super(message);
    this.name = "CliError";
  }
}
