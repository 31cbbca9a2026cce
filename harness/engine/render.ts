/**
 * What a user would see of an operation of the local engine, in the manner of `pulumi up --diff`.
 */
import { type ReportedStep } from "./core/report";
import { type PropertyMap } from "./core/values";
import { type Painter, painter } from "./render/color";
import { renderProperties, renderPropertyDiff } from "./render/properties";
import { type Diagnostic, type StepOp } from "./types";

export interface RenderedOperation {
  title: string;
  stack: string;
  preview: boolean;
  steps: ReportedStep[];
  diagnostics: Diagnostic[];
  /** Of the stack; undefined where there is nothing to show. */
  outputs: PropertyMap | undefined;
  changes: Partial<Record<StepOp, number>>;
  seconds: number;
}

/**
 * Property values are clipped to 80 columns. Messages are not broken, so that a search finds them.
 */
export function renderOperation(run: RenderedOperation, { color }: { color: boolean }): string {
  const paint = painter(color);
  const sections = [
    [
      `${paint.bold(run.title)} (${run.stack}):`,
      ...run.steps.filter(isShown).flatMap((step) => renderStep(step, paint)),
    ],
    renderDiagnostics(run.diagnostics, paint),
    run.outputs && Object.keys(run.outputs).length > 0
      ? [paint.bold("Outputs:"), ...renderProperties(run.outputs, 4)]
      : [],
    renderSummary(run, paint),
    run.preview ? [] : [`${paint.bold("Duration:")} ${run.seconds}s`],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** Unchanged resources are only counted. A replacement is shown as one step. */
function isShown({ planned, op, failed }: ReportedStep): boolean {
  return !planned.internal && (failed || !HIDDEN.has(op));
}

const HIDDEN = new Set<StepOp>([
  "same",
  "refresh",
  "create-replacement",
  "delete-replaced",
  "discard-replaced",
  "read-replacement",
]);

function renderStep(step: ReportedStep, paint: Painter): string[] {
  const state = (step.new ?? step.old)!;
  const name = state.urn.split("::").slice(3).join("::");
  const id = step.old?.id ? ` [id=${step.old.id}]` : "";
  const head = paint.op(step.op, `${PREFIX[step.op]}${state.type} ${name} ${step.op}`);
  return [
    `  ${head}${id}${step.failed ? ` ${paint.error("failed")}` : ""}`,
    ...renderChange(step, paint),
  ];
}

function renderChange(step: ReportedStep, paint: Painter): string[] {
  const { old, new: state } = step;
  if (!state || !(old ?? state).custom) {
    return [];
  }
  if (step.op === "create" || step.op === "read") {
    return renderProperties(state.inputs, 6);
  }
  if (!old) {
    return [];
  }
  // Pulumi shows what a refresh found as old inputs against new outputs.
  const now = step.planned.op === "refresh" ? state.outputs : state.inputs;
  return renderPropertyDiff(old.inputs, now, step.planned.diff, paint, 4);
}

function renderDiagnostics(diagnostics: Diagnostic[], paint: Painter): string[] {
  if (diagnostics.length === 0) {
    return [];
  }
  const lines: string[] = [];
  let subject: string | undefined;
  for (const { urn, severity, message } of diagnostics) {
    const about = urn
      ? `${urn.split("::")[2]!.split("$").at(-1)!} (${urn.split("::").slice(3).join("::")}):`
      : "";
    if (about !== subject && about !== "") {
      lines.push(`  ${about}`);
    }
    subject = about;
    const text =
      severity === "info"
        ? message
        : `${severity === "error" ? paint.error("error") : paint.warning("warning")}: ${message}`;
    const indent = about === "" ? "  " : "    ";
    lines.push(...text.split("\n").map((line) => indent + line));
  }
  return [paint.bold("Diagnostics:"), ...lines];
}

function renderSummary({ changes, preview, steps }: RenderedOperation, paint: Painter): string[] {
  const counted = ORDER.flatMap((op) => {
    const count = changes[op];
    if (!count) {
      return [];
    }
    return [`    ${paint.op(op, `${PREFIX[op]}${count} ${preview ? `to ${op}` : PAST[op]}`)}`];
  });
  const total = ORDER.reduce((sum, op) => sum + (changes[op] ?? 0), 0);
  const same = changes.same ? `${changes.same} unchanged` : undefined;
  const notes = [counted.length > 1 ? `${total} changes` : undefined, same].filter(
    (note) => note !== undefined,
  );
  const errored = steps.filter((step) => step.failed).length;
  return [
    paint.bold("Resources:"),
    ...counted,
    ...(notes.length > 0 ? [`    ${notes.join(". ")}`] : []),
    ...(errored > 0 ? [`    ${paint.error(`${errored} errored`)}`] : []),
  ];
}

const PREFIX: Record<StepOp, string> = {
  same: "  ",
  create: "+ ",
  update: "~ ",
  delete: "- ",
  replace: "+-",
  "create-replacement": "++",
  "delete-replaced": "--",
  read: "> ",
  "read-replacement": ">>",
  discard: "< ",
  "discard-replaced": "<<",
  refresh: "~ ",
  import: "= ",
  "import-replacement": "=>",
  "remove-pending-replace": "~ ",
};

const ORDER = ["create", "update", "delete", "replace", "import"] as const;

const PAST: Record<(typeof ORDER)[number], string> = {
  create: "created",
  update: "updated",
  delete: "deleted",
  replace: "replaced",
  import: "imported",
};
