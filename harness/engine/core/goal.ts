import { type ResourceState } from "./resource-state";
import { makeUrn } from "./urn";
import { type PropertyMap } from "./values";

/** Where a resource was before: either its whole URN or the parts of it that differ. */
export interface AliasGoal {
  urn?: string;
  name?: string;
  type?: string;
  stack?: string;
  project?: string;
  parent?: string;
  noParent?: boolean;
}

/** What a program wants one resource to be. */
export interface Goal {
  type: string;
  name: string;
  custom: boolean;
  inputs: PropertyMap;
  parent?: string;
  /** Undefined: as the parent has it. */
  protect?: boolean;
  retainOnDelete?: boolean;
  deletedWith?: string;
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  /** A provider reference. Undefined: the default provider, for what needs one. */
  provider?: string;
  /** The id of an existing resource to take over. */
  importId?: string;
  /** Undefined: as the provider says. */
  deleteBeforeReplace?: boolean;
  ignoreChanges: string[];
  replaceOnChanges: string[];
  additionalSecretOutputs: string[];
  aliases: AliasGoal[];
}

/** A resource that a program reads by its id and does not manage. */
export interface ReadGoal {
  type: string;
  name: string;
  id: string;
  inputs: PropertyMap;
  parent?: string;
  provider?: string;
  dependencies: string[];
  additionalSecretOutputs: string[];
}

/** A child is protected, retained and so on as its parent is, unless it says otherwise. */
export function inherit(child: Goal, parent: Goal | undefined): Goal {
  if (!parent) {
    return child;
  }
  return {
    ...child,
    protect: child.protect ?? parent.protect,
    retainOnDelete: child.retainOnDelete ?? parent.retainOnDelete,
    deletedWith: child.deletedWith ?? parent.deletedWith,
  };
}

/** The state that a goal becomes if all goes well, still without id and outputs. */
export function stateFromGoal(goal: Goal, urn: string): ResourceState {
  return {
    urn,
    type: goal.type,
    custom: goal.custom,
    id: "",
    inputs: goal.inputs,
    outputs: {},
    parent: goal.parent,
    provider: goal.provider,
    importId: goal.importId,
    protect: goal.protect ?? false,
    external: false,
    delete: false,
    pendingReplacement: false,
    retainOnDelete: goal.retainOnDelete ?? false,
    deletedWith: goal.deletedWith,
    dependencies: goal.dependencies,
    propertyDependencies: goal.propertyDependencies,
    initErrors: [],
    additionalSecretOutputs: goal.additionalSecretOutputs,
    ignoreChanges: goal.ignoreChanges,
    replaceOnChanges: goal.replaceOnChanges,
  };
}

export function stateFromReadGoal(goal: ReadGoal, urn: string): ResourceState {
  const asGoal = {
    ...goal,
    custom: true,
    propertyDependencies: {},
    ignoreChanges: [],
    replaceOnChanges: [],
    aliases: [],
  };
  return { ...stateFromGoal(asGoal, urn), id: goal.id, external: true };
}

/** @param previousUrn the URN that the parent had before, if an alias found it. */
export function aliasUrn(
  alias: AliasGoal,
  goal: Goal,
  stack: string,
  project: string,
  previousUrn: (urn: string) => string,
): string {
  if (alias.urn !== undefined) {
    return alias.urn;
  }
  const parent = alias.noParent
    ? undefined
    : alias.parent === undefined
      ? goal.parent
      : previousUrn(alias.parent);
  return makeUrn(
    alias.stack ?? stack,
    alias.project ?? project,
    parent,
    alias.type ?? goal.type,
    alias.name ?? goal.name,
  );
}
