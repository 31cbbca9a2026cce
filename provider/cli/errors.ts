/** Exit codes of every command. */
export const EXIT = {
  ok: 0,
  /** The command failed. */
  failure: 1,
  /** The command line is invalid: an unknown option, a bad value. */
  usage: 2,
  /** The plan has changes. */
  changes: 3,
} as const;

/** A failure that is printed as one line on stderr. */
export class CliError extends Error {
  constructor(
    message: string,
    readonly exitCode: number = EXIT.failure,
  ) {
    super(message);
    this.name = "CliError";
  }
}
