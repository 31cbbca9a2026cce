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

/** The verbs of one kind of resource, and what their errors must not say. */
export interface Verbs extends DynamicProvider {
  hidden(props: readonly Props[]): Hidden;
}
