import { providerInputs } from "./config";
import { planDeletions } from "./deletions";
import { type Deployment } from "./deployment";
import { Executor } from "./executor";
import { type Registration, StepGenerator } from "./generator";
import { type Goal, inherit, type ReadGoal } from "./goal";
import { refreshState } from "./refresh";
import { Registry } from "./registry";
import { dependenciesOf, type ResourceState } from "./resource-state";
import { Serial } from "./scheduler";
import { makeStep, type PlannedStep } from "./step";
import {
  formatReference,
  isProviderType,
  packageOf,
  PROVIDER_PREFIX,
  STACK_TYPE,
  urnType,
} from "./urn";
import { type PropertyMap } from "./values";

/**
 * Why a registration is not answered: the deployment has ended. Programs know this and end quietly.
 */
export class ShutDownError extends Error {}

/** The resource failed, and the deployment goes on without it. */
export class FailedResourceError extends Error {}

/**
 * One run of a program against a deployment: takes its registrations as they come, and when it has
 * ended does what is left to do. Knows nothing of gRPC or of processes.
 */
export class Session {
  private readonly registry: Registry;
  private readonly generator: StepGenerator;
  private readonly executor: Executor;
  private readonly serial = new Serial();
  private readonly goals = new Map<string, Goal>();
  private readonly states = new Map<string, ResourceState>();
  /** By package. */
  private readonly defaultProviders = new Map<string, Promise<string>>();
  private stackOutputs: { urn: string; outputs: PropertyMap } | undefined;

  constructor(private readonly deployment: Deployment) {
    this.registry = new Registry(deployment);
    this.generator = new StepGenerator(deployment, this.registry);
    this.executor = new Executor(deployment, this.registry);
  }

  /** Reads everything before, or without, a program. */
  async refresh(): Promise<void> {
    await refreshState(this.deployment, this.executor);
    if (this.deployment.failed) {
      this.deployment.cancel();
    }
  }

  /** @throws ShutDownError when the deployment ends before the resource is ready. */
  async register(requested: Goal): Promise<ResourceState> {
    const goal = inherit(
      requested,
      requested.parent === undefined ? undefined : this.goals.get(requested.parent),
    );
    return this.untilCancelled(goal, async (done) => {
      if (goal.custom) {
        this.deployment.providers.refuseOthers(goal.type);
      }
      if (goal.custom && !isProviderType(goal.type)) {
        goal.provider ??= await this.defaultProviderOf(packageOf(goal.type));
      }
      await this.registerWithProvider(goal, done);
    });
  }

  async read(goal: ReadGoal): Promise<ResourceState> {
    return this.untilCancelled(goal, async (done) => {
      this.deployment.providers.refuseOthers(goal.type);
      goal.provider ??= await this.defaultProviderOf(packageOf(goal.type));
      const steps = await this.serial.run(() =>
        Promise.resolve(this.generator.planRead(goal, done)),
      );
      await this.executor.run(steps);
    });
  }

  /**
   * Outputs of components are stored at once; those of the stack when it is clear whether all went
   * well.
   */
  async registerOutputs(urn: string, outputs: PropertyMap): Promise<void> {
    if (urnType(urn) === STACK_TYPE) {
      this.stackOutputs = { urn, outputs };
      return;
    }
    await this.serial.run(async () => {
      const state = this.states.get(urn);
      if (!state) {
        throw new Error(`cannot complete a resource '${urn}' whose registration isn't pending`);
      }
      state.outputs = outputs;
      if (!this.deployment.settings.preview) {
        this.deployment.snapshot.checkpoint();
      }
      return Promise.resolve();
    });
  }

  /** The program will register nothing more: deletes what it no longer wants. */
  async complete(): Promise<void> {
    const { deployment } = this;
    await this.serial.run(() => Promise.resolve());
    await this.executor.idle();
    if (deployment.cancelled) {
      return;
    }
    try {
      this.refuseUnknownTargets();
      if (deployment.settings.mode === "refresh") {
        await this.refreshUnregistered();
      } else {
        await this.deleteUnwanted();
      }
    } catch (error) {
      deployment.cancel(error);
    }
  }

  /**
   * Waits for what is under way, and stores the stack's outputs. After a failure, outputs that are
   * missing stay.
   */
  async finish(): Promise<void> {
    await this.executor.idle();
    if (!this.stackOutputs) {
      return;
    }
    const { urn, outputs } = this.stackOutputs;
    const state = this.states.get(urn);
    if (!state) {
      return;
    }
    state.outputs = this.deployment.failed
      ? { ...this.deployment.olds.get(urn)?.outputs, ...outputs }
      : outputs;
  }

  private async registerWithProvider(
    goal: Goal,
    done: (state: ResourceState) => void,
  ): Promise<void> {
    const steps = await this.serial.run(async () => {
      const registration = this.generator.prepare(goal, (state) => {
        this.goals.set(state.urn, goal);
        this.states.set(state.urn, state);
        done(state);
      });
      if (this.deployment.settings.mode === "refresh" && registration.old) {
        registration.old = await this.refreshRegistered(registration.old, registration.new, goal);
      }
      const importing = this.generator.planImport(registration);
      if (importing.length === 0) {
        return this.generator.plan(registration);
      }
      return (await this.executor.run(importing)) ? this.planImported(registration, importing) : [];
    });
    await this.executor.run(steps);
  }

  /** What is imported becomes what the program has. Where nothing changes, no step is shown. */
  private async planImported(
    registration: Registration,
    [imported]: PlannedStep[],
  ): Promise<PlannedStep[]> {
    const steps = await this.generator.plan({ ...registration, old: imported!.new });
    return steps.map((step) => (step.op === "same" ? { ...step, internal: true } : step));
  }

  /** In a refresh that runs the program: reads a resource once the program has registered it. */
  private async refreshRegistered(
    old: ResourceState,
    state: ResourceState,
    goal: Goal,
  ): Promise<ResourceState | undefined> {
    const untouched = !goal.custom || isProviderType(goal.type);
    if (!untouched && !this.deployment.settings.targets.includes(old.urn)) {
      return old;
    }
    const step = makeStep("refresh", {
      old,
      new: { ...state, id: old.id, inputs: old.inputs, outputs: old.outputs },
      persisted: true,
    });
    if (untouched) {
      step.internal = true;
    }
    await this.executor.run([step]);
    return step.new;
  }

  /** Registered like any other resource, but by the engine, and only when a resource needs it. */
  private defaultProviderOf(name: string): Promise<string> {
    const known = this.defaultProviders.get(name);
    if (known) {
      return known;
    }
    const registered = new Promise<string>((resolve, reject) => {
      const goal: Goal = {
        type: PROVIDER_PREFIX + name,
        name: "default",
        custom: true,
        inputs: providerInputs(this.deployment.settings.config, name),
        dependencies: [],
        propertyDependencies: {},
        ignoreChanges: [],
        replaceOnChanges: [],
        additionalSecretOutputs: [],
        aliases: [],
      };
      this.registerWithProvider(goal, (state) => {
        resolve(formatReference(state));
      }).catch(reject);
    });
    this.defaultProviders.set(name, registered);
    return registered;
  }

  private async untilCancelled(
    goal: { parent?: string; type: string; name: string },
    work: (done: (state: ResourceState) => void) => Promise<void>,
  ): Promise<ResourceState> {
    return new Promise<ResourceState>((resolve, reject) => {
      const forget = this.deployment.onCancel(() => {
        reject(new ShutDownError("resource monitor shut down"));
      });
      if (this.deployment.cancelled) {
        return;
      }
      const done = (state: ResourceState): void => {
        forget();
        resolve(state);
      };
      const failed = (): void => {
        if (this.deployment.settings.continueOnError) {
          forget();
          reject(new FailedResourceError(`${goal.name} failed`));
        }
      };
      // After `done` this changes nothing.
      work(done).then(failed, (error: unknown) => {
        this.fail(error, this.registry.urnOf(goal));
        failed();
      });
    });
  }

  /** A resource that could not be planned, which ends the deployment unless that goes on. */
  private fail(error: unknown, urn: string): void {
    const { deployment, registry } = this;
    if (!deployment.settings.continueOnError) {
      deployment.cancel(error, urn);
      return;
    }
    deployment.reportFailure(error, urn);
    // The program still wants it.
    registry.operated.add(urn);
  }

  private refuseUnknownTargets(): void {
    const { targets } = this.deployment.settings;
    const known = (urn: string): boolean => this.deployment.olds.has(urn) || this.registry.has(urn);
    for (const urn of targets.unknown(known)) {
      this.deployment.refuse(
        `Target '${urn}' could not be found in the stack. Did you forget to escape $ in your shell?`,
      );
    }
  }

  private async refreshUnregistered(): Promise<void> {
    const { base, settings } = this.deployment;
    const left = base.resources.filter(
      (state) => !this.registry.wasOperatedOn(state.urn) && settings.targets.includes(state.urn),
    );
    await this.executor.runAll(
      left.map((old) => makeStep("refresh", { old, new: old, persisted: true })),
    );
  }

  private async deleteUnwanted(): Promise<void> {
    const groups = planDeletions(this.deployment, this.registry, this.generator.toDelete, (state) =>
      this.generator.wasDeletedEarly(state),
    );
    // What a resource that could not be deleted depends on stays, too.
    const needed = new Set<string>();
    for (const group of groups) {
      if (this.deployment.cancelled) {
        return;
      }
      const free = group.filter(({ urn }) => !needed.has(urn));
      const kept = [
        ...(await this.executor.runAll(free)),
        ...group.filter((step) => !free.includes(step)),
      ];
      kept.flatMap(({ old }) => dependenciesOf(old!)).forEach((urn) => needed.add(urn));
    }
  }
}
