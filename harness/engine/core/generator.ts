import { type Deployment, ReportedError } from "./deployment";
import {
  applyIgnoreChanges,
  applyReplaceOnChanges,
  type DiffResult,
  isReplacement,
  NO_DIFF,
} from "./diff";
import { goFormat } from "./go-format";
import { type Goal, type ReadGoal, stateFromGoal, stateFromReadGoal } from "./goal";
import { type CheckFailure, type Provider } from "./provider";
import { DiffUnavailableError } from "./providers";
import { type Registry } from "./registry";
import { Replacements } from "./replacements";
import { diffResource } from "./resource-diff";
import { dependenciesOf, type ResourceState } from "./resource-state";
import { makeStep, type PlannedStep } from "./step";
import { isProviderType } from "./urn";
import { mapsEqual, type PropertyMap } from "./values";

/** A registration whose URN is settled, and what the state holds of it. */
export interface Registration {
  goal: Goal;
  urn: string;
  old?: ResourceState;
  new: ResourceState;
  done: (state: ResourceState) => void;
}

/**
 * Turns what a program registers into steps: check, then diff against the state, then the steps
 * that the difference asks for. Not reentrant: the deployment runs check and diff one at a time.
 */
export class StepGenerator {
  /** What the program registered and a destroy is to delete once the program has ended. */
  readonly toDelete: ResourceState[] = [];
  private readonly replacements: Replacements;

  constructor(
    private readonly deployment: Deployment,
    private readonly registry: Registry,
  ) {
    this.replacements = new Replacements(deployment, registry);
  }

  /** Whether a replaced resource was deleted before its replacement. */
  wasDeletedEarly(state: ResourceState): boolean {
    return this.replacements.isCondemned(state);
  }

  prepare(goal: Goal, done: (state: ResourceState) => void): Registration {
    const urn = this.registry.claim(goal);
    const { old, alias } = this.registry.findOld(urn, goal);
    return { goal, urn, old, new: { ...stateFromGoal(goal, urn), alias }, done };
  }

  async plan(registration: Registration): Promise<PlannedStep[]> {
    const { goal } = registration;
    const { mode } = this.deployment.settings;
    const managed = goal.custom && !isProviderType(goal.type);
    if (mode === "refresh" && (managed || this.dependsOnSkipped(registration.new))) {
      return this.planInRefresh(registration);
    }
    if (mode === "destroy") {
      if (managed || this.dependsOnSkipped(registration.new)) {
        return this.planInDestroy(registration);
      }
      this.toDelete.push(registration.new);
    }
    return this.planUpdate(registration);
  }

  /** The steps that take over an existing resource before it is planned, if the program wants that. */
  planImport({ goal, urn, old, new: state }: Registration): PlannedStep[] {
    const { mode, targets } = this.deployment.settings;
    const wanted = goal.importId !== undefined && !isImported(goal.importId, old);
    if (!wanted || mode !== "update" || !targets.includesForUpdate(urn)) {
      return [];
    }
    const imported = { ...state, id: goal.importId! };
    this.registry.operated.add(urn);
    if (!old) {
      this.registry.created.add(urn);
      return [makeStep("import", { new: imported })];
    }
    this.registry.replaced.add(urn);
    return [
      makeStep("import-replacement", { old, new: imported, deleteOldLater: true }),
      makeStep("replace", { old, new: imported }),
    ];
  }

  planRead(goal: ReadGoal, done: (state: ResourceState) => void): PlannedStep[] {
    const urn = this.registry.claim(goal);
    const state = stateFromReadGoal(goal, urn);
    const old = this.deployment.olds.get(urn);
    if (old && !old.external && old.id !== goal.id) {
      this.registry.replaced.add(urn);
      this.registry.operated.add(urn);
      return [
        makeStep("read-replacement", { old, new: state, done }),
        makeStep("replace", { old, new: state }),
      ];
    }
    if (this.deployment.settings.mode === "destroy") {
      this.toDelete.push(state);
    }
    this.registry.operated.add(urn);
    return [makeStep("read", { old, new: state, done })];
  }

  /** The resource was refreshed before it came here; nothing else is done to it. */
  private planInRefresh({ urn, old, new: state, done }: Registration): PlannedStep[] {
    this.registry.operated.add(urn);
    if (old) {
      done(old);
      return [];
    }
    return [this.skip(state, done)];
  }

  private planInDestroy({ urn, old, new: state, done }: Registration): PlannedStep[] {
    if (!old || this.dependsOnSkipped(state)) {
      if (old) {
        state.outputs = old.outputs;
      }
      this.registry.skipped.add(urn);
      return [makeStep("same", { old: { ...state }, new: state, skippedCreate: true, done })];
    }
    this.registry.operated.add(urn);
    this.toDelete.push(state);
    state.inputs = old.inputs;
    return [makeStep("same", { old, new: state, done })];
  }

  private async planUpdate(registration: Registration): Promise<PlannedStep[]> {
    const { urn, old, new: state, done } = registration;
    const targeted = this.deployment.settings.targets.includesForUpdate(urn);
    if (!targeted) {
      return this.planUntargeted(registration);
    }
    this.refuseSkippedDependencies(state);
    const recreating = this.registry.deleted.has(urn);
    const provider = this.providerOf(state);
    if (provider) {
      const isCompared = !recreating && !this.deployment.settings.replaced.names(urn);
      await this.check(
        registration,
        provider,
        old && !old.external && isCompared ? old : undefined,
      );
    }

    if (old && recreating) {
      return this.replacements.recreate(registration, old);
    }
    if (old?.external) {
      this.registry.created.add(urn);
      this.registry.operated.add(urn);
      const parts = { old, new: state, done, deleteOldLater: true };
      return [makeStep("create-replacement", parts), makeStep("replace", { old, new: state })];
    }
    if (old) {
      return this.planChange(registration, old, provider);
    }
    this.registry.created.add(urn);
    this.registry.operated.add(urn);
    return [makeStep("create", { new: state, done })];
  }

  private async planChange(
    registration: Registration,
    old: ResourceState,
    provider: Provider | undefined,
  ): Promise<PlannedStep[]> {
    const { goal, urn, new: state, done } = registration;
    if (this.deployment.settings.replaced.names(urn)) {
      this.registry.operated.add(urn);
      const forced = { ...NO_DIFF, changes: true, replaceKeys: ["id"] };
      // It was checked without the old inputs already.
      return this.replacements.plan(registration, old, forced, undefined);
    }
    const raw = await this.diff(registration, old, provider);
    const diff = applyReplaceOnChanges(raw, goal.replaceOnChanges, old.initErrors.length > 0);
    this.registry.operated.add(urn);
    if ((diff.changes && isReplacement(diff)) || old.pendingReplacement) {
      // Without the old inputs, because what they would carry over need not hold for another
      // resource.
      const recheck =
        provider && !isProviderType(goal.type)
          ? () => this.check(registration, provider, undefined)
          : undefined;
      return this.replacements.plan(registration, old, diff, recheck);
    }
    if (diff.changes || old.initErrors.length > 0) {
      return [makeStep("update", { old, new: state, diff, done })];
    }
    return [makeStep("same", { old, new: state, done })];
  }

  /** What is not a target stays as it is; what does not exist yet is left out. */
  private planUntargeted({ urn, old, new: state, done }: Registration): PlannedStep[] {
    this.registry.operated.add(urn);
    if (old) {
      return [makeStep("same", { old, new: { ...old, urn, id: "" }, done })];
    }
    return [this.skip(state, done)];
  }

  private skip(state: ResourceState, done: (state: ResourceState) => void): PlannedStep {
    this.registry.skipped.add(state.urn);
    return makeStep("same", { old: { ...state }, new: state, skippedCreate: true, done });
  }

  /** Stores the checked inputs in the new state. Reports all failures, then throws. */
  private async check(
    registration: Registration,
    provider: Provider,
    old: ResourceState | undefined,
  ): Promise<void> {
    const { goal, urn, new: state } = registration;
    const news = old ? this.withIgnored(goal, urn, old.inputs) : goal.inputs;
    const { inputs, failures } = isProviderType(goal.type)
      ? await this.deployment.providers.checkConfig(urn, old?.inputs ?? {}, news)
      : await provider.check(urn, old?.inputs ?? {}, news);
    for (const failure of failures) {
      this.deployment.say("error", failureMessage(goal, failure), urn);
    }
    if (failures.length > 0) {
      this.deployment.failed = true;
      throw new ReportedError(`${urn} is invalid`);
    }
    state.inputs = inputs;
  }

  private withIgnored(goal: Goal, urn: string, olds: PropertyMap): PropertyMap {
    const { inputs, invalid } = applyIgnoreChanges(olds, goal.inputs, goal.ignoreChanges);
    if (invalid.length > 0) {
      this.deployment.say(
        "info",
        `cannot ignore changes in added or removed elements of the path: "${invalid.join(", ")}"`,
        urn,
      );
    }
    return inputs;
  }

  private async diff(
    { goal, urn, new: state }: Registration,
    old: ResourceState,
    provider: Provider | undefined,
  ): Promise<DiffResult> {
    if ((old.provider === undefined) !== (state.provider === undefined)) {
      return { ...NO_DIFF, changes: true, replaceKeys: ["provider"] };
    }
    if (isProviderType(goal.type)) {
      return { ...NO_DIFF, changes: !mapsEqual(old.outputs, state.inputs) };
    }
    if (!provider) {
      return { ...NO_DIFF, changes: !mapsEqual(old.inputs, state.inputs) };
    }
    try {
      return await diffResource(provider, { ...old, urn }, state.inputs, goal.ignoreChanges);
    } catch (error) {
      if (!(error instanceof DiffUnavailableError)) {
        throw error;
      }
      this.deployment.say("warning", error.message, urn);
      return { ...NO_DIFF, changes: true };
    }
  }

  /**
   * Undefined for components. Of provider resources, the engine itself is the provider, so that any
   * will do here.
   */
  private providerOf(state: ResourceState): Provider | undefined {
    if (!state.custom) {
      return undefined;
    }
    return isProviderType(state.type) ? NO_PROVIDER : this.deployment.providers.get(state.provider);
  }

  private dependsOnSkipped(state: ResourceState): boolean {
    return dependenciesOf(state).some((urn) => this.registry.skipped.has(urn));
  }

  private refuseSkippedDependencies(state: ResourceState): void {
    if (this.deployment.settings.mode !== "update") {
      return;
    }
    for (const urn of dependenciesOf(state)) {
      if (!this.registry.skipped.has(urn)) {
        continue;
      }
      const refusal = this.deployment.refuse(
        `Resource '${state.urn}' depends on '${urn}' which was was not specified in --target list.`,
        state.urn,
      );
      if (!this.deployment.settings.preview) {
        throw refusal;
      }
      this.deployment.incomplete = true;
    }
  }
}

function failureMessage(goal: Goal, { property, reason }: CheckFailure): string {
  const what = `${goal.type} resource '${goal.name}'`;
  if (property === "") {
    return `${what} has a problem: ${reason}`;
  }
  return `${what}: property ${property} value ${goFormat(goal.inputs[property])} has a problem: ${reason}`;
}

/** Whether the state holds what a program wants imported. */
function isImported(id: string, old: ResourceState | undefined): boolean {
  return old !== undefined && !old.external && [old.id, old.importId].includes(id);
}

const NO_PROVIDER = {} as Provider;
