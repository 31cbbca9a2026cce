import { containsSecret, isMap, type PropertyMap, Secret } from "./values";

/**
 * Marks again, in what a provider returned, what was secret in what it was sent, for providers that
 * get plain text. By key path: maps key by key; any other value that held a secret becomes secret
 * as a whole. Works in place.
 */
export function markSecretsAgain(returned: PropertyMap, sent: PropertyMap): void {
  for (const [key, before] of Object.entries(sent)) {
    const after = returned[key];
    if (after === undefined) {
      continue;
    }
    if (isMap(after) && isMap(before)) {
      markSecretsAgain(after, before);
    } else if (!(after instanceof Secret) && containsSecret(before)) {
      returned[key] = new Secret(after);
    }
  }
}

/**
 * Marks in outputs what `additionalSecretOutputs` names, and every property whose input of the same
 * name is a secret as a whole. Works in place.
 */
export function markSecretOutputs(
  outputs: PropertyMap,
  inputs: PropertyMap,
  additional: string[],
): void {
  for (const [key, output] of Object.entries(outputs)) {
    if (output instanceof Secret) {
      continue;
    }
    if (inputs[key] instanceof Secret || additional.includes(key)) {
      outputs[key] = new Secret(output);
    }
  }
}
