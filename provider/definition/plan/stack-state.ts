import { isObject } from "../../json";
import { type FieldTable } from "../../model/field";
import { type State, storedState } from "../../model/state";
import { type VendorRow } from "../../vendors/index";
import { type Definition } from "../definition";
import { DefinitionError } from "../file-diagnostic";
import { type History, type Resource, type VendorHistory } from "./history";

/** A connector in a stack's state. */
interface StoredConnector extends Resource {
  /** Equal for resources that the same `ConnectorDefinitions` passed to the same provider. */
  readonly group: string;
  readonly isDefined: boolean;
}

interface StoredResource {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly parent: string;
  readonly provider: string;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Type of the component that registers definitions. */
const COMPONENT = "pulumi-connectors:index:ConnectorDefinitions";

/** The state of a stack, as `pulumi stack export` prints it. */
export class StackState implements History {
  readonly source = "state";

  private constructor(
    /** Name of the stack; `undefined` for one without resources. */
    readonly stack: string | undefined,
    private readonly resources: readonly StoredResource[],
  ) {}

  /** @throws DefinitionError for a text that is no state. */
  static parse(text: string, file: string): StackState {
    const resources = resourcesIn(text);
    if (resources === undefined) {
      throw new DefinitionError(
        `--state: ${file} is not the state of a stack. Write the output of \`pulumi stack export\` to it.`,
      );
    }
    const first = resources.find(({ urn }) => typeof urn === "string")?.["urn"];
    const stack = typeof first === "string" ? first.split("::")[0]?.split(":").at(-1) : undefined;
    return new StackState(stack, resources.flatMap(stored));
  }

  of(vendor: VendorRow, definitions: readonly Definition[]): VendorHistory {
    const all = this.resources.flatMap((resource) => connectorsOf(vendor, resource));
    const names = new Set(
      definitions.flatMap(({ name, options }) => [name, ...(options.aliases ?? [])]),
    );
    const defined = all.filter(({ isDefined }) => isDefined);
    const groups = new Set(defined.map(({ group }) => group));
    const ours = new Set(defined.filter(({ name }) => names.has(name)).map(({ group }) => group));
    const isOurs = ({ name, group, isDefined }: StoredConnector): boolean =>
      names.has(name) || (isDefined && (ours.has(group) || groups.size === 1));
    return {
      resources: all.filter(isOurs),
      managedElsewhere: new Set(
        all.filter((each) => !isOurs(each)).flatMap(({ id }) => (id === undefined ? [] : [id])),
      ),
    };
  }
}

function resourcesIn(text: string): readonly Readonly<Record<string, unknown>>[] | undefined {
  try {
    const state: unknown = JSON.parse(text);
    const deployment = isObject(state) ? state["deployment"] : undefined;
    if (!isObject(deployment)) {
      return undefined;
    }
    const { resources = [] } = deployment;
    return Array.isArray(resources) ? resources.filter(isObject) : undefined;
  } catch {
    return undefined;
  }
}

/** A resource that the stack manages. */
function stored(resource: Readonly<Record<string, unknown>>): StoredResource[] {
  const text = (key: string): string => {
    const value = resource[key];
    return typeof value === "string" ? value : "";
  };
  if (resource["custom"] !== true || resource["delete"] === true || resource["external"] === true) {
    return [];
  }
  const { outputs } = resource;
  return [
    {
      type: text("type"),
      name: text("urn").split("::").slice(3).join("::"),
      id: text("id"),
      parent: text("parent"),
      provider: text("provider"),
      protect: resource["protect"] === true,
      retainOnDelete: resource["retainOnDelete"] === true,
      outputs: isObject(outputs) ? outputs : {},
    },
  ];
}

/** The connectors of a resource: one, or those of a fleet. */
function connectorsOf({ table }: VendorRow, resource: StoredResource): StoredConnector[] {
  const { type, name, id, parent, provider, protect, retainOnDelete, outputs } = resource;
  const isDefined = parent.includes(`${COMPONENT}::`);
  const group = `${parent} ${provider}`;
  const kept = (retained: boolean): Pick<Resource, "keptBy"> =>
    protect ? { keptBy: "protect" } : retained ? { keptBy: "retainOnDelete" } : {};
  if (type.endsWith(`:${table.resource}`)) {
    return [
      { name, id, state: stateIn(table, outputs), group, isDefined, ...kept(retainOnDelete) },
    ];
  }
  if (!type.endsWith(`:${table.resource.replace(/Connector$/, "Fleet")}`)) {
    return [];
  }
  const { ids, retainOnDelete: retained, workspace, connectors, computed } = outputs;
  return Object.entries(isObject(ids) ? ids : {}).flatMap(([key, each]) =>
    typeof each === "string"
      ? [
          {
            ...{ name: key, id: each, group, isDefined },
            state: stateIn(table, {
              workspace,
              ...entryOf(connectors, key),
              ...entryOf(computed, key),
            }),
            ...(Array.isArray(retained) && retained.includes(key)
              ? { keptBy: "retainOnDelete" as const }
              : {}),
          },
        ]
      : [],
  );
}

/** The texts, numbers and choices that outputs say in clear. An encrypted value is an object. */
function stateIn({ fields }: FieldTable, outputs: Readonly<Record<string, unknown>>): State {
  const names = ["workspace", "createdAt", ...fields.map(({ name }) => name)];
  return storedState(
    Object.fromEntries(
      names.flatMap((name) => {
        const value = outputs[name];
        return value === undefined || typeof value === "object" ? [] : [[name, value]];
      }),
    ),
  );
}

function entryOf(map: unknown, key: string): Readonly<Record<string, unknown>> {
  const entry = isObject(map) ? map[key] : undefined;
  return isObject(entry) ? entry : {};
}
