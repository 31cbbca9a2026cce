import { type Diagnostic, type StepOp } from "./types";
import { type ReportedStep } from "./local/report";

export interface RenderedOperation {
  title: string;
  stack: string;
  preview: boolean;
  steps: ReportedStep[];
  diagnostics: Diagnostic[];
  changes: Partial<Record<StepOp, number>>;
  seconds: number;
}

export function renderOperation(run: RenderedOperation, _options: { color: boolean }): string {
  return [`${run.title} (${run.stack}):`, ...run.diagnostics.map((d) => `${d.severity}: ${d.message}`), ""].join("\n");
}
