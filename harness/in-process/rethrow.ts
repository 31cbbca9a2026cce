import { InitializationError } from "../engine/core/provider";
import { type PropertyMap } from "../engine/core/values";
import { type Values } from "./wire";

/** Rethrows; an error with an id becomes an {@link InitializationError}. */
export function rethrow(error: unknown, received: (properties: Values) => PropertyMap): never {
  const { id, properties, reasons } = error as {
    id?: string;
    properties?: Values;
    reasons?: string[];
  };
  if (!id) {
    throw error;
  }
  throw new InitializationError(id, received(properties ?? {}), reasons ?? []);
}
