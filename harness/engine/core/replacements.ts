import { type Deployment } from "./deployment";
import { applyReplaceOnChanges, type DiffResult, isReplacement } from "./diff";
import { type Registration } from "./generator";
import { type Registry } from "./registry";
import { diffResource } from "./resource-diff";
import { type ResourceState } from "./resource-state";
import { makeStep, type PlannedStep } from "./step";
import { parseReference } from "./urn";
import { type PropertyMap, UNKNOWN } from "./values";

/**
 * Replacing a resource. As a rule the new one is created first, and the old one is deleted when
 * everything else is done. With `deleteBeforeReplace` the old one is deleted first, after the
 * resources that depend on it and must be replaced with it.
 */
export class Replacements {
  /** States that are deleted already because something that they depend on is replaced. */
  private readonly condemned = new Set<ResourceState>();

  constructor(
    private readonly deployment: Deployment,
    private readonly registry: Registry,
  ) {}

  isCondemned(state: ResourceState): boolean {
    return this.condemned.has(state);
  }

  /** @param recheck checks the new inputs again, as of a resource that is new. */
  async plan(
    registration: Registration,
    old: ResourceState,
    diff: DiffResult,
    recheck: (() => Promise<void>) | undefined,
  ): Promise<PlannedStep[]> {
    const { goal, urn, new: state, done } = registration;
    this.refuseProtected(state, old);
    this.registry.replaced.add(urn);
    await recheck?.();
    if (!(goal.deleteBeforeReplace ?? diff.deleteBeforeReplace)) {
      return [
        makeStep("create-replacement", { old, new: state, diff, deleteOldLater: true, done }),
        makeStep("replace", { old, new: state, diff }),
      ];
    }
    const steps = await this.deleteDependents(old);
    if (!old.pendingReplacement) {
      steps.push(makeStep("delete-replaced", { old, pendingReplacement: true }));
    }
    this.condemned.add(old);
    return [
      ...steps,
      makeStep("replace", { old, new: state, diff }),
      makeStep("create-replacement", { old, new: state, diff, done }),
    ];
  }

  /**
   * A resource that was deleted because of what it depends on, and that the program still
   * registers.
   */
  recreate({ urn, new: state, done }: Registration, old: ResourceState): PlannedStep[] {
    this.registry.deleted.delete(urn);
    this.registry.replaced.add(urn);
    this.registry.operated.add(urn);
    return [
      makeStep("replace", { old, new: state }),
      makeStep("create-replacement", { old, new: state, done }),
    ];
  }

  /**
   * A resource may be unprotected and replaced in one go, so both states must say that it is
   * protected.
   */
  private refuseProtected(state: ResourceState, old: ResourceState): void {
    if (!state.protect || !old.protect) {
      return;
    }
    const refusal = this.deployment.refuse(
      `unable to replace resource "${state.urn}"\n` +
        "as it is currently marked for protection. To unprotect the resource, " +
        "remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`",
      state.urn,
    );
    if (!this.deployment.settings.preview) {
      throw refusal;
    }
    this.deployment.incomplete = true;
  }

  private async deleteDependents(root: ResourceState): Promise<PlannedStep[]> {
    const steps: PlannedStep[] = [];
    for (const dependent of (await this.dependentsToReplace(root)).reverse()) {
      if (this.condemned.has(dependent)) {
        continue;
      }
      if (dependent.protect) {
        throw this.deployment.refuse(
          `unable to replace resource "${dependent.urn}" as part of replacing "${root.urn}" ` +
            "as it is currently marked for protection. To unprotect the resource, " +
            "remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`, or use the command:\n" +
            `\`pulumi state unprotect '${dependent.urn}'\``,
          root.urn,
        );
      }
      steps.push(makeStep("delete-replaced", { old: dependent, pendingReplacement: true }));
      this.registry.deleted.add(dependent.urn);
      this.condemned.add(dependent);
    }
    return steps;
  }

  /**
   * Resources that would be replaced if the properties that they take from replaced ones were
   * unknown.
   */
  private async dependentsToReplace(root: ResourceState): Promise<ResourceState[]> {
    const replaced = new Set([root.urn]);
    const found: ResourceState[] = [];
    for (const candidate of dependents(root, this.deployment.base.resources)) {
      if (this.registry.wasOperatedOn(candidate.urn) || this.registry.deleted.has(candidate.urn)) {
        continue;
      }
      if (!(await this.mustBeReplaced(candidate, replaced))) {
        continue;
      }
      replaced.add(candidate.urn);
      found.push(candidate);
    }
    return found;
  }

  private async mustBeReplaced(state: ResourceState, replaced: Set<string>): Promise<boolean> {
    if (!state.custom || state.external) {
      return false;
    }
    if (state.provider !== undefined && replaced.has(parseReference(state.provider).urn)) {
      return true;
    }
    const affected = Object.keys(state.inputs).filter((key) =>
      state.propertyDependencies[key]?.some((urn) => replaced.has(urn)),
    );
    if (affected.length === 0) {
      return false;
    }
    const inputs: PropertyMap = {
      ...state.inputs,
      ...Object.fromEntries(affected.map((key) => [key, UNKNOWN])),
    };
    const diff = await diffResource(
      this.deployment.providers.get(state.provider),
      state,
      inputs,
      state.ignoreChanges,
    );
    return isReplacement(applyReplaceOnChanges(diff, state.replaceOnChanges, false));
  }
}

/**
 * What depends on a resource, directly or not, in the order of the state. A child does not depend
 * on its parent.
 */
function dependents(root: ResourceState, resources: ResourceState[]): ResourceState[] {
  const urns = new Set([root.urn]);
  return resources.slice(resources.indexOf(root) + 1).filter((state) => {
    const provider = state.provider === undefined ? [] : [parseReference(state.provider).urn];
    const needed = [
      ...provider,
      ...state.dependencies,
      ...Object.values(state.propertyDependencies).flat(),
      state.deletedWith ?? "",
    ];
    const depends = needed.some((urn) => urns.has(urn));
    if (depends) {
      urns.add(state.urn);
    }
    return depends;
  });
}
