import { type Message } from "../message";
import { type KeyPath } from "../model/credential-detection";
import { type Inputs, type Stages, type State } from "../model/state";
import { type Workspace } from "./workspace";

/** A text of which only parts are known, because a reference in it has no known value. */
export interface PartialText {
  readonly path: KeyPath;
  /** What stands for the text in the inputs. */
  readonly standIn: string;
  /** Whether a text may be it. */
  readonly matches: (text: string) => boolean;
}

/** A text that stands for a partial one. */
export interface KnownText {
  readonly path: KeyPath;
  readonly text: string;
}

/** A definition to plan for. */
export interface DefinitionToPlan<V extends Stages = Stages> {
  /** The resource's name. */
  readonly name: string;
  readonly inputs: Inputs<V>;
  readonly partialTexts: readonly PartialText[];
  /** The inputs with these texts in place of the partial ones. */
  readonly inputsWith: (texts: readonly KnownText[]) => Inputs<V>;
  /** Places that are secret because of where their values come from. */
  readonly secretPaths: readonly KeyPath[];
  /** Secret texts that are known: never shown, at any place. */
  readonly secretTexts: readonly string[];
  /** The resource of the last deployment that this one continues. */
  readonly held?: Held<V>;
}

/** A resource of the last deployment. At least one of `id` and `inputs` is known. */
export interface Held<V extends Stages = Stages> {
  /** The resource's name. */
  readonly name: string;
  /** The resource's id. */
  readonly id?: string;
  /** What its definition said. */
  readonly inputs?: Inputs<V>;
  /** What the stack's state says of it in clear. */
  readonly state?: State<V>;
  /** What keeps the connector when the resource leaves the stack. */
  readonly keptBy?: "retainOnDelete" | "protect";
}

/** What there is to plan for. */
export interface PlanRequest<V extends Stages = Stages> {
  readonly definitions: readonly DefinitionToPlan<V>[];
  /** Resources of the last deployment that no definition continues. */
  readonly removed: readonly Held<V>[];
  /** Ids of connectors that the stack manages without a definition. */
  readonly managedElsewhere: ReadonlySet<string>;
  /**
   * Whether it is known which resources there are. If so, a definition without `held` is a new one.
   */
  readonly isHistoryKnown: boolean;
  /**
   * Where to look for connectors that no definition has, besides the scopes that definitions name.
   */
  readonly scopes: readonly string[];
  /** The workspace that is asked. */
  readonly workspace?: Workspace | undefined;
}

/** What a deployment would do about a connector. */
export type PlannedAction =
  | "create"
  | "update"
  /** Only the resource's name changes. */
  | "rename"
  | "delete"
  /** The resource leaves the stack, and the connector stays. */
  | "retain"
  | "unchanged"
  /** No definition has the connector. */
  | "unmanaged"
  | "fail";

/** What a deployment would do about one connector. */
export interface Planned {
  /** The resource's name; the connector's own for one that no definition has. */
  readonly name: string;
  readonly action: PlannedAction;
  /** True where the resource takes an existing connector over. */
  readonly adopts: boolean;
  /** Of a connector that is taken over as it is: whether something is sent all the same. */
  readonly writes?: boolean;
  /** The vendor's id, where there is one. */
  readonly id?: string;
  /** The resource's name in the last deployment, where it has another one now. */
  readonly renamedFrom?: string;
  /** What changes; of a connector to create, all its properties. */
  readonly changes: readonly PlannedChange[];
  /** Property paths whose values are not known, so that they are not compared. */
  readonly unknown: readonly string[];
  /** Why a deployment would fail, and what to do. */
  readonly problem?: string;
  /** What else there is to know. */
  readonly note?: string;
}

/** One property that a deployment would change. */
export interface PlannedChange {
  readonly path: string;
  /** True when neither value may be shown. */
  readonly secret: boolean;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** A plan of which nothing is wrong. */
export type Unproblematic = Omit<Planned, "problem">;

/** A connector's plan, before secret texts are taken out of what is wrong with it. */
export type Choice = Unproblematic & { readonly problem?: Message };

export function nothing(name: string, action: PlannedAction): Unproblematic {
  return { name, action, adopts: false, changes: [], unknown: [] };
}

export function failed(name: string, problem: Message): Choice {
  return { ...nothing(name, "fail"), problem };
}
