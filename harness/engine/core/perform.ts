import { randomUUID } from "node:crypto";

import { type StepOp } from "../types";
import { type Deployment } from "./deployment";
import { invertDiff, NO_DIFF } from "./diff";
import { InitializationError } from "./provider";
import { isUnknownProvider } from "./providers";
import { type Registry } from "./registry";
import { diffResource } from "./resource-diff";
import { type ResourceState } from "./resource-state";
import { type PlannedStep } from "./step";
import { formatReference, isProviderType } from "./urn";
import { containsUnknown, copyMap, mapsEqual, type PropertyMap } from "./values";
import { UNKNOWN_ID } from "./wire";

/** Deleting it is refused. Other deletions go on, so that all refusals are reported at once. */
export class ProtectedError extends Error {}

/**
 * Does what a step says, on the vendor's side and in the step's states.
 *
 * @returns the op that the step turned out to be.
 * @throws InitializationError when the resource was created or updated in part; the step's states
 *   say how far.
 */
export function perform(
  step: PlannedStep,
  deployment: Deployment,
  registry: Registry,
): Promise<StepOp> {
  return PERFORMERS[step.op]?.(step, deployment, registry) ?? Promise.resolve(step.op);
}

/** Other steps touch nothing outside the state. */
const PERFORMERS: Partial<Record<StepOp, typeof perform>> = {
  same: keep,
  create,
  "create-replacement": create,
  update,
  delete: remove,
  "delete-replaced": remove,
  discard: remove,
  "discard-replaced": remove,
  import: takeOver,
  "import-replacement": takeOver,
  read,
  "read-replacement": read,
  refresh,
};

function keep(
  { old, new: state, skippedCreate }: PlannedStep,
  { providers }: Deployment,
): Promise<StepOp> {
  state!.id = old!.id;
  state!.outputs = old!.outputs;
  if (isProviderType(state!.type) && !skippedCreate) {
    const reference = formatReference({ urn: state!.urn, id: state!.id });
    if (!providers.has(reference)) {
      providers.configure(reference, old!.inputs);
    }
  }
  return Promise.resolve("same");
}

async function create(step: PlannedStep, deployment: Deployment): Promise<StepOp> {
  const state = step.new!;
  try {
    Object.assign(state, await createRemote(state, deployment));
  } catch (error) {
    if (!(error instanceof InitializationError)) {
      throw error;
    }
    Object.assign(state, { id: error.id, outputs: error.outputs, initErrors: error.reasons });
    if (step.deleteOldLater) {
      step.old!.delete = true;
    }
    throw error;
  }
  if (step.deleteOldLater) {
    step.old!.delete = true;
  }
  return step.op;
}

async function createRemote(
  state: ResourceState,
  deployment: Deployment,
): Promise<{ id: string; outputs: PropertyMap }> {
  const { preview } = deployment.settings;
  const outputs = copyMap(state.inputs);
  if (!state.custom) {
    return { id: "", outputs: {} };
  }
  if (isProviderType(state.type)) {
    const id = preview ? UNKNOWN_ID : randomUUID();
    deployment.providers.configure(formatReference({ urn: state.urn, id }), state.inputs);
    return { id, outputs };
  }
  const provider = deployment.providers.get(state.provider);
  if (preview && !(await provider.servesPreviews())) {
    return { id: "", outputs: isUnknownProvider(provider) ? {} : outputs };
  }
  const created = await provider.create(state.urn, state.inputs, preview);
  if (preview) {
    return created;
  }
  if (created.id === "") {
    throw new Error(`plugin returned empty resource.ID from create '${state.urn}'`);
  }
  return { id: created.id, outputs: known(created.outputs) };
}

async function update({ old, new: state }: PlannedStep, deployment: Deployment): Promise<StepOp> {
  state!.id = old!.id;
  try {
    state!.outputs = await updateRemote(old!, state!, deployment);
  } catch (error) {
    if (!(error instanceof InitializationError)) {
      throw error;
    }
    // The resource is not what the program asked for, so the inputs on record stay the old ones.
    Object.assign(state!, {
      outputs: error.outputs,
      initErrors: error.reasons,
      inputs: old!.inputs,
    });
    throw error;
  }
  return "update";
}

async function updateRemote(
  old: ResourceState,
  state: ResourceState,
  deployment: Deployment,
): Promise<PropertyMap> {
  if (!state.custom) {
    return old.outputs;
  }
  if (isProviderType(state.type)) {
    deployment.providers.configure(formatReference({ urn: state.urn, id: state.id }), state.inputs);
    return copyMap(state.inputs);
  }
  const provider = deployment.providers.get(state.provider);
  const { preview } = deployment.settings;
  if (preview && !(await provider.servesPreviews())) {
    return isUnknownProvider(provider) ? {} : copyMap(state.inputs);
  }
  const outputs = await provider.update(
    { ...old, urn: state.urn },
    state.inputs,
    state.ignoreChanges,
    preview,
  );
  return preview ? outputs : known(outputs);
}

async function remove(
  step: PlannedStep,
  deployment: Deployment,
  registry: Registry,
): Promise<StepOp> {
  const state = step.old!;
  const replacing = step.op === "delete-replaced" || step.op === "discard-replaced";
  if (state.protect && !replacing) {
    throw new ProtectedError(protectedMessage(state.urn));
  }
  const goesWithAnother =
    state.deletedWith !== undefined && registry.deleted.has(state.deletedWith);
  const untouched =
    deployment.settings.preview || state.external || state.retainOnDelete || goesWithAnother;
  if (!untouched && state.custom && !isProviderType(state.type)) {
    await deployment.providers.get(state.provider).delete(state);
  }
  if (step.pendingReplacement) {
    state.pendingReplacement = true;
  }
  return step.op;
}

function protectedMessage(urn: string): string {
  return (
    `resource "${urn}" cannot be deleted\n` +
    "because it is protected. To unprotect the resource, " +
    "either remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`, or use the command:\n" +
    `\`pulumi state unprotect '${urn}'\``
  );
}

/** Reading by id happens in previews too, unless the id is not known yet. */
async function read({ op, old, new: state }: PlannedStep, deployment: Deployment): Promise<StepOp> {
  if (state!.id !== UNKNOWN_ID) {
    const found = await deployment.providers
      .get(state!.provider)
      .read({ ...state!, outputs: state!.inputs });
    state!.outputs = known(found.outputs);
    if (found.id !== "") {
      state!.id = found.id;
    }
  }
  if (op === "read-replacement") {
    old!.delete = true;
  }
  return op;
}

/** Sets the step's new state to the resource of its id, as it is. */
async function takeOver(step: PlannedStep, { providers }: Deployment): Promise<StepOp> {
  const state = step.new!;
  const { id, outputs, inputs } = await providers.get(state.provider).import(state.urn, state.id);
  if (id === "" || inputs === undefined) {
    throw new Error(`resource '${state.id}' does not exist`);
  }
  Object.assign(state, { id, inputs, outputs: known(outputs) });
  if (step.deleteOldLater) {
    step.old!.delete = true;
  }
  return step.op;
}

/**
 * Sets the step's new state to what exists, or to nothing; the diff shows what came in from
 * outside.
 */
async function refresh(step: PlannedStep, deployment: Deployment): Promise<StepOp> {
  const old = step.old!;
  step.new = { ...(step.new ?? old) };
  if (!old.custom || isProviderType(old.type) || old.pendingReplacement) {
    step.new = { ...old };
    return "same";
  }
  const provider = deployment.providers.get(old.provider);
  const found = await provider.read(old);
  if (found.id === "") {
    delete step.new;
    return "delete";
  }
  const state = {
    ...step.new,
    id: found.id,
    inputs: found.inputs ?? old.inputs,
    outputs: known(found.outputs),
    initErrors: [],
  };
  if (old.external) {
    step.new = state;
    return mapsEqual(old.outputs, state.outputs) ? "same" : "update";
  }
  const diff = await diffResource(provider, state, old.inputs, old.ignoreChanges);
  step.new = state;
  step.diff = diff.changes ? invertDiff(diff) : NO_DIFF;
  return diff.changes ? "update" : "same";
}

function known(outputs: PropertyMap): PropertyMap {
  for (const [key, value] of Object.entries(outputs)) {
    if (containsUnknown(value)) {
      throw new Error(`unexpected unknown property value for "${key}"`);
    }
  }
  return outputs;
}
