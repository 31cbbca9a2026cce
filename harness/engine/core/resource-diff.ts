import { diffInputs, type DiffResult, NO_DIFF, topLevel } from "./diff";
import { type Provider } from "./provider";
import { type ResourceState } from "./resource-state";
import { type PropertyMap } from "./values";

/**
 * Asks the provider for the diff; where it leaves open whether anything changed, compares the
 * inputs.
 */
export async function diffResource(
  provider: Provider,
  old: ResourceState,
  news: PropertyMap,
  ignoreChanges: string[],
): Promise<DiffResult> {
  const answer = await provider.diff(old, news, ignoreChanges);
  const given = { replaceKeys: answer.replaces, deleteBeforeReplace: answer.deleteBeforeReplace };
  if (answer.changes !== undefined) {
    const { changes, detailed = {} } = answer;
    return { ...NO_DIFF, ...given, changes, detailed, changedKeys: topLevel(detailed) };
  }
  return { ...given, ...diffInputs(old.inputs, news, ignoreChanges) };
}
