import { getHeapStatistics } from "node:v8";

/**
 * What a fleet of this size takes of a process's memory: a dynamic fleet is one message between the
 * program, the engine and the provider, of which each holds several copies. Measured: docs/scale.md.
 */
const BYTES_PER_VALUE = 2_700;
const BYTES_PER_CHARACTER = 16;

/** What a process takes without a fleet, and what its garbage collector needs. */
const OTHER_BYTES = 150_000_000;

/**
 * Why a dynamic fleet with these connectors is too large for a process; undefined if it is not. A
 * process that runs out of memory ends without a message.
 *
 * @param heap most bytes that the process can take
 */
export function oversized(
  connectors: unknown,
  heap = getHeapStatistics().heap_size_limit,
): string | undefined {
  const { values, characters } = sizeOf(connectors);
  const available = heap - OTHER_BYTES;
  const needed = values * BYTES_PER_VALUE + characters * BYTES_PER_CHARACTER;
  if (needed <= available || !isPlain(connectors)) {
    return undefined;
  }
  const count = Object.keys(connectors).length;
  const most = Math.max(0, Math.floor((count * available) / needed));
  const size = `${count} connector${count === 1 ? "" : "s"} with ${megabytes(characters)} of text in ${values} values`;
  return `${size} take about ${megabytes(needed + OTHER_BYTES)} of memory as one dynamic fleet, and a Node.js process has ${megabytes(heap)} here; about ${most} connectors of this size work. ${WAYS_OUT}`;
}

const WAYS_OUT =
  "Declare them as single resources, as several fleets or as a native fleet (preview), or give the processes more memory with NODE_OPTIONS=--max-old-space-size; see docs/scale.md, Single resources or a fleet";

interface Size {
  values: number;
  characters: number;
}

/** Outputs of other resources count as one value: they are not known here. */
function sizeOf(value: unknown, total: Size = { values: 0, characters: 0 }): Size {
  total.values += 1;
  if (typeof value === "string") {
    total.characters += value.length;
  } else if (Array.isArray(value)) {
    value.forEach((item) => sizeOf(item, total));
  } else if (isPlain(value)) {
    for (const [key, item] of Object.entries(value)) {
      total.characters += key.length;
      sizeOf(item, total);
    }
  }
  return total;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
