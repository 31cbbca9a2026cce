import { type Alias } from "@pulumi/pulumi/proto/alias_pb";
import {
  type ReadResourceRequest,
  type RegisterResourceRequest,
} from "@pulumi/pulumi/proto/resource_pb";

import { type ResourceState } from "./resource-state";
import { makeUrn } from "./urn";
import { type PropertyMap } from "./values";
import { decodeStruct } from "./wire";

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

/** @throws when the program asks for something that this engine does not do, so that no test passes by accident. */
export function decodeGoal(request: RegisterResourceRequest): Goal {
  refuseUnsupported(request);
  const inputs = decodeStruct(request.getObject());
  const dependencies = request.getDependenciesList();
  const named: Record<string, string[]> = {};
  request.getPropertydependenciesMap().forEach((value, key) => {
    named[key] = value.getUrnsList();
  });
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    inputs,
    parent: request.getParent() || undefined,
    protect: request.hasProtect() ? request.getProtect() : undefined,
    retainOnDelete: request.hasRetainondelete() ? request.getRetainondelete() : undefined,
    deletedWith: request.getDeletedwith() || undefined,
    dependencies,
    propertyDependencies:
      Object.keys(named).length > 0
        ? named
        : Object.fromEntries(Object.keys(inputs).map((key) => [key, dependencies])),
    provider: request.getProvider() || undefined,
    deleteBeforeReplace:
      request.getDeletebeforereplacedefined() || request.getDeletebeforereplace()
        ? request.getDeletebeforereplace()
        : undefined,
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: [
      ...request.getAliasurnsList().map((urn) => ({ urn })),
      ...request.getAliasesList().map(decodeAlias),
    ],
  };
}

export function decodeReadGoal(request: ReadResourceRequest): ReadGoal {
  return {
    type: request.getType(),
    name: request.getName(),
    id: request.getId(),
    inputs: decodeStruct(request.getProperties()),
    parent: request.getParent() || undefined,
    provider: request.getProvider() || undefined,
    dependencies: request.getDependenciesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
  };
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

function decodeAlias(alias: Alias): AliasGoal {
  const spec = alias.getSpec();
  if (!spec) {
    return { urn: alias.getUrn() };
  }
  return {
    name: spec.getName() || undefined,
    type: spec.getType() || undefined,
    stack: spec.getStack() || undefined,
    project: spec.getProject() || undefined,
    parent: spec.getParenturn() || undefined,
    noParent: spec.getNoparent(),
  };
}

function refuseUnsupported(request: RegisterResourceRequest): void {
  const asked = Object.entries({
    import: request.getImportid() !== "",
    "remote components": request.getRemote(),
    transforms: request.getTransformsList().length > 0,
    hooks: request.hasHooks(),
    replaceWith: request.getReplaceWithList().length > 0,
    replacementTrigger: request.hasReplacementTrigger(),
    hideDiffs: request.getHidediffsList().length > 0,
    packages: request.getPackageref() !== "",
  }).filter(([, present]) => present);
  if (asked.length === 0) {
    return;
  }
  const names = asked.map(([name]) => name).join(", ");
  throw new Error(
    `The local engine does not do this, asked for by resource ${request.getName()}: ${names}. Run this program with the Pulumi CLI.`,
  );
}
