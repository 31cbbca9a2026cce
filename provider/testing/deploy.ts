import * as pulumi from "@pulumi/pulumi";
import { closeSharedHttpClients } from "../http";
import { type Sandbox } from "../sandbox";
import { VENDOR_NAMES } from "../vendors/index";
import { SandboxDeploymentError } from "./deployment-error";
import { Registrar, type SandboxResource } from "./registrar";

/** Options of {@link deployToSandbox}. */
export interface SandboxDeployOptions {
  /**
   * Stack configuration, merged into `sandbox.stackConfig`. A key without a colon belongs to the
   * project. A string is a value that is not secret. The vendors' base URLs are always those of the
   * sandbox; neither these options nor the program can change them.
   */
  readonly config?: Readonly<
    Record<string, string | { readonly value: string; readonly secret?: boolean }>
  >;
  /** Name of the project. Default: `project`. */
  readonly project?: string;
  /** Name of the stack, which selects the overlays of definition files. Default: `test`. */
  readonly stack?: string;
  /**
   * Mocks for resources and functions of other packages, as in `pulumi.runtime.setMocks`. Secret
   * values arrive in plain text. Default: a resource gets an id and returns its inputs as outputs;
   * a function fails the deployment.
   */
  readonly mocks?: Partial<pulumi.runtime.Mocks>;
}

/** The result of a deployment. */
export interface SandboxDeployment {
  /** The outputs of the stack, that is, the exports of the program, with secrets in plain text. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The resources of the program, sorted by name, without the stack itself. */
  readonly resources: readonly SandboxResource[];
  /** Warnings about the connectors, for example that the plan lowers a limit. */
  readonly warnings: readonly string[];
}

let deploying = false;

/**
 * Runs a program in this process like the first `pulumi up` of a stack, without the Pulumi CLI. The
 * provider's own code checks and creates, or reads, each connector over HTTP. There is no state, so
 * nothing is compared, updated or deleted. A process can run only one deployment at a time.
 *
 * @param program runs the program, for example `() => import("../index")`, and returns its exports.
 *   If the only export is a function, it is called, as Pulumi does. A module is evaluated once per
 *   process.
 * @throws SandboxDeploymentError with every resource that failed, or the error that the program
 *   throws.
 */
export async function deployToSandbox(
  sandbox: Sandbox,
  program: () => unknown,
  options: SandboxDeployOptions = {},
): Promise<SandboxDeployment> {
  if (deploying) {
    throw new Error(
      "Another deployment is running in this process. Wait for it to finish: Pulumi's settings are global to the process",
    );
  }
  deploying = true;
  const { project = "project", stack = "test", mocks = {} } = options;
  const { values, secretKeys } = configOf(sandbox, project, options.config ?? {});
  const registrar = new Registrar(values, baseUrlsOf(sandbox), mocks);
  try {
    await pulumi.runtime.setMocks(registrar, project, stack);
    pulumi.runtime.setAllConfig(values, secretKeys);
    const outputs = await Promise.race([run(program), registrar.stopped]);
    const { failures, resources, warnings } = registrar;
    if (failures.length > 0) {
      throw new SandboxDeploymentError(byName(failures));
    }
    return {
      outputs: outputs ?? {},
      resources: byName(resources.filter(({ type }) => type !== STACK)),
      warnings,
    };
  } finally {
    registrar.close();
    // This also makes the SDK drop the promises of failed resources, which it would otherwise
    // report when the process exits.
    await pulumi.runtime.setMocks(REJECT_ALL, project, stack);
    await closeSharedHttpClients();
    deploying = false;
  }
}

/** Rejects registrations after the end of the deployment. */
const REJECT_ALL: pulumi.runtime.Mocks = {
  newResource: ({ name }) =>
    Promise.reject(
      new Error(
        `${name} was registered after the deployment ended. Make the program wait for the code that declares it`,
      ),
    ),
  call: ({ token }) => Promise.reject(new Error(`${token} was called after the deployment ended`)),
};

const STACK = "pulumi:pulumi:Stack";

/** Sorts by name: the SDK registers resources in an order that depends on their size. */
function byName<T extends { readonly name: string }>(all: readonly T[]): T[] {
  return [...all].sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Resolves with the program's exports when all its resources are registered. */
async function run(program: () => unknown): Promise<Record<string, unknown>> {
  let thrown: { readonly error: unknown } | undefined;
  const exported = (): Promise<object> =>
    // If the program threw, the SDK would reject every stack output, and these rejections would be
    // unhandled.
    Promise.resolve()
      .then(program)
      .then(exportsOf)
      .catch((error: unknown) => {
        thrown = { error };
        return {};
      });
  const outputs: unknown = await pulumi.runtime.runInPulumiStack(exported);
  await pulumi.runtime.disconnect();
  if (thrown) {
    throw thrown.error;
  }
  return outputs as Record<string, unknown>;
}

/**
 * Handles exports like `pulumi up`: a default export replaces all others, and a function is called.
 */
async function exportsOf(exported: unknown): Promise<Record<string, unknown>> {
  if (typeof exported === "function") {
    return exportsOf(await (exported as () => unknown)());
  }
  // The arrow function of a test can return anything, for example a resource.
  if (typeof exported !== "object" || exported === null || pulumi.Resource.isInstance(exported)) {
    return {};
  }
  const { default: only, ...named } = exported as Record<string, unknown>;
  return only === undefined ? named : exportsOf(only);
}

function baseUrlsOf(sandbox: Sandbox): Record<string, string> {
  return Object.fromEntries(VENDOR_NAMES.map((name) => [`${name}:baseUrl`, sandbox[name].url]));
}

function configOf(
  sandbox: Sandbox,
  project: string,
  given: NonNullable<SandboxDeployOptions["config"]>,
): { values: Record<string, string>; secretKeys: string[] } {
  const extra = Object.entries(given).map(
    ([key, value]) =>
      [
        key.includes(":") ? key : `${project}:${key}`,
        typeof value === "string" ? { value } : value,
      ] as const,
  );
  const all = Object.entries({ ...sandbox.stackConfig, ...Object.fromEntries(extra) });
  const values = Object.fromEntries(all.map(([key, { value }]) => [key, value]));
  return {
    values: { ...values, ...baseUrlsOf(sandbox) },
    secretKeys: all.flatMap(([key, { secret }]) => (secret === true ? [key] : [])),
  };
}
