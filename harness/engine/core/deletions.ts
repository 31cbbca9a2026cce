import { type Deployment } from "./deployment";
import { type Registry } from "./registry";
import { dependenciesOf, type ResourceState } from "./resource-state";
import { makeStep, type PlannedStep } from "./step";

/**
 * What is to be deleted once the program has ended: what was replaced, what the program no longer
 * registers, and in a destroy everything that it registered.
 *
 * @param toDelete what the program of a destroy registered.
 * @param alreadyDeleted replaced resources that were deleted before their replacement.
 * @returns the steps in groups. Groups run in order; the steps of a group may run in parallel.
 * @throws ReportedError when a resource would go that is not a target.
 */
export function planDeletions(
  deployment: Deployment,
  registry: Registry,
  toDelete: ResourceState[],
  alreadyDeleted: (state: ResourceState) => boolean,
): PlannedStep[][] {
  const included = includedStates(deployment, toDelete);
  const steps = deployment.base.resources
    .filter(included)
    .flatMap((state) => deletionOf(state, registry, alreadyDeleted));
  const destroyed = toDelete
    .filter(included)
    .map((state) => makeStep(state.external ? "discard" : "delete", { old: state }));
  const all = [...steps, ...destroyed];
  for (const { urn } of all) {
    registry.deleted.add(urn);
  }
  refuseUntargeted(deployment, all);
  return inReverseOrder(all);
}

function deletionOf(
  state: ResourceState,
  registry: Registry,
  alreadyDeleted: (state: ResourceState) => boolean,
): PlannedStep[] {
  if (state.delete) {
    if (alreadyDeleted(state)) {
      return [];
    }
    return [makeStep(state.external ? "discard-replaced" : "delete-replaced", { old: state })];
  }
  if (registry.wasOperatedOn(state.urn)) {
    return [];
  }
  if (state.pendingReplacement) {
    return [makeStep("remove-pending-replace", { old: state })];
  }
  return [makeStep(state.external ? "discard" : "delete", { old: state })];
}

/** With targets: those, and every resource that depends on them. */
function includedStates(
  deployment: Deployment,
  toDelete: ResourceState[],
): (state: ResourceState) => boolean {
  const { targets } = deployment.settings;
  if (!targets.limited) {
    return () => true;
  }
  const all = [...toDelete, ...deployment.base.resources];
  const urns = new Set(all.map((state) => state.urn).filter((urn) => targets.includes(urn)));
  for (let before = -1; before !== urns.size;) {
    before = urns.size;
    for (const state of all) {
      if (dependenciesOf(state).some((urn) => urns.has(urn))) {
        urns.add(state.urn);
      }
    }
  }
  return (state) => urns.has(state.urn);
}

function refuseUntargeted(deployment: Deployment, steps: PlannedStep[]): void {
  const { targets, preview } = deployment.settings;
  const refusals = steps
    .filter(({ urn }) => !targets.includes(urn))
    .map(({ urn }) =>
      deployment.refuse(
        `Resource '${urn}' will be destroyed but was not specified in --target list.\n` +
          "Either include resource in --target list or pass --target-dependents to proceed.",
        urn,
      ),
    );
  if (!refusals[0]) {
    return;
  }
  deployment.incomplete = true;
  if (!preview) {
    throw refusals[0];
  }
}

/** Dependents and children of a resource are deleted before it. */
function inReverseOrder(steps: PlannedStep[]): PlannedStep[][] {
  const groups: PlannedStep[][] = [];
  let left = steps;
  while (left.length > 0) {
    const urns = new Set(left.map((step) => step.urn));
    const isFree = (step: PlannedStep): boolean =>
      !dependenciesOf(step.old!).some((urn) => urn !== step.urn && urns.has(urn));
    const free = left.filter(isFree);
    groups.unshift(free);
    left = left.filter((step) => !free.includes(step));
  }
  return groups;
}
