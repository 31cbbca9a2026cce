import { type Deployment } from "./deployment";
import { type Executor } from "./executor";
import { type ResourceState } from "./resource-state";
import { makeStep, type PlannedStep } from "./step";

/**
 * Reads every resource of the state and makes what was found the state that the deployment goes on
 * with. A resource that can't be read keeps its state and fails the deployment, after the others
 * were read.
 */
export async function refreshState(deployment: Deployment, executor: Executor): Promise<void> {
  const { targets } = deployment.settings;
  const steps = new Map<ResourceState, PlannedStep>();
  for (const state of deployment.base.resources) {
    if (targets.includes(state.urn)) {
      steps.set(state, makeStep("refresh", { old: state, new: state }));
    }
  }
  await executor.runAll([...steps.values()]);
  const resources = withoutGone(
    deployment.base.resources.map((old) => ({
      old,
      now: steps.has(old) ? steps.get(old)!.new : old,
    })),
  );
  deployment.setBase(resources);
  if (!deployment.settings.preview) {
    deployment.snapshot.rebase(resources);
  }
}

/**
 * Takes out what is gone, and what refers to it: dependencies are dropped, children move to the
 * parent's parent.
 */
function withoutGone(pairs: { old: ResourceState; now?: ResourceState }[]): ResourceState[] {
  const kept: ResourceState[] = [];
  const urns = new Set<string>();
  const parents = new Map<string, string | undefined>();
  for (const { old, now } of pairs) {
    const parent =
      old.parent === undefined || urns.has(old.parent) ? old.parent : parents.get(old.parent);
    parents.set(old.urn, parent);
    if (!now) {
      continue;
    }
    urns.add(old.urn);
    kept.push({
      ...now,
      parent,
      deletedWith:
        now.deletedWith !== undefined && urns.has(now.deletedWith) ? now.deletedWith : undefined,
      dependencies: now.dependencies.filter((urn) => urns.has(urn)),
      propertyDependencies: Object.fromEntries(
        Object.entries(now.propertyDependencies).map(([key, needed]) => [
          key,
          needed.filter((urn) => urns.has(urn)),
        ]),
      ),
    });
  }
  return kept;
}
