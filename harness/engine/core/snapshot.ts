import {
  type Operation,
  type OperationType,
  type ResourceState,
  type StackState,
} from "./resource-state";

/**
 * The state while a deployment changes it: the resources it began with, less those that a step has
 * handled, plus those that steps have produced. Stored before and after every step that touches the
 * vendor's side, so that however the deployment ends, the stored state shows what was under way.
 */
export class Snapshot {
  private readonly produced: ResourceState[] = [];
  private readonly handled = new Set<ResourceState>();
  private readonly underWay = new Set<Operation>();
  private closed = false;

  /**
   * @param save stores a state; not called in previews.
   * @param checkpoints false if only the end of the deployment is stored
   *   (`PULUMI_SKIP_CHECKPOINTS`).
   */
  constructor(
    private base: StackState,
    private readonly save: (state: StackState) => void,
    private readonly checkpoints: boolean,
  ) {}

  begin(resource: ResourceState, type: OperationType): Operation {
    const operation = { resource, type };
    this.underWay.add(operation);
    this.checkpoint();
    return operation;
  }

  /** Ends an operation that, according to the provider, changed nothing. */
  fail(operation: Operation): void {
    this.underWay.delete(operation);
    this.checkpoint();
  }

  /**
   * Ends a step: `removed` is no longer part of the state, `added` now is. A step without an
   * operation has touched nothing outside, so that it is written with the next one that has, or at
   * the end.
   */
  commit(change: { operation?: Operation; removed?: ResourceState; added?: ResourceState }): void {
    if (change.operation) {
      this.underWay.delete(change.operation);
    }
    if (change.removed) {
      this.handled.add(change.removed);
    }
    if (change.added) {
      this.produced.push(change.added);
    }
    if (change.operation) {
      this.checkpoint();
    }
  }

  /** After a refresh without a program: this is now what the deployment begins with. */
  rebase(resources: ResourceState[]): void {
    this.base = { ...this.base, resources };
    this.checkpoint();
  }

  /** From here on nothing is stored, as after a crash. */
  abandon(): void {
    this.closed = true;
  }

  /** Stores the state while the deployment goes on. */
  checkpoint(): void {
    if (this.checkpoints) {
      this.write();
    }
  }

  write(): void {
    if (!this.closed) {
      this.save(this.current());
    }
  }

  /**
   * A create that an earlier deployment left open stays on record until a user clears it; other
   * operations do not.
   */
  private current(): StackState {
    const kept = [...this.produced, ...this.base.resources].filter(
      (resource) => !this.handled.has(resource),
    );
    const interruptedCreates = this.base.operations.filter(
      (operation) => operation.type === "creating",
    );
    return {
      resources: renameAliased(kept),
      operations: [...this.underWay, ...interruptedCreates],
    };
  }
}

/** Resources that were found by an alias have a new URN. References to the old URN follow. */
function renameAliased(resources: ResourceState[]): ResourceState[] {
  const renamed = new Map(
    resources.flatMap((resource) =>
      resource.alias === undefined ? [] : [[resource.alias, resource.urn] as const],
    ),
  );
  if (renamed.size === 0) {
    return resources;
  }
  const follow = (urn: string): string => renamed.get(urn) ?? urn;
  return resources.map((resource) => ({
    ...resource,
    ...(resource.parent === undefined ? {} : { parent: follow(resource.parent) }),
    ...(resource.deletedWith === undefined ? {} : { deletedWith: follow(resource.deletedWith) }),
    ...(resource.provider === undefined
      ? {}
      : { provider: followReference(resource.provider, follow) }),
    dependencies: resource.dependencies.map(follow),
    propertyDependencies: Object.fromEntries(
      Object.entries(resource.propertyDependencies).map(([key, urns]) => [key, urns.map(follow)]),
    ),
  }));
}

function followReference(reference: string, follow: (urn: string) => string): string {
  const cut = reference.lastIndexOf("::");
  return follow(reference.slice(0, cut)) + reference.slice(cut);
}
