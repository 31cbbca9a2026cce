import { type RunOptions, type RunResult } from "../types";
import { renderOperation } from "../render";
import { Deployment, type Mode } from "./deployment";
import { DEFAULT_PARALLEL } from "./executor";
import { type Host } from "./host";
import { Providers } from "./providers";
import { Report, type ReportedStep } from "./report";
import { describeSteps } from "./result";
import { type StackState } from "./resource-state";
import { Session } from "./session";
import { Snapshot } from "./snapshot";
import { Targets } from "./targets";
import { STACK_TYPE } from "./urn";
import { plainText } from "./plain";
import { type PropertyMap, Secret } from "./values";

export interface OperationSettings {
  title: string;
  mode: Mode;
  preview: boolean;
  runProgram: boolean;
  /** Read everything first. */
  refresh: boolean;
  /** A resource that fails does not keep independent ones from being handled. */
  continueOnError?: boolean;
  options: RunOptions;
}

/** One preview, update, refresh or destroy, from the stored state to the next stored state. */
export class Operation {
  private readonly report: Report;
  private readonly deployment: Deployment;
  private readonly providers: Providers;
  private readonly session: Session;
  private readonly parallel: number;
  private killed = false;
  private written: StackState;
  private readonly startedAt = Date.now();

  constructor(
    private readonly host: Host,
    private readonly settings: OperationSettings,
    private readonly base: StackState,
  ) {
    this.written = base;
    const { stack, project, config } = host;
    const { options, preview, mode } = settings;
    this.parallel = options.parallel ?? DEFAULT_PARALLEL;
    this.report = new Report(
      [...config.values()].filter(({ secret }) => secret).map(({ value }) => value),
    );
    this.providers = new Providers(
      (name) => host.newProvider(name),
      () => this.deployment.base.resources,
      host.packages,
    );
    this.deployment = new Deployment(
      {
        stack,
        project,
        preview,
        mode,
        parallel: this.parallel,
        continueOnError: settings.continueOnError ?? false,
        targets: new Targets(options.target),
        replaced: new Targets(options.replace),
        config,
      },
      base,
      new Snapshot(base, (state) => this.save(state), host.checkpoints ?? true),
      this.providers,
      this.report,
    );
    this.session = new Session(this.deployment);
  }

  async run(): Promise<RunResult> {
    const { signal } = this.settings.options;
    const onAbort = (): void => {
      this.kill();
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      await this.host.open(this.session, this.report);
      if (signal?.aborted) {
        this.kill();
      }
      await this.work();
      await this.session.finish();
      await this.providers.stop();
      this.deployment.snapshot.write();
    } finally {
      signal?.removeEventListener("abort", onAbort);
      this.providers.kill();
      this.host.close();
    }
    return this.result();
  }

  get wasKilled(): boolean {
    return this.killed;
  }

  get steps(): readonly ReportedStep[] {
    return this.report.steps;
  }

  private save(state: StackState): void {
    if (this.settings.preview) {
      return;
    }
    this.written = state;
    this.host.write(state);
    this.settings.options.onStateWrite?.();
  }

  private async work(): Promise<void> {
    const { refresh, runProgram, mode } = this.settings;
    this.warnOfPending();
    if (refresh) {
      await this.session.refresh();
    }
    if (this.deployment.cancelled || (mode === "refresh" && !runProgram)) {
      this.concludeFailure();
      return;
    }
    if (runProgram) {
      await this.runProgram();
    } else {
      await this.session.complete();
    }
    this.concludeFailure();
  }

  private async runProgram(): Promise<void> {
    this.deployment.onCancel(() => this.host.cancelProgram());
    const end = this.host.runProgram({
      preview: this.settings.preview,
      parallel: this.parallel,
    });
    this.providers.warmUp();
    const { failed, message } = await end;
    if (failed && !this.deployment.cancelled) {
      if (message !== undefined) {
        this.report.say("error", message);
      }
      this.deployment.cancel();
    }
  }

  /** Each failure is reported where it happens; this reports that the operation failed. */
  private concludeFailure(): void {
    if (this.deployment.incomplete || this.report.steps.some((step) => step.failed)) {
      this.report.say("error", this.settings.preview ? "preview failed" : "update failed");
    }
  }

  private warnOfPending(): void {
    const { operations } = this.base;
    if (
      operations.length === 0 ||
      this.settings.preview ||
      this.settings.refresh ||
      this.settings.mode === "refresh"
    ) {
      return;
    }
    const lines = operations.map(
      ({ resource, type }) => `  * ${resource.urn}, interrupted while ${type}`,
    );
    this.report.say("warning", pendingWarning(lines));
  }

  private kill(): void {
    this.killed = true;
    this.deployment.snapshot.abandon();
    this.host.kill();
    this.providers.kill();
    this.deployment.cancel();
  }

  private result(): RunResult {
    const { report, deployment, settings } = this;
    const outputs = settings.preview ? {} : this.stackOutputs();
    const run = {
      title: settings.title,
      stack: this.host.stack,
      preview: settings.preview,
      steps: report.steps,
      diagnostics: report.diagnostics,
      outputs,
      changes: report.changes,
      seconds: Math.ceil((Date.now() - this.startedAt) / 1000),
    };
    return {
      ok: !deployment.failed && !this.killed,
      steps: describeSteps(report.steps),
      diagnostics: report.diagnostics,
      outputs: Object.fromEntries(
        Object.entries(outputs).map(([key, value]) => [
          key,
          { value: plainText(value), secret: value instanceof Secret },
        ]),
      ),
      text: renderOperation(run, { color: settings.options.color === "always" }),
      changes: report.changes,
    };
  }

  private stackOutputs(): PropertyMap {
    return this.written.resources.find(({ type }) => type === STACK_TYPE)?.outputs ?? {};
  }
}

function pendingWarning(lines: string[]): string {
  return (
    `Attempting to deploy or update resources with ${lines.length} pending operations from previous deployment.\n` +
    `${lines.join("\n")}\n` +
    "These resources are in an unknown state because the Pulumi CLI was interrupted while waiting for changes to these resources to complete. " +
    "You should confirm whether or not the operations listed completed successfully by checking the state of the appropriate provider. " +
    "For example, if you are using AWS, you can confirm using the AWS Console.\n\n" +
    "Once you have confirmed the status of the interrupted operations, you can repair your stack using `pulumi refresh` " +
    "which will refresh the state from the provider you are using and clear the pending operations if there are any.\n\n" +
    "Note that `pulumi refresh` will need to be run interactively to clear pending CREATE operations."
  );
}
