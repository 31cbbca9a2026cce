import {
  type Operation,
  type OperationType,
  type ResourceState,
  type StackState,
} from "./resource-state";

/**
 * The state while a deployment changes it: the resources it began with, less those that a step has dealt with, plus
 * those that steps have produced. Written to disk before and after every step that touches the vendor's side, so that
 * whatever kills the deployment, the file tells what was under way.
 */
export class Snapshot {
  private readonly produced: ResourceState[] = [];
  private readonly dealtWith = new Set<ResourceState>();
  private readonly underWay = new Set<Operation>();
  private closed = false;

  /** @param save stores a state; not called in previews. */
  constructor(
    private base: StackState,
    private readonly save: (state: StackState) => void,
  ) {}

  begin(resource: ResourceState, type: OperationType): Operation {
    const operation = { resource, type };
    this.underWay.add(operation);
    this.write();
    return operation;
  }

  /** Ends an operation that changed nothing, so far as the provider says. */
  fail(operation: Operation): void {
    this.underWay.delete(operation);
    this.write();
  }

  /**
   * Ends a step: `removed` is no longer part of the state, `added` now is. A step without an operation has touched
   * nothing outside, so that it is written with the next one that has, or at the end.
   */
  commit(change: { operation?: Operation; removed?: ResourceState; added?: ResourceState }): void {
    if (change.operation) {
      this.underWay.delete(change.operation);
    }
    if (change.removed) {
      this.dealtWith.add(change.removed);
    }
    if (change.added) {
      this.produced.push(change.added);
    }
    if (change.operation) {
      this.write();
    }
  }

  /** After a refresh without a program: this is now what the deployment begins with. */
  rebase(resources: ResourceState[]): void {
    this.base = { ...this.base, resources };
    this.write();
  }

  /** Nothing is written from here on: what a crash would have left stays. */
  abandon(): void {
    this.closed = true;
  }

  write(): void {
    if (!this.closed) {
      this.save(this.current());
    }
  }

  /** A create that an earlier deployment left open stays on record until a user clears it; other operations do not. */
  private current(): StackState {
    const kept = [...this.produced, ...this.base.resources].filter(
      (resource) => !this.dealtWith.has(resource),
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

/** Resources that were found by an alias have a new URN; whatever still refers to the old one follows. */
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
