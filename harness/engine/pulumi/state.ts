import {
  type PendingOperation,
  type StateDeployment,
  type StateProperties,
  type StateResource,
} from "../types";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";

/** What `pulumi stack export --show-secrets` prints: the parts that are used here. */
export interface ExportedDeployment {
  resources?: ExportedResource[];
  pending_operations?: { type: PendingOperation["type"]; resource: { urn: string } }[];
}

interface ExportedResource extends Partial<Omit<StateResource, "inputs" | "outputs">> {
  urn: string;
  type: string;
  custom: boolean;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

export function describeDeployment(deployment: ExportedDeployment): StateDeployment {
  return {
    resources: (deployment.resources ?? []).map(describeResource),
    pendingOperations: (deployment.pending_operations ?? []).map(({ type, resource }) => ({
      urn: resource.urn,
      type,
    })),
  };
}

/** The defaults, which the CLI leaves out. */
const DEFAULTS = {
  protect: false,
  external: false,
  delete: false,
  pendingReplacement: false,
  retainOnDelete: false,
  initErrors: [],
  dependencies: [],
};
const OPTIONAL = ["id", "parent", "provider"];

function describeResource(exported: ExportedResource): StateResource {
  const shown = [...Object.keys(DEFAULTS), ...OPTIONAL];
  const given = Object.entries(exported).filter(
    ([key, value]) => shown.includes(key) && (value ?? "") !== "",
  );
  return {
    ...DEFAULTS,
    ...Object.fromEntries(given),
    urn: exported.urn,
    type: exported.type,
    custom: exported.custom,
    inputs: markSecrets(exported.inputs ?? {}) as StateProperties,
    outputs: markSecrets(exported.outputs ?? {}) as StateProperties,
  };
}

function markSecrets(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(markSecrets);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const map = value as Record<string, unknown>;
  if (map[SIGNATURE] === SECRET) {
    return { secret: JSON.parse(String(map.plaintext)) as unknown };
  }
  if (map[SIGNATURE] === RESOURCE) {
    return map.id ?? map.urn;
  }
  return Object.fromEntries(Object.entries(map).map(([key, child]) => [key, markSecrets(child)]));
}
