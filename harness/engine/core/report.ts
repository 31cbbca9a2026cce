import { withoutSecrets } from "../../../provider/model/known-secrets";
import { type Diagnostic, type Severity, type StepOp } from "../types";
import { type PlannedStep } from "./step";
import { type ResourceState } from "./resource-state";
import { type PropertyMap } from "./values";

/** A step as it went. */
export interface ReportedStep {
  planned: PlannedStep;
  /** What the step turned out to be: refreshing finds `same`, `update` or `delete`. */
  op: StepOp;
  /**
   * The resource before and after, as they were when the step ended; later steps change the
   * originals.
   */
  old?: ResourceState;
  new?: ResourceState;
  /** The inputs that the step was planned with. A step that fails half-way may record others. */
  inputs?: PropertyMap;
  failed: boolean;
  finished: boolean;
}

const MASKED_LENGTH = 3;

/** Collects what an operation does and says, in the order in which it happens. */
export class Report {
  readonly steps: ReportedStep[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly changes: Partial<Record<StepOp, number>> = {};

  private readonly secrets: string[];

  /** @param secrets what to mask in messages; too short a secret would mask too much. */
  constructor(secrets: string[]) {
    this.secrets = secrets.filter((secret) => secret.length >= MASKED_LENGTH);
  }

  started(planned: PlannedStep): ReportedStep {
    const step: ReportedStep = {
      planned,
      op: planned.op,
      inputs: planned.new?.inputs,
      failed: false,
      finished: false,
    };
    this.freeze(step);
    this.steps.push(step);
    return step;
  }

  finished(
    step: ReportedStep,
    op: StepOp = step.op,
    counted: boolean = step.planned.logical,
  ): void {
    step.op = op;
    step.finished = true;
    this.freeze(step);
    if (counted && !step.planned.internal) {
      this.changes[op] = (this.changes[op] ?? 0) + 1;
    }
  }

  failed(step: ReportedStep, message: string): void {
    step.failed = true;
    this.freeze(step);
    this.say("error", message, step.planned.internal ? undefined : step.planned.urn);
  }

  say(severity: Severity, message: string, urn?: string): void {
    this.diagnostics.push({
      severity,
      message: this.mask(message.replace(/\n+$/, "")),
      ...(urn ? { urn } : {}),
    });
  }

  /**
   * Secrets of the stack's config are known, and so are masked wherever they are printed; other
   * secrets are not.
   */
  private mask(message: string): string {
    return withoutSecrets(message, this.secrets);
  }

  private freeze(step: ReportedStep): void {
    if (step.planned.old) {
      step.old = { ...step.planned.old };
    }
    if (step.planned.new) {
      step.new = { ...step.planned.new };
    } else {
      delete step.new;
    }
  }
}
