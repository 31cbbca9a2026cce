/**
 * R13: resources do not leak. `npm run soak [-- --operations 5000] [--face native]` runs creates,
 * updates, reads and deletes of both vendors in one provider process, with faults in between: of
 * dynamic resources, or of native ones over their own transport. Exits with 1 if memory or sockets
 * grow.
 */
import { type ChildProcess, fork } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { closeSharedHttpClients } from "../../provider/http";
import { type DynamicProvider } from "../../provider/pulumi/provider/runtime";
import { provider as databar } from "../../provider/vendors/databar/runtime";
import { provider as supermetrics } from "../../provider/vendors/supermetrics/runtime";
import { TEAM } from "../../harness/lifecycle-world";
import { FAST, providerConfig } from "../../harness/in-process/config";
import { plain } from "../../harness/in-process/wire";
import { PluginClient, type Stored, type Values } from "../../harness/plugin/client";
import { DEADLINE } from "./fault-matrix";
import { type Addresses, type Traffic } from "./sandbox-process";

/** Concurrent resources, equal to the concurrency of one vendor's client. */
const PARALLEL = 10;

/**
 * A client keeps one connection per concurrent request, and the test one to a native provider; there
 * are two vendors.
 */
const MOST_SOCKETS = 2 * (PARALLEL + 1);

/** The difference between two equal measurements in bytes: compiled code, caches of Node.js. */
const NOISE = 1.5 * 1024 ** 2;

/**
 * The maximum memory that an operation keeps, in bytes. A deployment remembers id, name and claim
 * of each written connector, so that it neither adopts it nor reads it from an old list, which
 * takes less. A leaked request would take ten times as much.
 */
const PER_OPERATION = 200;

/** The resources of the idle process. */
interface Measure {
  readonly operations: number;
  readonly failed: number;
  /** Used heap and external memory in bytes, after garbage collection. */
  readonly memory: number;
  readonly rss: number;
  readonly sockets: number;
  /**
   * Everything that keeps the process alive: timers, sockets in use, the channel to the sandbox.
   */
  readonly handles: number;
}

/** The verbs of a resource, as either face has them. */
interface Face {
  /** The checked inputs. */
  check(news: Values, olds: Values): Promise<Values>;
  diff(stored: Stored, news: Values): Promise<unknown>;
  create(inputs: Values): Promise<Stored>;
  update(stored: Stored, news: Values): Promise<Stored>;
  read(stored: Stored): Promise<unknown>;
  delete(stored: Stored): Promise<void>;
}

/** A vendor's face, and what ends it. */
interface Opened {
  readonly face: Face;
  readonly close: () => void;
}

const FACES: Readonly<
  Record<string, (vendor: "databar" | "supermetrics", settings: Values) => Promise<Opened>>
> = {
  dynamic(vendor, settings) {
    const verbs = { databar, supermetrics }[vendor](providerConfig(vendor, settings));
    return Promise.resolve({ face: dynamicFace(verbs), close: () => undefined });
  },
  async native(vendor, settings) {
    const plugin = await PluginClient.start(vendor);
    const texts = Object.entries({ ...FAST, ...settings }).map(([name, value]) => [
      name,
      String(value),
    ]);
    await plugin.configure(Object.fromEntries(texts) as Values);
    return {
      face: {
        check: async (news, olds) => (await plugin.check(news, olds)).inputs,
        diff: (stored, news) => plugin.diff(stored, news),
        create: (inputs) => plugin.create(inputs),
        update: (stored, news) => plugin.update(stored, news),
        read: (stored) => plugin.read(stored),
        delete: (stored) => plugin.delete(stored),
      },
      close: () => plugin.close(),
    };
  },
};

function dynamicFace(verbs: DynamicProvider): Face {
  return {
    check: async (news, olds) => plain((await verbs.check(olds, news)).inputs),
    diff: ({ id, outputs }, news) => verbs.diff(id, outputs, news),
    async create(inputs) {
      const { id, outs } = await verbs.create(inputs);
      return { id, inputs, outputs: plain(outs) };
    },
    async update({ id, outputs }, news) {
      const { outs } = await verbs.update(id, outputs, news);
      return { id, inputs: news, outputs: plain(outs) };
    },
    read: ({ id, outputs }) => verbs.read(id, outputs),
    delete: ({ id, outputs }) => verbs.delete(id, outputs),
  };
}

type Vendor = (life: number, version: number) => Record<string, unknown>;

const DATABAR: Vendor = (life, version) => ({
  name: `Soak ${life}`,
  method: "post",
  url: `https://api.example.com/${version}`,
  headers: { Authorization: `Bearer ${life}-${version}`, Accept: ["a", "b"] },
  body: { domain: "x".repeat(500) },
});
const SUPERMETRICS: Vendor = (life, version) => ({
  name: `Soak ${life}`,
  configuration: {
    token: "${secrets.k}",
    version,
    fields: Array.from({ length: 50 }, (_, id) => ({ id, name: `field ${id}` })),
  },
  secrets: { k: `${life}-${version}` },
});

const counts = { operations: 0, failed: 0, lives: 0 };

/**
 * Runs and counts an operation. A failure is a fault that is not retried, which the next deployment
 * would repair.
 */
async function operation<T>(work: () => Promise<T>): Promise<T | undefined> {
  counts.operations++;
  try {
    return await work();
  } catch (error) {
    counts.failed++;
    if (!/^\[(?!invalid|configuration|unauthorized|forbidden)/.test((error as Error).message)) {
      throw error;
    }
    return undefined;
  }
}

/** Runs the lifecycle of one resource, from create to delete. */
async function live(face: Face, write: Vendor): Promise<void> {
  const life = counts.lives++;
  const first = await face.check(write(life, 1), {});
  const created = await operation(() => face.create(first));
  if (!created) {
    return;
  }
  const second = await face.check(write(life, 2), first);
  await face.diff(created, second);
  const stored = (await operation(() => face.update(created, second))) ?? created;
  await operation(() => face.read(stored));
  await operation(() => face.delete(stored));
}

async function run(faces: readonly (readonly [Face, Vendor])[], until: number): Promise<void> {
  const worker = async (index: number): Promise<void> => {
    while (counts.operations < until) {
      await live(...faces[index % faces.length]!);
    }
  };
  await Promise.all(Array.from({ length: faces.length * PARALLEL }, (_, index) => worker(index)));
}

/**
 * All open sockets. Node.js does not report undici's idle sockets as active, because they do not
 * keep a process alive.
 */
const sockets = new Set<Socket>();
subscribe("net.client.socket", (message) => {
  const { socket } = message as { socket: Socket };
  sockets.add(socket.once("close", () => sockets.delete(socket)));
});

async function measure(): Promise<Measure> {
  if (!global.gc) {
    throw new Error("Run node with --expose-gc.");
  }
  for (let round = 0; round < 3; round++) {
    await sleep(100);
    global.gc();
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  const resources = process.getActiveResourcesInfo();
  return {
    operations: counts.operations,
    failed: counts.failed,
    memory: heapUsed + external,
    rss,
    sockets: sockets.size,
    handles: resources.length,
  };
}

const mebibytes = (bytes: number): string => (bytes / 1024 ** 2).toFixed(2);

async function report(
  label: string,
  { operations, failed, memory, rss, sockets, handles }: Measure,
  child: ChildProcess,
): Promise<void> {
  child.send("traffic?");
  const [{ requests, faults }] = (await once(child, "message")) as [Traffic];
  const cells = [
    label,
    operations,
    failed,
    requests,
    faults,
    mebibytes(memory),
    mebibytes(rss),
    sockets,
    handles,
  ];
  console.log(
    cells
      .map((cell, index) => (index === 0 ? String(cell).padEnd(12) : String(cell).padStart(11)))
      .join(""),
  );
}

/** Descriptions of the values that grow. */
function faultsOf(start: Measure, end: Measure, closed: Measure): string[] {
  const allowed = NOISE + PER_OPERATION * (end.operations - start.operations);
  const grown = end.memory - start.memory;
  return [
    ...(grown > allowed
      ? [`Memory grew by ${mebibytes(grown)} MiB; ${mebibytes(allowed)} are allowed.`]
      : []),
    ...(end.sockets > MOST_SOCKETS
      ? [`${end.sockets} sockets are open; ${MOST_SOCKETS} are allowed.`]
      : []),
    ...(closed.sockets > 0
      ? [`${closed.sockets} sockets are open after everything was closed.`]
      : []),
    ...(closed.handles > start.handles
      ? [
          `${closed.handles} handles are active after everything was closed; there were ${start.handles} at the start.`,
        ]
      : []),
  ];
}

async function soak(
  open: NonNullable<(typeof FACES)[string]>,
  operations: number,
): Promise<readonly string[]> {
  const child = fork(join(__dirname, "sandbox-process.ts"));
  try {
    const [urls] = (await once(child, "message")) as [Addresses];
    const common = {
      apiKey: "key-1",
      requestTimeoutSeconds: DEADLINE / 1000,
      maxConcurrentRequests: PARALLEL,
    };
    const opened = [
      await open("databar", { ...common, baseUrl: urls.databar }),
      await open("supermetrics", { ...common, baseUrl: urls.supermetrics, teamId: TEAM }),
    ] as const;
    const faces = [
      [opened[0].face, DATABAR],
      [opened[1].face, SUPERMETRICS],
    ] as const;
    console.log(
      [
        "",
        "operations",
        "failed",
        "requests",
        "faults",
        "memory MiB",
        "rss MiB",
        "sockets",
        "handles",
      ]
        .map((title, index) => (index === 0 ? title.padEnd(12) : title.padStart(11)))
        .join(""),
    );
    // After the warm-up, code is compiled and caches are filled.
    await run(faces, operations / 5);
    const measures = [await measure()];
    const begun = counts.operations;
    await report("start", measures[0]!, child);
    for (const quarter of [1, 2, 3, 4]) {
      await run(faces, begun + (operations * quarter) / 4);
      measures.push(await measure());
      await report(quarter === 4 ? "end" : `${quarter}/4`, measures.at(-1)!, child);
    }
    // Does not wait for sockets that cannot be closed; they are counted below.
    opened.forEach((each) => each.close());
    await Promise.race([closeSharedHttpClients(), sleep(5_000, undefined, { ref: false })]);
    const closed = await measure();
    await report("closed", closed, child);
    return faultsOf(measures[0]!, measures.at(-1)!, closed);
  } finally {
    child.disconnect();
  }
}

const { values } = parseArgs({
  options: {
    operations: { type: "string", default: "5000" },
    face: { type: "string", default: "dynamic" },
  },
});
const open = FACES[values.face];
if (!/^[1-9]\d*$/.test(values.operations)) {
  throw new Error("--operations must be a whole number above 0.");
}
if (open === undefined) {
  throw new Error(`--face must be ${Object.keys(FACES).join(" or ")}.`);
}
void soak(open, Number(values.operations)).then((faults) => {
  console.log(faults.length === 0 ? "Flat." : faults.join("\n"));
  process.exit(faults.length === 0 ? 0 : 1);
});
