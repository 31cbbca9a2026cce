import * as pulumi from "@pulumi/pulumi";
import { closeSharedHttpClients } from "../http";
import { type Sandbox } from "../sandbox";
import { SandboxDeploymentError } from "./deployment-error";
import { Registrar, type SandboxResource } from "./registrar";

/** What a program finds around it. */
export interface SandboxDeployOptions {
  /**
   * Stack configuration, on top of `sandbox.stackConfig`; a key without a colon is the project's. A text is a value that
   * is not secret. The vendors' addresses are the sandbox's, whatever is said here or by the program.
   */
  readonly config?: Readonly<
    Record<string, string | { readonly value: string; readonly secret?: boolean }>
  >;
  /** Name of the project. Default: `project`. */
  readonly project?: string;
  /** Name of the stack, which chooses the overlays of definition files. Default: `test`. */
  readonly stack?: string;
  /**
   * Stands for resources and functions of other packages, as in `pulumi.runtime.setMocks`; values are plain, secret or
   * not. Default: a resource gets an id and its inputs as outputs, a function fails the deployment.
   */
  readonly mocks?: Partial<pulumi.runtime.Mocks>;
}

/** What a deployment did. */
export interface SandboxDeployment {
  /** Outputs of the stack: what the program exports, secrets in clear. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The resources of the program, sorted by name; the stack's own is left out. */
  readonly resources: readonly SandboxResource[];
  /** Warnings of the connectors, such as a limit that the plan lowers. */
  readonly warnings: readonly string[];
}

let underWay = false;

/**
 * Runs a program in this process as the first `pulumi up` of a stack would, without Pulumi's CLI: each connector is
 * checked and created, or read, by the provider's own code over HTTP. There is no state: nothing is compared, updated
 * or deleted. One at a time per process.
 *
 * @param program runs the program, for example `() => import("../index")`, and returns its exports. A function among
 * them that is the whole export is called, as Pulumi does. A module is evaluated once per process.
 * @throws SandboxDeploymentError with every resource that failed; whatever the program itself throws.
 */
export async function deployToSandbox(
  sandbox: Sandbox,
  program: () => unknown,
  options: SandboxDeployOptions = {},
): Promise<SandboxDeployment> {
  if (underWay) {
    throw new Error(
      "Another program is being deployed in this process. Wait for it: Pulumi keeps its settings once per process",
    );
  }
  underWay = true;
  const { project = "project", stack = "test", mocks = {} } = options;
  const { values, secretKeys } = configOf(sandbox, project, options.config ?? {});
  const registrar = new Registrar(values, addressesOf(sandbox), mocks);
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
    // The SDK forgets the promises of what failed, too; it would take them for a fault of the process when that ends.
    await pulumi.runtime.setMocks(ENDED, project, stack);
    await closeSharedHttpClients();
    underWay = false;
  }
}

/** Refuses what a program registers without anybody waiting for it. */
const ENDED: pulumi.runtime.Mocks = {
  newResource: ({ name }) =>
    Promise.reject(
      new Error(
        `${name} was registered after the deployment had ended. Let the program wait for whatever declares it`,
      ),
    ),
  call: ({ token }) =>
    Promise.reject(new Error(`${token} was called after the deployment had ended`)),
};

const STACK = "pulumi:pulumi:Stack";

/** The SDK registers resources in an order that depends on their size. */
function byName<T extends { readonly name: string }>(all: readonly T[]): T[] {
  return [...all].sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Resolves with the program's exports when all that it declares is there. */
async function run(program: () => unknown): Promise<Record<string, unknown>> {
  let thrown: { readonly error: unknown } | undefined;
  const exported = (): Promise<object> =>
    // To the SDK a program that throws would be a stack each of whose outputs is rejected, with nobody to handle that.
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

/** As `pulumi up` takes them: a default export stands for all exports, and a function is called. */
async function exportsOf(exported: unknown): Promise<Record<string, unknown>> {
  if (typeof exported === "function") {
    return exportsOf(await (exported as () => unknown)());
  }
  // What a test's arrow function happens to return.
  if (typeof exported !== "object" || exported === null || pulumi.Resource.isInstance(exported)) {
    return {};
  }
  const { default: only, ...named } = exported as Record<string, unknown>;
  return only === undefined ? named : exportsOf(only);
}

function addressesOf({ databar, supermetrics }: Sandbox): Record<string, string> {
  return { "databar:baseUrl": databar.url, "supermetrics:baseUrl": supermetrics.url };
}

function configOf(
  sandbox: Sandbox,
  project: string,
  given: NonNullable<SandboxDeployOptions["config"]>,
): { values: Record<string, string>; secretKeys: string[] } {
  const own = Object.entries(given).map(
    ([key, value]) =>
      [
        key.includes(":") ? key : `${project}:${key}`,
        typeof value === "string" ? { value } : value,
      ] as const,
  );
  const all = Object.entries({ ...sandbox.stackConfig, ...Object.fromEntries(own) });
  const values = Object.fromEntries(all.map(([key, { value }]) => [key, value]));
  return {
    values: { ...values, ...addressesOf(sandbox) },
    secretKeys: all.flatMap(([key, { secret }]) => (secret === true ? [key] : [])),
  };
}
