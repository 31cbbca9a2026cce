/** URNs: `urn:pulumi:<stack>::<project>::<parent types>$<type>::<name>`. */

export const STACK_TYPE = "pulumi:pulumi:Stack";
export const PROVIDER_PREFIX = "pulumi:providers:";

/** The package of all dynamic resources. */
export const DYNAMIC = "pulumi-nodejs";

export interface UrnParts {
  stack: string;
  project: string;
  /** The types of the parents, outermost first, and the resource's own, joined by `$`. */
  qualifiedType: string;
  name: string;
}

export function parseUrn(urn: string): UrnParts {
  const [head, project, qualifiedType, ...name] = urn.split("::");
  if (
    !head?.startsWith("urn:pulumi:") ||
    project === undefined ||
    qualifiedType === undefined ||
    name.length === 0
  ) {
    throw new Error(`Not a URN: ${urn}`);
  }
  return { stack: head.slice("urn:pulumi:".length), project, qualifiedType, name: name.join("::") };
}

export function urnName(urn: string): string {
  return parseUrn(urn).name;
}

export function urnType(urn: string): string {
  return parseUrn(urn).qualifiedType.split("$").at(-1)!;
}

/** The URN of a resource below `parent`; children of the stack carry no parent type. */
export function makeUrn(
  stack: string,
  project: string,
  parent: string | undefined,
  type: string,
  name: string,
): string {
  const parentType = parent === undefined ? undefined : parseUrn(parent).qualifiedType;
  const qualifiedType =
    parentType === undefined || parentType === STACK_TYPE ? type : `${parentType}$${type}`;
  return `urn:pulumi:${stack}::${project}::${qualifiedType}::${name}`;
}

/** The package that serves resources, or is the provider, of this type. */
export function packageOf(type: string): string {
  return isProviderType(type) ? type.slice(PROVIDER_PREFIX.length) : type.split(":")[0]!;
}

export function isProviderType(type: string): boolean {
  return type.startsWith(PROVIDER_PREFIX);
}

/**
 * The provider that resources get that name none. Pulumi shows it nowhere and counts it nowhere.
 */
export function isDefaultProvider(urn: string): boolean {
  return isProviderType(urnType(urn)) && /^default(_|$)/.test(urnName(urn));
}

/** A reference to a provider as resources hold it: its URN and its id. */
export interface ProviderReference {
  urn: string;
  id: string;
}

export function parseReference(text: string): ProviderReference {
  const cut = text.lastIndexOf("::");
  return { urn: text.slice(0, cut), id: text.slice(cut + 2) };
}

export function formatReference(reference: ProviderReference): string {
  return `${reference.urn}::${reference.id}`;
}
