/** What a program asks for over gRPC, as goals. */
import { type Alias } from "@pulumi/pulumi/proto/alias_pb";
import {
  type ReadResourceRequest,
  type RegisterResourceRequest,
} from "@pulumi/pulumi/proto/resource_pb";

import { type AliasGoal, type Goal, type ReadGoal } from "../core/goal";
import { decodeStruct } from "./struct";

/**
 * @throws when the program asks for something that this engine does not do, so that no test passes
 *   by accident.
 */
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
    importId: request.getImportid() || undefined,
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
