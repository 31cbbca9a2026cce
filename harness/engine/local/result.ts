import { type Step } from "../types";
import { type ReportedStep } from "./report";
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
