import { type PropertyMap } from "./values";

/**
 * What the engine knows of a resource. Steps change these objects in place, and the snapshot writes
 * what they hold.
 */
export interface ResourceState {
  urn: string;
  type: string;
  custom: boolean;
  /** Empty until there is one. */
  id: string;
  inputs: PropertyMap;
  outputs: PropertyMap;
  parent?: string;
  /** A provider reference; absent for components and for providers. */
  provider?: string;
  /** The id with which the program imported it. */
  importId?: string;
  protect: boolean;
  /** Read and not managed. */
  external: boolean;
  /** Replaced; its deletion is still to come. */
  delete: boolean;
  /** Deleted before its replacement; the creation is still to come. */
  pendingReplacement: boolean;
  retainOnDelete: boolean;
  deletedWith?: string;
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  /** Why a create or update was recorded although it failed. */
  initErrors: string[];
  additionalSecretOutputs: string[];
  ignoreChanges: string[];
  replaceOnChanges: string[];
  /**
   * The URN under which the state knew this resource before, when an alias found it. Not stored.
   */
  alias?: string;
}

export type OperationType = "creating" | "updating" | "deleting" | "reading" | "importing";

/**
 * Something that was begun. If it is still in the state when a deployment starts, the last one was
 * interrupted.
 */
export interface Operation {
  resource: ResourceState;
  type: OperationType;
}

export interface StackState {
  resources: ResourceState[];
  operations: Operation[];
}

/**
 * Everything that must exist before the resource does and outlive it: parent, dependencies,
 * provider, deletedWith.
 */
export function dependenciesOf(state: ResourceState): string[] {
  const provider =
    state.provider === undefined ? [] : [state.provider.slice(0, state.provider.lastIndexOf("::"))];
  const single = [state.parent, state.deletedWith].filter((urn) => urn !== undefined);
  return [
    ...new Set([
      ...single,
      ...provider,
      ...state.dependencies,
      ...Object.values(state.propertyDependencies).flat(),
    ]),
  ];
}
