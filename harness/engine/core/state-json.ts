/** The form in which a state is stored: Pulumi's own, as JSON. */
import { type Operation, type ResourceState, type StackState } from "./resource-state";
import { isMap, type PropertyMap, ResourceReference, Secret, Unknown, type Value } from "./values";
import { decodeValue, encodeValue, SECRET, SIGNATURE } from "./wire";

/** How secrets lie in a stored state. */
export interface Cipher {
  encrypt(plaintext: string): string;
  decrypt(text: string): string;
}

type StoredResource = Omit<ResourceState, "inputs" | "outputs"> & {
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
};

interface StoredState {
  version: number;
  deployment: {
    resources: StoredResource[];
    pending_operations: { type: Operation["type"]; resource: StoredResource }[];
  };
}

export function encodeState({ resources, operations }: StackState, cipher: Cipher): string {
  const stored: StoredState = {
    version: 3,
    deployment: {
      resources: resources.map((resource) => encodeResource(resource, cipher)),
      pending_operations: operations.map(({ type, resource }) => ({
        type,
        resource: encodeResource(resource, cipher),
      })),
    },
  };
  return JSON.stringify(stored, undefined, 2);
}

/** @param text empty for a stack that has no state yet. */
export function decodeState(text: string, cipher: Cipher): StackState {
  if (text === "") {
    return { resources: [], operations: [] };
  }
  const { deployment } = JSON.parse(text) as StoredState;
  return {
    resources: deployment.resources.map((stored) => decodeResource(stored, cipher)),
    operations: deployment.pending_operations.map(({ type, resource }) => ({
      type,
      resource: decodeResource(resource, cipher),
    })),
  };
}

function encodeResource(resource: ResourceState, cipher: Cipher): StoredResource {
  return {
    ...resource,
    alias: undefined,
    inputs: encodeStoredMap(resource.inputs, cipher),
    outputs: encodeStoredMap(resource.outputs, cipher),
  };
}

function decodeResource(stored: StoredResource, cipher: Cipher): ResourceState {
  return {
    ...stored,
    inputs: decodeStoredMap(stored.inputs, cipher),
    outputs: decodeStoredMap(stored.outputs, cipher),
  };
}

function encodeStoredMap(map: PropertyMap, cipher: Cipher): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(map).map(([key, value]) => [key, encodeStored(value, cipher)]),
  );
}

function encodeStored(value: Value, cipher: Cipher): unknown {
  if (value instanceof Secret) {
    const plaintext = JSON.stringify(encodeValue(value.value, { secrets: true }));
    return { [SIGNATURE]: SECRET, ciphertext: cipher.encrypt(plaintext) };
  }
  if (Array.isArray(value)) {
    return value.map((element) => encodeStored(element, cipher));
  }
  if (isMap(value)) {
    return encodeStoredMap(value, cipher);
  }
  return value instanceof ResourceReference || value instanceof Unknown
    ? encodeValue(value, { secrets: true })
    : value;
}

function decodeStoredMap(map: Record<string, unknown>, cipher: Cipher): PropertyMap {
  return Object.fromEntries(
    Object.entries(map).map(([key, value]) => [key, decodeStored(value, cipher)]),
  );
}

function decodeStored(value: unknown, cipher: Cipher): Value {
  if (Array.isArray(value)) {
    return value.map((element) => decodeStored(element, cipher));
  }
  if (typeof value !== "object" || value === null) {
    return value as Value;
  }
  const map = value as Record<string, unknown>;
  if (map[SIGNATURE] === SECRET) {
    return new Secret(decodeValue(JSON.parse(cipher.decrypt(String(map.ciphertext)))));
  }
  return SIGNATURE in map ? decodeValue(map) : decodeStoredMap(map, cipher);
}
