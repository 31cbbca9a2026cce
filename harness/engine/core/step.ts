import { type StepOp } from "../types";
import { type DiffResult, NO_DIFF } from "./diff";
import { type ResourceState } from "./resource-state";
import { isDefaultProvider } from "./urn";

/**
 * Something to do to one resource. Made by the generator, performed by the executor, shown by the
 * report.
 */
export interface PlannedStep {
  op: StepOp;
  urn: string;
  /** What the state holds before, if it holds anything. */
  old?: ResourceState;
  /** What it is to hold afterwards; absent for deletions. */
  new?: ResourceState;
  diff: DiffResult;
  /** A logical step is counted in the summary; the parts of a replacement are not. */
  logical: boolean;
  /** A step of the default provider: done, but never shown. */
  internal: boolean;
  /** For create-replacement: the old resource is deleted later, not before. */
  deleteOldLater?: boolean;
  /** For delete-replaced: the new resource is created afterwards. */
  pendingReplacement?: boolean;
  /**
   * For refresh: part of a deployment that runs the program, so that what it finds is recorded at
   * once.
   */
  persisted?: boolean;
  /** For same: a resource that is left out because it is not a target, and so is not recorded. */
  skippedCreate?: boolean;
  /** Tells the program that its resource is ready. */
  done?: (state: ResourceState) => void;
}

const LOGICAL = new Set<StepOp>([
  "same",
  "create",
  "update",
  "delete",
  "replace",
  "read",
  "discard",
  "import",
]);

type StepParts = Partial<Omit<PlannedStep, "op" | "urn" | "logical" | "internal">>;

/** @param parts at least `old` or `new`. */
export function makeStep(op: StepOp, parts: StepParts): PlannedStep {
  const { urn } = (parts.new ?? parts.old)!;
  return {
    op,
    urn,
    diff: NO_DIFF,
    logical: LOGICAL.has(op),
    internal: isDefaultProvider(urn),
    ...parts,
  };
}
