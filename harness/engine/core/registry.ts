import { type Deployment } from "./deployment";
import { aliasUrn, type AliasGoal, type Goal } from "./goal";
import { type ResourceState } from "./resource-state";
import { makeUrn, urnName, urnType } from "./urn";

/** Which resources the program has registered so far, under which URNs, and what became of them. */
export class Registry {
  private readonly urns = new Set<string>();
  /** From the URN in the state to the URN that an alias gave it, and back. */
  private readonly movedTo = new Map<string, string>();
  private readonly movedFrom = new Map<string, string>();

  /**
   * Registered, and in the state or about to be. What is not operated on when the program ends is
   * deleted.
   */
  readonly operated = new Set<string>();
  readonly created = new Set<string>();
  readonly replaced = new Set<string>();
  readonly deleted = new Set<string>();
  /**
   * Would be created, but is left out, because it is not a target or because everything is being
   * destroyed.
   */
  readonly skipped = new Set<string>();

  constructor(private readonly deployment: Deployment) {}

  has(urn: string): boolean {
    return this.urns.has(urn);
  }

  urnOf(goal: Pick<Goal, "parent" | "type" | "name">): string {
    const { stack, project } = this.deployment.settings;
    return makeUrn(stack, project, goal.parent, goal.type, goal.name);
  }

  /** @throws ReportedError for a URN that the program uses twice. */
  claim(goal: Pick<Goal, "parent" | "type" | "name">): string {
    if (goal.parent !== undefined && !this.urns.has(goal.parent)) {
      throw new Error(`could not find parent resource ${goal.parent}`);
    }
    const urn = this.urnOf(goal);
    if (this.urns.has(urn)) {
      throw this.deployment.refuse(
        `Duplicate resource URN '${urn}'; try giving it a unique name`,
        urn,
      );
    }
    this.urns.add(urn);
    return urn;
  }

  /** What the state holds of a resource, under its own URN or else under one of its aliases. */
  findOld(urn: string, goal: Goal): { old?: ResourceState; alias?: string } {
    for (const candidate of [urn, ...this.aliasesOf(goal)]) {
      const old = this.deployment.olds.get(candidate);
      if (!old) {
        continue;
      }
      if (candidate === urn) {
        return { old };
      }
      this.move(candidate, urn);
      return { old, alias: candidate };
    }
    return {};
  }

  wasOperatedOn(urn: string): boolean {
    return this.operated.has(this.movedTo.get(urn) ?? urn);
  }

  private move(from: string, to: string): void {
    const other = this.urns.has(from) ? from : this.movedTo.get(from);
    if (other !== undefined) {
      const message = `Duplicate resource alias '${from}' applied to resource with URN '${to}' conflicting with resource with URN '${other}'`;
      throw this.deployment.refuse(message, to);
    }
    this.movedTo.set(from, to);
    this.movedFrom.set(to, from);
  }

  private aliasesOf(goal: Goal): string[] {
    const { stack, project } = this.deployment.settings;
    const previous = (urn: string): string => this.movedFrom.get(urn) ?? urn;
    const own = goal.aliases.map((alias: AliasGoal) =>
      aliasUrn(alias, goal, stack, project, previous),
    );
    const parentBefore = goal.parent === undefined ? undefined : this.movedFrom.get(goal.parent);
    if (parentBefore === undefined) {
      return own;
    }
    const inherited = [makeUrn(stack, project, undefined, goal.type, goal.name), ...own].map(
      (urn) =>
        makeUrn(
          stack,
          project,
          parentBefore,
          urnType(urn),
          this.inheritedName(urnName(urn), goal.parent!, parentBefore),
        ),
    );
    return [...own, ...inherited];
  }

  /** A child that is named after its parent was named after what the parent was called before. */
  private inheritedName(child: string, parent: string, parentBefore: string): string {
    const name = urnName(parent);
    return child.startsWith(name) ? urnName(parentBefore) + child.slice(name.length) : child;
  }
}
