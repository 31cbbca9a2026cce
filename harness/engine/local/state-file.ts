import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { type Cipher } from "./cipher";
import {
  type Operation,
  type OperationType,
  type ResourceState,
  type StackState,
} from "./resource-state";
import { isMap, type PropertyMap, ResourceReference, Secret, Unknown, type Value } from "./values";
import { decodeValue, encodeValue, SIGNATURE } from "./wire";

const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** The state of a stack as a JSON file, in the form of Pulumi's own. Secrets are encrypted; all else is readable. */
export class StateFile {
  private readonly path: string;

  constructor(
    private readonly folder: string,
    private readonly cipher: Cipher,
  ) {
    this.path = join(folder, "state.json");
  }

  read(): StackState {
    if (!existsSync(this.path)) {
      return { resources: [], operations: [] };
    }
    const { deployment } = JSON.parse(this.raw()) as StoredState;
    return {
      resources: deployment.resources.map((stored) => this.decode(stored)),
      operations: deployment.pending_operations.map((operation) => ({
        type: operation.type,
        resource: this.decode(operation.resource),
      })),
    };
  }

  raw(): string {
    return existsSync(this.path) ? readFileSync(this.path, "utf8") : "";
  }

  /** Replaces the file in one step, so that a killed process leaves either the old state or the new one. */
  write(state: StackState): void {
    const stored: StoredState = {
      version: 3,
      deployment: {
        resources: state.resources.map((resource) => this.encode(resource)),
        pending_operations: state.operations.map((operation: Operation) => ({
          type: operation.type,
          resource: this.encode(operation.resource),
        })),
      },
    };
    const draft = join(this.folder, "state.json.new");
    writeFileSync(draft, JSON.stringify(stored, undefined, 2));
    renameSync(draft, this.path);
  }

  private encode(resource: ResourceState): StoredResource {
    return {
      ...resource,
      alias: undefined,
      inputs: this.encodeMap(resource.inputs),
      outputs: this.encodeMap(resource.outputs),
    };
  }

  private decode(stored: StoredResource): ResourceState {
    return {
      ...stored,
      inputs: this.decodeMap(stored.inputs),
      outputs: this.decodeMap(stored.outputs),
    };
  }

  private encodeMap(map: PropertyMap): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(map).map(([key, value]) => [key, this.encodeStored(value)]),
    );
  }

  private encodeStored(value: Value): unknown {
    if (value instanceof Secret) {
      return {
        [SIGNATURE]: SECRET,
        ciphertext: this.cipher.encrypt(
          JSON.stringify(encodeValue(value.value, { secrets: true })),
        ),
      };
    }
    if (Array.isArray(value)) {
      return value.map((element) => this.encodeStored(element));
    }
    if (isMap(value)) {
      return this.encodeMap(value);
    }
    return value instanceof ResourceReference || value instanceof Unknown
      ? encodeValue(value, { secrets: true })
      : value;
  }

  private decodeMap(map: Record<string, unknown>): PropertyMap {
    return Object.fromEntries(
      Object.entries(map).map(([key, value]) => [key, this.decodeStored(value)]),
    );
  }

  private decodeStored(value: unknown): Value {
    if (Array.isArray(value)) {
      return value.map((element) => this.decodeStored(element));
    }
    if (typeof value !== "object" || value === null) {
      return value as Value;
    }
    const map = value as Record<string, unknown>;
    if (map[SIGNATURE] === SECRET) {
      return new Secret(decodeValue(JSON.parse(this.cipher.decrypt(String(map.ciphertext)))));
    }
    return SIGNATURE in map ? decodeValue(map) : this.decodeMap(map);
  }
}

type StoredResource = Omit<ResourceState, "inputs" | "outputs"> & {
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
};

interface StoredState {
  version: number;
  deployment: {
    resources: StoredResource[];
    pending_operations: { type: OperationType; resource: StoredResource }[];
  };
}
