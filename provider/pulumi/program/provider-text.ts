/**
 * The text that the engine stores with every resource, in inputs and outputs, and runs to reach its
 * code. It is state format: what it imports must work in every later version, and a change of one
 * byte shows as a change of every resource. It is a constant, so that it does not depend on the
 * compiler, and it is small, because a file backend writes it twice per changed resource: at most
 * 400 bytes.
 *
 * `configure` stores the configuration synchronously, because the engine does not wait for it.
 */
export function providerText(vendor: string): string {
  const verbs = ["check", "diff", "create", "read", "update", "delete"];
  const load = `(await import("pulumi-connectors/${vendor}/runtime")).provider(c)`;
  return `exports.handler=()=>{let c;const f=m=>async(...a)=>${load}[m](...a);return{configure:async r=>{c=r.config},${verbs.map((verb) => `${verb}:f("${verb}")`).join(",")}}}`;
}

/** The input and output that holds the text. */
export const PROVIDER_KEY = "__provider";

/**
 * The setting that only an explicit provider has: its vendor's namespace and its name, such as
 * `databar:emea`.
 */
export const EXPLICIT_PROVIDER = "pulumi-connectors:provider";
