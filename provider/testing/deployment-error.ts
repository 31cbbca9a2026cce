/** A failed resource or function of a deployment. */
export interface SandboxFailure {
  /** Name of the resource in the program. */
  readonly name: string;
  /** Its Pulumi type, for example `pulumi-nodejs:dynamic/databar:DatabarConnector`. */
  readonly type: string;
  /** The message that `pulumi up` would print, with one line per diagnostic. */
  readonly message: string;
}

/** A failed deployment. */
export class SandboxDeploymentError extends Error {
  override readonly name = "SandboxDeploymentError";

  constructor(
    /** At least one; sorted by name. */
    readonly failures: readonly SandboxFailure[],
  ) {
    const lines = failures.map(
      ({ name, type, message }) =>
        `  ${name} (${type.split(":").at(-1) ?? type}): ${message.replaceAll("\n", "\n    ")}`,
    );
    super(`The deployment failed:\n${lines.join("\n")}`);
  }
}
