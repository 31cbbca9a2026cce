/**
 * The manifests of examples/operator, and the configuration that the operator runs its stack with.
 */
import { parseAllDocuments } from "yaml";
import { type Config } from "./engine/types";
import { read } from "./sources";

const FOLDER = "examples/operator";

/** Where a value comes from: written here, or a key of a Secret. */
export interface ValueRef {
  readonly type: "Literal" | "Secret";
  readonly literal?: { readonly value: string };
  readonly secret?: { readonly name: string; readonly key: string };
}

/** A manifest, as far as all kinds are alike. */
export interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** A Stack (`pulumi.com/v1`), as far as the example uses it. */
export interface OperatorStack extends Manifest {
  readonly spec: {
    readonly serviceAccountName: string;
    readonly repoDir: string;
    readonly stack: string;
    readonly envRefs: Readonly<Record<string, ValueRef>>;
    readonly config: Readonly<Record<string, string>>;
    readonly secretsRef: Readonly<Record<string, ValueRef>>;
    readonly workspaceTemplate: { readonly spec: { readonly image: string } };
  };
}

/** Every document of a file of the example. */
export function manifests(file: string): Manifest[] {
  return parseAllDocuments(read(`${FOLDER}/${file}`)).map((document) => {
    if (document.errors[0]) {
      throw document.errors[0];
    }
    return document.toJS() as Manifest;
  });
}

/** The example's Stack. */
export function operatorStack(): OperatorStack {
  return manifests("stack.yaml")[0] as OperatorStack;
}

/**
 * The stack configuration and the environment that the operator runs it with. @param secret the
 * value of a Secret's key.
 */
export function runtimeOf(
  { spec }: OperatorStack,
  secret: (key: string) => string,
): { readonly config: Config; readonly env: Record<string, string> } {
  const valueOf = ({ literal, secret: ref }: ValueRef): string =>
    literal?.value ?? secret(ref!.key);
  const secrets = Object.entries(spec.secretsRef).map(
    ([key, ref]) => [key, { secret: valueOf(ref) }] as const,
  );
  return {
    config: { ...spec.config, ...Object.fromEntries(secrets) },
    env: Object.fromEntries(
      Object.entries(spec.envRefs).map(([name, ref]) => [name, valueOf(ref)]),
    ),
  };
}
