import { type Diagnostic } from "../types";
import { type ConfigEntry } from "./config";
import { type Providers } from "./providers";
import { type Report } from "./report";
import { type ResourceState, type StackState } from "./resource-state";
import { type Snapshot } from "./snapshot";
import { type Targets } from "./targets";

export type Mode = "update" | "refresh" | "destroy";

export interface DeploymentSettings {
  stack: string;
  project: string;
  preview: boolean;
  /** What is done to the resources that the program registers; without a program, to all. */
  mode: Mode;
  parallel: number;
  /** A resource that fails does not keep independent ones from being handled. */
  continueOnError: boolean;
  targets: Targets;
  /** What is replaced without a comparison. */
  replaced: Targets;
  config: Map<string, ConfigEntry>;
}

/** An error that has been reported already: it only ends the deployment. */
export class ReportedError extends Error {}

/**
 * What all parts of an operation share: the state it began with, and where results are recorded.
 */
export class Deployment {
  /** The resources of the state by URN, those to be deleted excepted. Refreshing replaces them. */
  olds = new Map<string, ResourceState>();
  /** Set by the first error that ends the deployment. Running steps finish, no new ones start. */
  cancelled = false;
  failed = false;
  /**
   * A step could not be planned, but planning went on. The operation reports its failure at the
   * end.
   */
  incomplete = false;
  private readonly onceCancelled = new Set<() => void>();

  constructor(
    readonly settings: DeploymentSettings,
    public base: StackState,
    readonly snapshot: Snapshot,
    readonly providers: Providers,
    readonly report: Report,
  ) {
    this.setBase(base.resources);
  }

  setBase(resources: ResourceState[]): void {
    this.base = { ...this.base, resources };
    this.olds = new Map(
      resources.filter((resource) => !resource.delete).map((resource) => [resource.urn, resource]),
    );
  }

  /**
   * Calls back when the deployment is cancelled, or at once if it is.
   *
   * @returns a function that removes the callback.
   */
  onCancel(callback: () => void): () => void {
    if (this.cancelled) {
      callback();
    } else {
      this.onceCancelled.add(callback);
    }
    return () => this.onceCancelled.delete(callback);
  }

  /** An error that was not reported yet is reported now. */
  reportFailure(error?: unknown, urn?: string): void {
    this.failed = true;
    if (error !== undefined && !(error instanceof ReportedError)) {
      this.say("error", errorMessage(error), urn);
    }
  }

  /** Ends the deployment. */
  cancel(error?: unknown, urn?: string): void {
    this.reportFailure(error, urn);
    this.cancelled = true;
    for (const callback of this.onceCancelled) {
      callback();
    }
    this.onceCancelled.clear();
  }

  say(severity: Diagnostic["severity"], message: string, urn?: string): void {
    this.report.say(severity, message, urn);
  }

  /** Reports an error and returns what to throw. */
  refuse(message: string, urn?: string): ReportedError {
    this.failed = true;
    this.say("error", message, urn);
    return new ReportedError(message);
  }
}

/**
 * The message of an error as users see it; of a gRPC error, the details without the status code.
 */
export function errorMessage(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const { details } = error as { details?: unknown };
  return typeof details === "string" && details !== "" ? details : error.message;
}
