/** The size of the state per connector as compact JSON, because engines indent it differently. */
import { exactly, type Line } from "../row";

interface StoredResource {
  readonly type: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

const PROVIDER = "__provider";

const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value ?? {}));

/**
 * @param marker a string that each large document contains once, to count how often the state
 *   stores it
 */
export function stateLines(
  raw: string,
  { n, what, marker }: { readonly n: number; readonly what: string; readonly marker?: string },
): Line[] {
  const parsed = JSON.parse(raw) as {
    readonly deployment?: { readonly resources: readonly StoredResource[] };
    readonly checkpoint?: { readonly latest: { readonly resources: readonly StoredResource[] } };
  };
  const resources =
    (parsed.deployment ?? parsed.checkpoint?.latest)?.resources.filter(({ type }) =>
      type.startsWith("pulumi-nodejs:dynamic"),
    ) ?? [];
  const mean = (bytes: (resource: StoredResource) => number): number =>
    Math.round(resources.reduce((sum, resource) => sum + bytes(resource), 0) / resources.length);
  const inputs = mean((resource) => sizeOf({ ...resource.inputs, [PROVIDER]: undefined }));
  const outputs = mean((resource) => sizeOf({ ...resource.outputs, [PROVIDER]: undefined }));
  const text = Math.max(
    ...resources.map((resource) => Buffer.byteLength(String(resource.inputs?.[PROVIDER]))),
  );
  const whole = mean(sizeOf);
  const line = { id: "state", n, unit: "bytes" };
  return [
    {
      ...line,
      what: `${what}: state per connector; inputs ${inputs}, outputs ${outputs}, text twice, the engine's own ${whole - inputs - outputs - 2 * text}`,
      value: exactly(whole),
      goal: "inputs once, outputs once",
    },
    {
      ...line,
      what: `${what}: \`__provider\``,
      value: exactly(text),
      goal: "at most 400 bytes",
      met: text <= 400,
    },
    ...(marker === undefined ? [] : [times(raw, marker, { n, what })]),
  ];
}

function times(
  raw: string,
  marker: string,
  { n, what }: { readonly n: number; readonly what: string },
): Line {
  const found = raw.split(marker).length - 1;
  return {
    id: "state",
    n,
    unit: "times",
    what: `${what}: the configuration is stored`,
    value: exactly(found / n),
    goal: "twice: as input and as output",
    met: found === 2 * n,
  };
}
