import { type JsonObject } from "../../json";
import { type Hidden } from "./engine-errors";

/** What the engine sends and gets: plain JSON with its envelopes and sentinels. */
export type Props = Readonly<Record<string, unknown>>;

/** The verbs by which the engine reaches a resource's code. */
export interface DynamicProvider {
  check(
    olds: Props,
    news: Props,
  ): Promise<{ inputs: JsonObject; failures: { property: string; reason: string }[] }>;
  diff(
    id: string,
    olds: Props,
    news: Props,
  ): Promise<{ changes?: boolean; replaces: string[]; deleteBeforeReplace: boolean }>;
  create(inputs: Props): Promise<{ id: string; outs: JsonObject }>;
  read(id: string, props: Props): Promise<{ id: string; props: JsonObject; inputs?: JsonObject }>;
  update(id: string, olds: Props, news: Props): Promise<{ outs: JsonObject }>;
  delete(id: string, props: Props): Promise<void>;
}

/** What a deployment is going to leave, as far as a preview knows it. */
export interface Foreseen {
  /** The id of the connector that it adopts. */
  readonly id?: string;
  readonly outs: JsonObject;
}

/** A resource that was taken over as it is. */
export interface Imported {
  readonly id: string;
  readonly props: JsonObject;
  readonly inputs: JsonObject;
}

/** The verbs that a native provider has besides. */
export interface NativeProvider extends DynamicProvider {
  /** Sends reads alone. Rejects with what is going to make the create fail, where that is known. */
  previewCreate(inputs: Props): Promise<Foreseen>;
  previewUpdate(id: string, olds: Props, news: Props): Promise<Foreseen>;
  /** Takes an existing connector over as it is, with reads alone. */
  import(id: string): Promise<Imported>;
}

/** The verbs of one kind of resource, and what their errors must not say. */
export interface Verbs extends Omit<NativeProvider, "import"> {
  hidden(props: readonly Props[]): Hidden;
}
