/** The connectors stored by the emulated Databar, and the effect of writes on them. */
import { Visibility } from "../visibility";
import { type DatabarLimits, type DatabarSettings } from "./settings";
import { type DatabarFields } from "./validate";

/** A connector as the API returns it. */
export interface DatabarConnectorObject extends DatabarFields {
  readonly id: number;
  created_at: string | null;
}

/** The fields of a connector that is added or changed without an API call. */
export type DatabarSeed = Partial<DatabarConnectorObject>;

interface StoredConnector {
  readonly workspace: string;
  readonly connector: DatabarConnectorObject;
  /** The limits before the plan lowered them. */
  readonly requested: Limits;
  readonly visibility: Visibility;
}

type Limits = Pick<DatabarFields, "rate_limit" | "max_concurrency">;

/** Stores connectors. All returned connectors are copies. */
export class DatabarStore {
  private readonly stored = new Map<number, StoredConnector>();
  private readonly inUse = new Map<number, string>();
  private nextId = 1;

  constructor(private readonly settings: DatabarSettings) {}

  /** The connectors of one workspace, or of all, in order of creation. */
  list(workspace?: string): DatabarConnectorObject[] {
    return this.records(workspace).map((record) => this.effective(record));
  }

  /** Like {@link list}, without new connectors during `listLag`. */
  listVisible(workspace: string): DatabarConnectorObject[] {
    const visible = this.records(workspace).filter(({ visibility }) => visibility.takeList());
    return visible.map((record) => this.effective(record));
  }

  get(id: number, workspace: string): DatabarConnectorObject | undefined {
    const record = this.stored.get(id);
    return record?.workspace === workspace ? this.effective(record) : undefined;
  }

  /** Like {@link get}, without new connectors during `readLag`. */
  getVisible(id: number, workspace: string): DatabarConnectorObject | undefined {
    const connector = this.get(id, workspace);
    return connector !== undefined && this.require(id).visibility.takeGet() ? connector : undefined;
  }

  create(fields: DatabarFields, workspace: string): DatabarConnectorObject {
    const connector = {
      ...this.normalized(fields),
      id: this.takeId(),
      created_at: this.timestamp(),
    };
    const { listLag, readLag } = this.settings;
    return this.put({
      workspace,
      connector: capped(connector, this.settings.plan),
      requested: limitsOf(connector),
      visibility: new Visibility(listLag, readLag),
    });
  }

  /** Replaces all ten fields of an existing connector. */
  replace(id: number, fields: DatabarFields): DatabarConnectorObject {
    const record = this.require(id);
    const type = this.settings.normalize.typeIsFixed === true ? record.connector.type : fields.type;
    const connector = { ...record.connector, ...this.normalized(fields), type };
    return this.put({
      ...record,
      connector: capped(connector, this.settings.plan),
      requested: limitsOf(connector),
    });
  }

  /** Adds a connector without validation. */
  seed(seed: DatabarSeed, workspace: string): DatabarConnectorObject {
    const id = seed.id ?? this.takeId();
    this.nextId = Math.max(this.nextId, id + 1);
    const connector = { ...EXAMPLE, created_at: this.timestamp(), ...structuredClone(seed), id };
    return this.put({
      workspace,
      connector,
      requested: limitsOf(connector),
      visibility: new Visibility(),
    });
  }

  change(id: number, seed: DatabarSeed): DatabarConnectorObject {
    const record = this.require(id);
    return this.put({
      ...record,
      connector: { ...record.connector, ...structuredClone(seed), id },
      requested: limitsOf({ ...record.requested, ...seed }),
    });
  }

  remove(id: number): boolean {
    this.inUse.delete(id);
    return this.stored.delete(id);
  }

  /** The reason why the connector cannot be deleted, if any. */
  inUseReason(id: number): string | undefined {
    return this.inUse.get(id);
  }

  setInUse(id: number, reason: string | undefined): void {
    if (reason === undefined) {
      this.inUse.delete(id);
    } else {
      this.inUse.set(id, reason);
    }
  }

  clear(): void {
    this.stored.clear();
    this.inUse.clear();
  }

  /** Lets ids start again. */
  resetIds(): void {
    this.nextId = 1;
  }

  private records(workspace?: string): StoredConnector[] {
    return [...this.stored.values()].filter(
      (record) => workspace === undefined || record.workspace === workspace,
    );
  }

  private put(record: StoredConnector): DatabarConnectorObject {
    this.stored.set(record.connector.id, record);
    return this.effective(record);
  }

  private require(id: number): StoredConnector {
    const record = this.stored.get(id);
    if (record === undefined) {
      throw new Error(`The Databar sandbox has no connector ${id}`);
    }
    return record;
  }

  private takeId(): number {
    const { firstId, reuseIds } = this.settings;
    let id = reuseIds ? firstId : Math.max(this.nextId, firstId);
    while (this.stored.has(id)) {
      id += 1;
    }
    this.nextId = Math.max(this.nextId, id + 1);
    return id;
  }

  private timestamp(): string {
    return `${this.settings.now().toISOString().slice(0, 19)}Z`;
  }

  /**
   * The fields after normalization on write: trimmed, with default limits and the template's
   * variables.
   */
  private normalized(fields: DatabarFields): DatabarFields {
    const { trimText, limits = {}, bodyFromTemplate } = this.settings.normalize;
    const trim = (text: string): string => (trimText === true ? text.trim() : text);
    const template = bodyFromTemplate === true ? fields.body_template : null;
    return {
      ...structuredClone(fields),
      name: trim(fields.name),
      url: trim(fields.url),
      body: template === null ? structuredClone(fields.body) : variablesOf(template),
      rate_limit: fields.rate_limit ?? limits.rateLimit ?? null,
      max_concurrency: fields.max_concurrency ?? limits.maxConcurrency ?? null,
    };
  }

  /** A copy capped by the current plan, which may be lower than at the time of the write. */
  private effective({ connector, requested }: StoredConnector): DatabarConnectorObject {
    const { limitsFollowPlan, plan } = this.settings;
    return capped({ ...structuredClone(connector), ...(limitsFollowPlan && requested) }, plan);
  }
}

const EXAMPLE: DatabarFields = {
  name: "My Scoring API",
  type: "enrichment",
  method: "get",
  url: "https://api.example.com/v1/score",
  headers: [],
  parameters: [],
  body: [],
  body_template: null,
  rate_limit: null,
  max_concurrency: null,
};

function limitsOf({ rate_limit, max_concurrency }: Limits): Limits {
  return { rate_limit, max_concurrency };
}

function capped<T extends DatabarFields>(
  fields: T,
  { rateLimit = Infinity, maxConcurrency = Infinity }: DatabarLimits,
): T {
  const lower = (value: number | null, cap: number): number | null =>
    value === null ? null : Math.min(value, cap);
  return {
    ...fields,
    rate_limit: lower(fields.rate_limit, rateLimit),
    max_concurrency: lower(fields.max_concurrency, maxConcurrency),
  };
}

/** The distinct variables of a Jinja template in order of appearance. */
function variablesOf(template: string): { name: string; value: string }[] {
  const names = Array.from(
    template.matchAll(/\{\{-?\s*([A-Za-z_]\w*)/g),
    (match) => match[1] ?? "",
  );
  return [...new Set(names)].map((name) => ({ name, value: "" }));
}
