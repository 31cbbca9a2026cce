import { availableParallelism } from "node:os";

import { type StepOp } from "../types";
import { type Deployment, errorMessage } from "./deployment";
import { perform, ProtectedError } from "./perform";
import { InitializationError } from "./provider";
import { type Registry } from "./registry";
import { type ReportedStep } from "./report";
import { type Operation, type OperationType, type ResourceState } from "./resource-state";
import { Semaphore } from "./scheduler";
import { markSecretOutputs } from "./secrecy";
import { type PlannedStep } from "./step";
import { mapsEqual } from "./values";

export const DEFAULT_PARALLEL = 4 * availableParallelism();

/**
 * Performs chains of steps, several chains in parallel, and records the results in the snapshot.
 */
export class Executor {
  private readonly workers: Semaphore;
  private readonly running = new Set<Promise<boolean>>();

  constructor(
    private readonly deployment: Deployment,
    private readonly registry: Registry,
  ) {
    this.workers = new Semaphore(deployment.settings.parallel);
  }

  /**
   * Does not throw: an error cancels the deployment, so that steps not yet begun are left undone.
   *
   * @returns whether every step of the chain was performed.
   */
  run(chain: PlannedStep[]): Promise<boolean> {
    const work = this.workers.run(() => this.runChain(chain));
    this.running.add(work);
    void work.finally(() => this.running.delete(work));
    return work;
  }

  /** @returns the steps that were not performed. */
  async runAll(steps: PlannedStep[]): Promise<PlannedStep[]> {
    const performed = await Promise.all(steps.map((step) => this.run([step])));
    return steps.filter((_, index) => performed[index] === false);
  }

  async idle(): Promise<void> {
    while (this.running.size > 0) {
      await Promise.all(this.running);
    }
  }

  private async runChain(chain: PlannedStep[]): Promise<boolean> {
    for (const step of chain) {
      if (this.deployment.cancelled || !(await this.runStep(step))) {
        return false;
      }
    }
    return true;
  }

  private async runStep(step: PlannedStep): Promise<boolean> {
    const { deployment } = this;
    const reported = deployment.report.started(step);
    const operation = this.begin(step);
    try {
      const op = await perform(step, deployment, this.registry);
      this.succeed(step, reported, operation, op);
      return true;
    } catch (error) {
      this.fail(step, reported, operation, error);
      return false;
    }
  }

  private succeed(
    step: PlannedStep,
    reported: ReportedStep,
    operation: Operation | undefined,
    op: StepOp,
  ): void {
    if (step.new && step.op !== "replace") {
      markSecretOutputs(step.new.outputs, step.new.inputs, step.new.additionalSecretOutputs);
    }
    const { report, settings } = this.deployment;
    // Before an update, a refresh is only a preparation; on its own, what it found is what is
    // counted.
    const refreshing = step.op === "refresh" && settings.mode === "refresh";
    report.finished(
      reported,
      step.op === "refresh" && !refreshing ? "refresh" : op,
      refreshing || isCounted(step),
    );
    this.commit(step, operation);
    step.done?.(step.new!);
  }

  private fail(
    step: PlannedStep,
    reported: ReportedStep,
    operation: Operation | undefined,
    error: unknown,
  ): void {
    const { deployment } = this;
    if (error instanceof InitializationError) {
      markSecretOutputs(step.new!.outputs, step.new!.inputs, step.new!.additionalSecretOutputs);
      this.commit(step, operation);
    } else if (operation) {
      deployment.snapshot.fail(operation);
    }
    const message =
      error instanceof InitializationError ? listed(error.reasons) : errorMessage(error);
    deployment.report.failed(
      reported,
      deployment.settings.preview ? `Preview failed: ${message}` : message,
    );
    deployment.failed = true;
    const harmless = error instanceof ProtectedError || step.op === "refresh";
    if (!harmless && !deployment.settings.continueOnError) {
      deployment.cancel();
    }
  }

  private begin(step: PlannedStep): Operation | undefined {
    const type = OPERATIONS[step.op];
    if (type === undefined || this.deployment.settings.preview) {
      return undefined;
    }
    return this.deployment.snapshot.begin(type === "deleting" ? step.old! : step.new!, type);
  }

  private commit(step: PlannedStep, operation: Operation | undefined): void {
    const change = CHANGES[step.op]?.(step);
    if (change) {
      this.deployment.snapshot.commit({ operation, ...change });
    }
  }
}

interface Change {
  removed?: ResourceState;
  added?: ResourceState;
}

const replaceState = ({ old, new: state }: PlannedStep): Change => ({ removed: old, added: state });
const removeState = ({ old, pendingReplacement }: PlannedStep): Change => ({
  removed: pendingReplacement ? undefined : old,
});

/**
 * What a step that went well changes in the state. A replacement is the steps that it is made of.
 */
const CHANGES: Partial<Record<StepOp, (step: PlannedStep) => Change | undefined>> = {
  create: replaceState,
  update: replaceState,
  read: replaceState,
  "read-replacement": replaceState,
  import: replaceState,
  "import-replacement": ({ new: added }) => ({ added }),
  "create-replacement": ({ old, new: added }) => ({
    removed: old!.pendingReplacement ? old : undefined,
    added,
  }),
  same: ({ old, new: state, skippedCreate }) => ({
    removed: old,
    added: skippedCreate ? undefined : state,
  }),
  refresh: (step) => (step.persisted ? replaceState(step) : undefined),
  delete: removeState,
  "delete-replaced": removeState,
  discard: removeState,
  "discard-replaced": removeState,
  "remove-pending-replace": removeState,
};

const OPERATIONS: Partial<Record<StepOp, OperationType>> = {
  create: "creating",
  "create-replacement": "creating",
  update: "updating",
  delete: "deleting",
  "delete-replaced": "deleting",
  discard: "deleting",
  "discard-replaced": "deleting",
  import: "importing",
  "import-replacement": "importing",
  read: "reading",
  "read-replacement": "reading",
};

/** Reading counts only if it found something else than the last time. */
function isCounted({ op, logical, old, new: state }: PlannedStep): boolean {
  return (
    logical && (op !== "read" || (old !== undefined && !mapsEqual(old.outputs, state!.outputs)))
  );
}

/** The reasons of a half-done create or update, as Pulumi lists them. */
function listed(reasons: string[]): string {
  if (reasons.length === 0) {
    return "resource init failed";
  }
  const count = reasons.length === 1 ? "1 error" : `${reasons.length} errors`;
  return `${count} occurred:\n${reasons.map((reason) => `\t* ${reason}`).join("\n")}\n`;
}
