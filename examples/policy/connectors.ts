/** Which resources hold connectors, and how to read them. */

/** One connector of a resource: a single resource has one, a fleet one per key. */
export interface Connector {
  readonly vendor: Vendor;
  /** Empty for a single resource, `connectors.<key>` in a fleet. */
  readonly at: string;
  readonly properties: Properties;
}

export type Vendor = "databar" | "supermetrics";
export type Properties = Readonly<Record<string, unknown>>;

/** Every resource type with connectors. A new type is one row. */
const TYPES: Readonly<Record<string, { readonly vendor: Vendor; readonly fleet: boolean }>> = {
  "pulumi-nodejs:dynamic/databar:DatabarConnector": { vendor: "databar", fleet: false },
  "pulumi-nodejs:dynamic/databar:DatabarFleet": { vendor: "databar", fleet: true },
  "pulumi-nodejs:dynamic/supermetrics:SupermetricsConnector": {
    vendor: "supermetrics",
    fleet: false,
  },
  "pulumi-nodejs:dynamic/supermetrics:SupermetricsFleet": { vendor: "supermetrics", fleet: true },
  "databar:index:Connector": { vendor: "databar", fleet: false },
  "databar:index:Fleet": { vendor: "databar", fleet: true },
  "supermetrics:index:Connector": { vendor: "supermetrics", fleet: false },
  "supermetrics:index:Fleet": { vendor: "supermetrics", fleet: true },
};

/** The connectors of a resource; undefined for a resource of any other type. */
export function connectorsOf(type: string, props: Properties): readonly Connector[] | undefined {
  const row = TYPES[type];
  if (row === undefined) {
    return undefined;
  }
  const { vendor, fleet } = row;
  if (!fleet) {
    return [{ vendor, at: "", properties: props }];
  }
  return entriesOf(known(props, "connectors")).flatMap(([key, properties]) =>
    isMap(properties) ? [{ vendor, at: `connectors.${key}`, properties }] : [],
  );
}

/** The stack's name in a URN. */
export function stackOf(urn: string): string {
  return urn.split(":", 3)[2] ?? "";
}

/**
 * A value, or undefined if a preview does not know it yet. The SDK throws when such a value is read
 * and would skip the rule for the whole resource; this way `pulumi up` judges what is missing.
 */
export function known(container: object, key: string): unknown {
  try {
    return (container as Properties)[key];
  } catch {
    return undefined;
  }
}

/** The known entries of a map or list. */
export function entriesOf(container: unknown): [string, unknown][] {
  return isContainer(container)
    ? Object.keys(container).map((key) => [key, known(container, key)])
    : [];
}

/** A text and the keys that lead to it. */
export interface Text {
  readonly path: readonly string[];
  readonly text: string;
}

/** Every known text below a value. */
export function textsOf(value: unknown, path: readonly string[] = []): Text[] {
  return typeof value === "string"
    ? [{ path, text: value }]
    : entriesOf(value).flatMap(([key, item]) => textsOf(item, [...path, key]));
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isMap(value: unknown): value is Properties {
  return isContainer(value) && !Array.isArray(value);
}
