import { digest } from "../../model/document";
import { matches } from "../../model/equivalence";
import { isObject } from "../../json";
import { type Inputs, type State } from "../../model/state";
import { references } from "./placeholders";

/** Which calls make the vendor hold the inputs. */
export interface Patch {
  /** Secrets to create or set, by name. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Names of secrets to delete, once nothing references them. */
  readonly obsolete: readonly string[];
  readonly connector: boolean;
  readonly configuration: boolean;
  readonly logo: boolean;
}

/**
 * Inputs and state → the calls to make. Pure. Only the blocks that changed:
 *
 * 1. A secret is written when its value is not the one that the state holds, and deleted when it left the map.
 * 2. Name and description travel together, an unset description as `""`: the vendor requires both.
 * 3. The configuration is sent as a whole when its mark changed, or when a secret that it names gets a placeholder.
 * 4. The logo is sent when its content changed, not its path.
 */
export function patch(inputs: Inputs, state: State): Patch {
  const wanted = textsOf(inputs["secrets"]);
  const held = textsOf(state["secrets"]);
  const known = textsOf(state["secretPlaceholders"]);
  const secrets = changedSecrets(inputs, state);
  const renewed = Object.keys(secrets).filter((name) => known[name] === undefined);
  const { configuration } = inputs;
  return {
    secrets,
    obsolete: Object.keys(held).filter((name) => wanted[name] === undefined),
    connector:
      !matches(inputs["name"], state["name"]) ||
      !matches(inputs["description"] ?? "", state["description"] ?? ""),
    configuration:
      configuration !== undefined &&
      (digest(configuration) !== state["configurationDigest"] ||
        (renewed.length > 0 &&
          references(configuration).some(({ name }) => renewed.includes(name)))),
    logo:
      isObject(inputs["logo"]) &&
      (!isObject(state["logo"]) || inputs["logo"]["sha256"] !== state["logo"]["sha256"]),
  };
}

/** Secrets whose value is not the one that the state holds. */
export function changedSecrets(inputs: Inputs, state: State): Record<string, string> {
  const held = textsOf(state["secrets"]);
  return Object.fromEntries(
    Object.entries(textsOf(inputs["secrets"])).filter(([name, value]) => held[name] !== value),
  );
}

/** The entries of a map that are texts, without a prototype: a secret may be called `constructor`. */
export function textsOf(value: unknown): Record<string, string> {
  const texts = Object.create(null) as Record<string, string>;
  return isObject(value)
    ? Object.assign(
        texts,
        Object.fromEntries(Object.entries(value).filter(([, text]) => typeof text === "string")),
      )
    : texts;
}
