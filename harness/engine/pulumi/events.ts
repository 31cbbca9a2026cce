import { type EngineEvent, type StepEventMetadata } from "@pulumi/pulumi/automation";

import { type Diagnostic, type DiffKind, type Severity, type Step, type StepOp } from "../types";

/**
 * Whether the command is a refresh, whose steps are what it found, and whether it runs the program
 * to do so.
 */
export interface RefreshCommand {
  isRefresh: boolean;
  withProgram: boolean;
}

/** Turns the events of the CLI's engine into the steps, diagnostics and counts of a result. */
export class EventCollector {
  readonly steps: Step[] = [];
  readonly diagnostics: Diagnostic[] = [];
  changes: Partial<Record<StepOp, number>> = {};
  private readonly open = new Map<string, Step>();

  constructor(private readonly command: RefreshCommand) {}

  add(event: EngineEvent): void {
    if (event.diagnosticEvent) {
      this.addDiagnostic(event.diagnosticEvent);
    }
    if (event.summaryEvent) {
      this.changes = event.summaryEvent.resourceChanges;
    }
    if (event.resourcePreEvent) {
      this.begin(event.resourcePreEvent.metadata);
    }
    if (event.resOutputsEvent) {
      this.end(event.resOutputsEvent.metadata);
    }
    if (event.resOpFailedEvent) {
      this.fail(event.resOpFailedEvent.metadata);
    }
  }

  private addDiagnostic({
    severity,
    message,
    urn,
    ephemeral,
  }: NonNullable<EngineEvent["diagnosticEvent"]>): void {
    const known = SEVERITIES[severity];
    if (known && !ephemeral) {
      this.diagnostics.push({
        severity: known,
        message: message.replace(/\n+$/, ""),
        ...(urn ? { urn } : {}),
      });
    }
  }

  private begin(metadata: StepEventMetadata): void {
    if (isDefaultProvider(metadata) || this.isPretended(metadata)) {
      return;
    }
    const step = describe(metadata);
    this.steps.push(step);
    this.open.set(keyOf(metadata), step);
  }

  /** A refresh that runs the program goes through the motions for what can't be read. */
  private isPretended({ op, type, old }: StepEventMetadata): boolean {
    return (
      op === "refresh" &&
      this.command.withProgram &&
      (!old?.custom || type.startsWith("pulumi:providers:"))
    );
  }

  /** A refresh begins as `refresh` and ends as what it found. */
  private end(metadata: StepEventMetadata): void {
    const begun =
      this.open.get(keyOf(metadata)) ?? this.open.get(keyOf({ ...metadata, op: "refresh" }));
    if (!begun) {
      return;
    }
    const { op, id, diff, replaceKeys } = describe(metadata);
    if (begun.op !== "refresh" || this.command.isRefresh) {
      begun.op = op;
    }
    Object.assign(begun, { ...(id === undefined ? {} : { id }), diff, replaceKeys });
  }

  /** A create that failed half-way has an id. */
  private fail(metadata: StepEventMetadata): void {
    const begun = this.open.get(keyOf(metadata));
    if (begun) {
      Object.assign(begun, { failed: true, ...(metadata.new?.id ? { id: metadata.new.id } : {}) });
    }
  }
}

const SEVERITIES: Partial<Record<string, Severity>> = {
  info: "info",
  "info#err": "info",
  warning: "warning",
  error: "error",
};

/** A replaced resource may have several states at once, with different ids. */
function keyOf({ op, urn, old }: Pick<StepEventMetadata, "op" | "urn" | "old">): string {
  return `${op} ${urn} ${old?.id ?? ""}`;
}

function describe(metadata: StepEventMetadata): Step {
  const { urn, type, op, detailedDiff, keys } = metadata;
  const id = metadata.new?.id || metadata.old?.id;
  return {
    op: op,
    urn,
    name: urn.split("::").slice(3).join("::"),
    type,
    ...(id && id !== UNKNOWN_ID ? { id } : {}),
    diff: Object.fromEntries(
      Object.entries(detailedDiff ?? {}).map(([path, { diffKind }]) => [
        path,
        diffKind as DiffKind,
      ]),
    ),
    replaceKeys: keys ?? [],
    failed: false,
  };
}

const UNKNOWN_ID = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

function isDefaultProvider({ type, urn }: StepEventMetadata): boolean {
  return type.startsWith("pulumi:providers:") && /::default(_[^:]*)?$/.test(urn);
}
