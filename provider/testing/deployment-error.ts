/** Something that a deployment would have failed on. */
export interface SandboxFailure {
  /** Name of the resource in the program. */
  readonly name: string;
  /** Pulumi's type of it, for example `pulumi-nodejs:dynamic/databar:DatabarConnector`. */
  readonly type: string;
  /** What `pulumi up` would print, one line per fault of a definition. */
  readonly message: string;
}

/** A program whose deployment would have failed. */
export class SandboxDeploymentError extends Error {
  override readonly name = "SandboxDeploymentError";

  constructor(
    /** At least one; sorted by name. */
    readonly failures: readonly SandboxFailure[],
  ) {
    const told = failures.map(
      ({ name, type, message }) =>
        `  ${name} (${type.split(":").at(-1) ?? type}): ${message.replaceAll("\n", "\n    ")}`,
    );
    super(`The deployment failed:\n${told.join("\n")}`);
  }
}
