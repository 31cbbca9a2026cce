import { type StateDeployment, type StateResource, type Step } from "../types";
import { markedText } from "./plain";
import { type ReportedStep } from "./report";
import { type ResourceState, type StackState } from "./resource-state";
import { urnName } from "./urn";
import { UNKNOWN_ID } from "./wire";

/** The steps as the interface shows them: those of the default provider left out. */
export function describeSteps(steps: ReportedStep[]): Step[] {
  return steps.filter((step) => !step.planned.internal).map(describeStep);
}

function describeStep(step: ReportedStep): Step {
  const state = (step.new ?? step.old)!;
  const id = state.id || step.old?.id;
  return {
    op: step.op,
    urn: state.urn,
    name: urnName(state.urn),
    type: state.type,
    ...(id && id !== UNKNOWN_ID ? { id } : {}),
    diff: step.planned.diff.detailed,
    replaceKeys: step.planned.diff.replaceKeys,
    failed: step.failed,
  };
}

/** A state as the interface shows it. */
export function describeState({ resources, operations }: StackState): StateDeployment {
  return {
    resources: resources.map(describeResource),
    pendingOperations: operations.map(({ resource, type }) => ({ urn: resource.urn, type })),
  };
}

function describeResource(state: ResourceState): StateResource {
  return {
    ...described(state),
    ...present("id", state.id || undefined),
    ...present("parent", state.parent),
    ...present("provider", state.provider),
    inputs: markedText(state.inputs) as Record<string, unknown>,
    outputs: markedText(state.outputs) as Record<string, unknown>,
  };
}

function present(key: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [key]: value };
}

/** The properties that are shown as they are. */
function described({
  urn,
  type,
  custom,
  protect,
  external,
  delete: toBeDeleted,
  pendingReplacement,
  retainOnDelete,
  initErrors,
  dependencies,
}: ResourceState): Omit<StateResource, "id" | "inputs" | "outputs" | "parent" | "provider"> {
  return {
    urn,
    type,
    custom,
    protect,
    external,
    delete: toBeDeleted,
    pendingReplacement,
    retainOnDelete,
    initErrors,
    dependencies,
  };
}
