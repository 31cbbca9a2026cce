/**
 * A connector is its workspace, its id and its time of creation, never its id alone: in another
 * workspace, nothing is written or deleted.
 */
import {
  type DatabarSandbox,
  type Sandbox,
  type SupermetricsSandbox,
} from "../../../provider/sandbox";
import { provider as databar } from "../../../provider/vendors/databar/runtime";
import { provider as supermetrics } from "../../../provider/vendors/supermetrics/runtime";
import { stackConfig } from "../../../harness/in-process/config";
import { type Program, type Resource } from "../../../harness/in-process/program";
import { type InProcessResult, InProcessStack } from "../../../harness/in-process/stack";
import { type Values } from "../../../harness/in-process/wire";
import { isolate } from "../../../harness/jest/isolate";
import { closeWorlds, openSandbox, TEAM } from "../../../harness/lifecycle-world";

const { said } = isolate();
afterEach(closeWorlds);

type Vendor = "databar" | "supermetrics";
type AnySandbox = DatabarSandbox | SupermetricsSandbox;

const NAMES = ["a", "b", "c"];
/** The clock of the other workspace. */
const LATER = new Date("2031-05-06T07:08:09Z");

const definition: Readonly<Record<Vendor, (name: string, more?: Values) => Values>> = {
  databar: (name, more) => ({ name, method: "get", url: "https://api.example.com/", ...more }),
  supermetrics: (name, more) => ({ name, description: "as defined", ...more }),
};
/** A change of one connector. */
const EDIT: Readonly<Record<Vendor, Values>> = {
  databar: { url: "https://api.example.com/edited" },
  supermetrics: { description: "edited" },
};
const GONE_OTHERS: Readonly<Record<Vendor, readonly string[]>> = {
  databar: ["1", "2", "3"],
  supermetrics: ["T1", "T2", "T3"],
};

const SHAPES: Readonly<Record<"singles" | "fleet", (vendor: Vendor, each: Values) => Program>> = {
  singles: (vendor, each) =>
    Object.fromEntries(
      Object.entries(each).map(([name, args]) => [name, { vendor, args: args as Values }]),
    ),
  fleet: (vendor, connectors) => ({
    fleet: {
      vendor,
      type: `pulumi-nodejs:dynamic/${vendor}:Fleet`,
      args: { connectors, maxDeletes: 9 },
    } satisfies Resource,
  }),
};

const CASES = (["databar", "supermetrics"] as const).flatMap((vendor) =>
  (["singles", "fleet"] as const).map((shape) => [vendor, shape] as const),
);

/** A sandbox whose new connectors get the same ids as those of any other one of these. */
async function sandboxOf(vendor: Vendor, now?: () => Date): Promise<AnySandbox> {
  const clock = now && { now };
  const sandbox: Sandbox = await openSandbox({
    databar: { ...clock, reuseIds: true },
    supermetrics: {
      ...clock,
      reuseIdentifiers: true,
      nextIdentifiers: ["T1", "T2", "T3", "T4", "T5", "T6"],
    },
  });
  return sandbox[vendor];
}

/** Connectors of somebody else, under the ids that ours have. */
function seedStrangers(sandbox: AnySandbox, vendor: Vendor): void {
  for (const name of NAMES) {
    sandbox.seed({ name: `stranger ${name}`, created_at: "2029-01-01T00:00:00Z" });
  }
  expect(idsIn(sandbox)).toEqual(GONE_OTHERS[vendor]);
}

function idsIn(sandbox: AnySandbox): string[] {
  return (sandbox.connectors as readonly unknown[] as readonly Values[]).map((each) =>
    String(each["id"] ?? each["connector_identifier"]),
  );
}

const settings = (vendor: Vendor, url: string, key = "key-1"): ReturnType<typeof stackConfig> =>
  stackConfig(vendor, {
    baseUrl: url,
    apiKey: key,
    ...(vendor === "supermetrics" && { teamId: TEAM }),
  });

const all = (vendor: Vendor, edited?: string): Values =>
  Object.fromEntries(
    NAMES.map((name) => [name, definition[vendor](name, name === edited ? EDIT[vendor] : {})]),
  );

interface World {
  readonly ours: AnySandbox;
  readonly stack: InProcessStack;
  readonly define: (each: Values) => void;
}

/** A stack of three connectors, deployed. */
async function deployed(
  vendor: Vendor,
  shape: keyof typeof SHAPES,
  now?: () => Date,
): Promise<World> {
  const ours = await sandboxOf(vendor, now);
  const stack = new InProcessStack({
    runtimes: { databar, supermetrics },
    config: settings(vendor, ours.url),
    continueOnError: true,
  });
  const define = (each: Values): void => void stack.program(SHAPES[shape](vendor, each));
  // One after the other, so that ids are given in order.
  for (let count = 1; count <= NAMES.length; count++) {
    define(Object.fromEntries(Object.entries(all(vendor)).slice(0, count)));
    expectOk(await stack.up());
  }
  expect(idsIn(ours)).toEqual(GONE_OTHERS[vendor]);
  ours.clearLog();
  return { ours, stack, define };
}

function expectOk(result: InProcessResult): InProcessResult {
  if (!result.ok) {
    throw new Error(result.text);
  }
  return result;
}

const requests = ({ log }: AnySandbox): string[] => {
  const all = log.map(({ method, path }) => `${method} ${path}`);
  return all;
};
const writes = (sandbox: AnySandbox): string[] =>
  requests(sandbox).filter((request) => !request.startsWith("GET"));
const isList = (request: string): boolean => /connectors\/?$/.test(request);

function expectRefused(result: InProcessResult, one: AnySandbox, other: AnySandbox): void {
  expect(result.ok).toBe(false);
  const failures = Object.values(result.failures);
  expect(failures.length).toBeGreaterThan(0);
  const whole = failures.filter(({ message }) => !message.includes("The same error as"));
  expect(whole.length).toBeGreaterThan(0);
  for (const { message } of whole) {
    expect(message).toMatch(/^\[conflict\]/);
    expect(message).toContain(one.url);
    expect(message).toContain(other.url);
    expect(message).toContain("Nothing was written or deleted.");
    expect(message).toMatch(
      /set (databar|supermetrics):baseUrl and (databar|supermetrics):apiKey back/,
    );
    expect(message).toContain("pulumi state delete");
    expect(message).not.toContain("key-1");
  }
}

describe.each(CASES)("another workspace with the same ids: %s, %s", (vendor, shape) => {
  let world: World;
  let theirs: AnySandbox;
  let before: readonly unknown[];

  beforeEach(async () => {
    world = await deployed(vendor, shape);
    theirs = await sandboxOf(vendor, () => LATER);
    seedStrangers(theirs, vendor);
    before = [world.ours.connectors, theirs.connectors];
    await world.stack.setConfig(settings(vendor, theirs.url, "key-2"));
  });
  afterEach(async () => {
    // Nothing was written or deleted on either side, and nothing is forgotten.
    expect([writes(world.ours), writes(theirs)]).toEqual([[], []]);
    expect([world.ours.connectors, theirs.connectors]).toEqual(before);
    expect(requests(theirs).filter(isList).length).toBeLessThanOrEqual(1);
    await world.stack.setConfig(settings(vendor, world.ours.url));
    world.define(all(vendor));
    expect(expectOk(await world.stack.up()).changes).toEqual({ same: shape === "fleet" ? 2 : 4 });
    expectOk(await world.stack.destroy());
    expect(world.ours.connectors).toEqual([]);
  });

  test("up without a change fails, and writes nothing", async () => {
    const result = await world.stack.up();
    expectRefused(result, world.ours, theirs);
    expect(requests(theirs)).toHaveLength(1);
  });

  test("an edit fails, and overwrites nothing", async () => {
    world.define(all(vendor, "b"));
    expectRefused(await world.stack.up(), world.ours, theirs);
  });

  test("refresh fails, and forgets nothing", async () => {
    const result = await world.stack.refresh({ runProgram: true });
    expectRefused(result, world.ours, theirs);
    expect(JSON.stringify(result.failures)).toBeDefined();
    expect(Object.values(result.failures)[0]!.message).toContain("--run-program");
  });

  test("destroy fails, and deletes nothing", async () => {
    expectRefused(await world.stack.destroy({ runProgram: true }), world.ours, theirs);
  });

  test("a connector that leaves the program is not deleted", async () => {
    world.define(Object.fromEntries(Object.entries(all(vendor)).slice(0, 1)));
    expectRefused(await world.stack.up(), world.ours, theirs);
  });

  test("the preview says that all need an update, and what it does, without a call", async () => {
    const result = expectOk(await world.stack.preview());
    expect(result.changes).toEqual({ same: 1, update: shape === "fleet" ? 1 : 3 });
    expect(said.join("")).toContain("The update looks each of them up there");
    expect(said.join("").match(/The update looks each/g)).toHaveLength(1);
    expect(requests(theirs)).toEqual([]);
  });

  test("one without connectors fails alike", async () => {
    theirs.reset();
    before = [world.ours.connectors, []];
    const result = await world.stack.up();
    expectRefused(result, world.ours, theirs);
    expect(requests(theirs)).toHaveLength(1);
  });
});

describe.each(CASES)("the same workspace: %s, %s", (vendor, shape) => {
  const workspaces = (stack: InProcessStack): string[] => {
    const { resources } = stack;
    return Object.values(resources).map(({ outputs }) => String(outputs["workspace"]));
  };

  test("under another host name is recognised by one list, and renewed in the state", async () => {
    const { ours, stack } = await deployed(vendor, shape);
    const other = await ours.addUrl();
    await stack.setConfig(settings(vendor, other));
    expect(expectOk(await stack.up()).changes).toMatchObject({ update: shape === "fleet" ? 1 : 3 });
    expect(requests(ours).map((request) => isList(request) || request)).toEqual([true]);
    expect(workspaces(stack).every((text) => text.startsWith(other))).toBe(true);
    ours.clearLog();
    expect(expectOk(await stack.up()).changes).toEqual({ same: shape === "fleet" ? 2 : 4 });
    expect(requests(ours)).toEqual([]);
    expectOk(await stack.destroy());
    expect(ours.connectors).toEqual([]);
  });

  test("with a rotated key goes on: an edit is written, and a later refresh and destroy look up no more than ever", async () => {
    const { ours, stack, define } = await deployed(vendor, shape);
    await stack.setConfig(settings(vendor, ours.url, "key-2"));
    define(all(vendor, "b"));
    expectOk(await stack.up());
    expect(requests(ours).filter(isList)).toHaveLength(1);
    expect(writes(ours)).toHaveLength(1);
    ours.clearLog();
    expectOk(await stack.refresh());
    expect(requests(ours).filter(isList)).toHaveLength(1);
    expectOk(await stack.destroy());
    expect(requests(ours).filter(isList)).toHaveLength(vendor === "databar" ? 2 : 1);
    expect(ours.connectors).toEqual([]);
  });

  test("with a rotated key is refreshed and destroyed", async () => {
    const { ours, stack } = await deployed(vendor, shape);
    await stack.setConfig(settings(vendor, ours.url, "key-2"));
    const [text] = workspaces(stack);
    expectOk(await stack.refresh({ runProgram: true }));
    expect(requests(ours).filter(isList)).toHaveLength(1);
    expect(workspaces(stack)[0]).not.toBe(text);
    await stack.setConfig(settings(vendor, ours.url, "key-3"));
    expectOk(await stack.destroy({ runProgram: true }));
    expect(requests(ours).filter(isList)).toHaveLength(2);
    expect(ours.connectors).toEqual([]);
  });

  test("one that is deleted outside before the key is rotated is a failure, not a deletion", async () => {
    const { ours, stack } = await deployed(vendor, shape);
    ours.remove(GONE_OTHERS[vendor][1]!);
    await stack.setConfig(settings(vendor, ours.url, "key-2"));
    const result = await stack.up();
    expect(result.ok).toBe(false);
    expect(Object.values(result.failures)[0]!.message).toContain(
      "(another key), which has no connector with this id",
    );
    expect(writes(ours)).toEqual([]);
  });
});

describe.each(CASES)(
  "two installations that one script filled in the same second: %s, %s",
  (vendor, shape) => {
    /** Connectors there with the ids, names and times of ours. */
    async function twin({ ours }: World, change: Values): Promise<AnySandbox> {
      const theirs = await sandboxOf(vendor);
      for (const each of ours.connectors as readonly object[] as readonly Values[]) {
        theirs.seed({ ...each, ...(each["name"] === "b" && change) });
      }
      theirs.clearLog();
      return theirs;
    }
    const OTHER: Values =
      vendor === "databar"
        ? { url: "https://production.example.com/" }
        : { description: "production" };

    test("another content tells: nothing is written, deleted or forgotten", async () => {
      const world = await deployed(vendor, shape);
      const theirs = await twin(world, OTHER);
      const before = [world.ours.connectors, theirs.connectors];
      await world.stack.setConfig(settings(vendor, theirs.url, "key-2"));
      const results = [
        await world.stack.up(),
        await world.stack.refresh(),
        await world.stack.destroy(),
      ];
      for (const result of results) {
        expectRefused(result, world.ours, theirs);
        expect(Object.values(result.failures)[0]!.message).toMatch(
          /a connector with this id that was created at the same time, but has another (url|description)\.[^]*undo what was changed there[^]*name the id in connectorI/,
        );
      }
      expect([world.ours.connectors, theirs.connectors]).toEqual(before);
      expect(writes(theirs)).toEqual([]);
      await world.stack.setConfig(settings(vendor, world.ours.url));
      expect(expectOk(await world.stack.up()).changes).toEqual({ same: shape === "fleet" ? 2 : 4 });
    });

    test("the way out: the changed connector is named by its id", async () => {
      const world = await deployed(vendor, "singles");
      const theirs = await twin(world, OTHER);
      await world.stack.setConfig(settings(vendor, theirs.url, "key-2"));
      expect((await world.stack.up()).ok).toBe(false);
      const id = GONE_OTHERS[vendor][1]!;
      world.stack.importState((state) => ({
        ...state,
        resources: state.resources.filter(({ urn }) => !urn.endsWith("::b")),
      }));
      const named =
        vendor === "databar" ? { connectorId: Number(id) } : { connectorIdentifier: id };
      world.define({ ...all(vendor), b: definition[vendor]("b", named) });
      expectOk(await world.stack.up());
      expect(expectOk(await world.stack.up()).changes).toEqual({ same: 4 });
      expect(idsIn(theirs).sort()).toEqual(GONE_OTHERS[vendor]);
      expect(world.ours.connectors).toHaveLength(3);
    });

    test("the same content under a new address goes on; so does a changed one under a new key", async () => {
      const world = await deployed(vendor, shape);
      const theirs = await twin(world, {});
      await world.stack.setConfig(settings(vendor, theirs.url));
      expectOk(await world.stack.up());
      expect(writes(theirs)).toEqual([]);
      theirs.change(GONE_OTHERS[vendor][1]!, OTHER);
      await world.stack.setConfig(settings(vendor, theirs.url, "key-3"));
      expectOk(await world.stack.refresh({ runProgram: true }));
      expectOk(await world.stack.up());
      expect(writes(theirs)).toHaveLength(1);
      expectOk(await world.stack.destroy());
      expect([theirs.connectors, world.ours.connectors.length]).toEqual([[], 3]);
    });
  },
);

describe.each(CASES)("an id that the vendor gave to another connector: %s, %s", (vendor, shape) => {
  /** The second connector is deleted outside, and somebody else's gets its id. */
  function reuse(sandbox: AnySandbox): void {
    const id = GONE_OTHERS[vendor][1]!;
    sandbox.remove(id);
    const place = vendor === "databar" ? { id: Number(id) } : { connector_identifier: id };
    sandbox.seed({ ...place, name: "stranger", created_at: "2029-01-01T00:00:00Z" });
    sandbox.clearLog();
  }
  const names = ({ connectors }: AnySandbox): string[] => connectors.map(({ name }) => name).sort();

  test("after a refresh ours is created again, and the other one stays", async () => {
    const { ours, stack } = await deployed(vendor, shape);
    reuse(ours);
    expectOk(await stack.refresh());
    expectOk(await stack.up());
    expect(writes(ours).map((request) => request.split(" ")[0])).toEqual(["POST"]);
    expect(names(ours)).toEqual(["a", "b", "c", "stranger"]);
    expectOk(await stack.destroy());
    expect(names(ours)).toEqual(["stranger"]);
  });

  test("a deployment that has read the list does not delete the other one", async () => {
    const { ours, stack, define } = await deployed(vendor, shape);
    reuse(ours);
    const { a, c } = all(vendor);
    define({ a, c, d: definition[vendor]("d") });
    expectOk(await stack.up());
    expect(names(ours)).toEqual(["a", "c", "d", "stranger"]);
  });

  test("a vendor that was reset: a refresh fails, forgets nothing, and says what to do", async () => {
    const { ours, stack } = await deployed(vendor, shape);
    const ids = Object.keys(stack.resources);
    ours.restart();
    const result = await stack.refresh();
    expect(result.ok).toBe(false);
    const messages = Object.values(result.failures).map(({ message }) => message);
    expect(messages).toHaveLength(shape === "fleet" ? 1 : 3);
    expect(messages.every((message) => message.startsWith("[not_found]"))).toBe(true);
    expect(messages.join("\n")).toMatch(
      /None of the 3 \w+ connectors that were looked up exists[^]*pulumi state delete/,
    );
    expect(Object.keys(stack.resources)).toEqual(ids);
    expect(writes(ours)).toEqual([]);
  });
});

describe.each(["singles", "fleet"] as const)(
  "an id that the vendor may have given to another connector, without a refresh: %s",
  (shape) => {
    const LIST = "GET /v1/connectors/";
    const STAYS =
      "warning: Databar connector 2 was deleted outside, and Databar gave its id to another connector. That one stays: nothing was deleted.\n";
    const { a, b, c } = all("databar") as Record<string, Values>;
    const names = ({ connectors }: AnySandbox): string[] => connectors.map(({ name }) => name);

    /** Three connectors, of which the second one was deleted outside; another one has its id. */
    async function reused(): Promise<World> {
      const world = await deployed("databar", shape);
      world.ours.remove("2");
      world.ours.seed({ id: 2, name: "stranger", created_at: "2029-01-01T00:00:00Z" });
      world.ours.clearLog();
      return world;
    }
    const state = ({ stack }: World): string => JSON.stringify(stack.resources);

    test("leaves the program: the other connector stays, which is a warning, and the state forgets it", async () => {
      const world = await reused();
      world.define({ a, c });
      expectOk(await world.stack.up());
      expect(requests(world.ours)).toEqual([LIST]);
      expect(names(world.ours).sort()).toEqual(["a", "c", "stranger"]);
      expect(said.filter((line) => line.startsWith("warning"))).toContain(STAYS);
      expect(expectOk(await world.stack.up()).changes).toEqual({ same: shape === "fleet" ? 2 : 3 });
    });

    test("destroy: the other connector stays; one list, and a deletion of each that is there", async () => {
      const world = await reused();
      expectOk(await world.stack.destroy());
      expect(requests(world.ours).sort()).toEqual(
        [LIST, "DELETE /v1/connectors/1", "DELETE /v1/connectors/3"].sort(),
      );
      expect(names(world.ours)).toEqual(["stranger"]);
      expect(said).toContain(STAYS);
      expect(world.stack.resources).toEqual({});
    });

    test("is replaced: the new connector is adopted, the other one stays", async () => {
      const world = await reused();
      world.ours.seed({ id: 9, name: "b", url: "https://api.example.com/" });
      world.define({ a, b: { ...b, connectorId: 9 }, c });
      expectOk(await world.stack.up());
      expect(writes(world.ours)).toEqual([]);
      expect(requests(world.ours).filter(isList)).toHaveLength(1);
      expect(names(world.ours).sort()).toEqual(["a", "b", "c", "stranger"]);
      expect(said).toContain(STAYS);
    });

    test("is edited, with all limits: nothing is written", async () => {
      const world = await deployed("databar", shape);
      const limits = { rateLimit: 5, maxConcurrency: 5 };
      world.define({ a, b: { ...b, ...limits }, c });
      expectOk(await world.stack.up());
      world.ours.remove("2");
      world.ours.seed({ id: 2, name: "stranger", created_at: "2029-01-01T00:00:00Z" });
      world.ours.clearLog();
      const before = world.ours.connectors;
      world.define({ a, b: { ...b, ...limits, ...EDIT.databar }, c });
      const result = await world.stack.up();
      expect(Object.values(result.failures)[0]!.message).toContain(
        "gave its id to another connector. Nothing was written.",
      );
      expect([requests(world.ours), world.ours.connectors]).toEqual([[LIST], before]);
      expectOk(await world.stack.refresh());
      expectOk(await world.stack.up());
      expect(names(world.ours).sort()).toEqual(["a", "b", "c", "stranger"]);
    });

    test("a list that fails deletes nothing, and forgets nothing; the next run goes on", async () => {
      const world = await reused();
      const before = state(world);
      world.ours.fault({ method: "GET", status: 403, times: Infinity });
      const result = await world.stack.destroy();
      const messages = Object.values(result.failures).map(({ message }) => message);
      expect(messages[0]).toMatch(
        /\[forbidden\] Databar refused to list connectors: .*Give a valid key/,
      );
      expect([writes(world.ours), state(world)]).toEqual([[], before]);
      world.ours.clearFaults();
      expectOk(await world.stack.destroy());
      expect(names(world.ours)).toEqual(["stranger"]);
    });

    test("a deployment that creates and deletes reads one list", async () => {
      const world = await deployed("databar", shape);
      const d = definition.databar("d");
      world.define({ a, d });
      expectOk(await world.stack.up());
      expect(requests(world.ours).filter((request) => request === LIST)).toHaveLength(1);
      expect(names(world.ours).sort()).toEqual(["a", "d"]);
    });
  },
);

describe.each(CASES)(
  "a definition that names an id, which became another connector's: %s, %s",
  (vendor, shape) => {
    const id = GONE_OTHERS[vendor][1]!;
    const named = (more: Values = {}): Values => ({
      ...all(vendor),
      b: definition[vendor]("b", {
        ...(vendor === "databar" ? { connectorId: Number(id) } : { connectorIdentifier: id }),
        ...more,
      }),
    });

    /** The second connector is adopted by its id, then deleted outside; another one gets its id. */
    async function reused(): Promise<World & { readonly stranger: unknown }> {
      const world = await deployed(vendor, shape);
      world.stack.importState((state) => ({ ...state, resources: [] }));
      world.define(named());
      expectOk(await world.stack.up());
      expect(writes(world.ours)).toEqual([]);
      world.ours.remove(id);
      const place = vendor === "databar" ? { id: Number(id) } : { connector_identifier: id };
      world.ours.seed({ ...place, name: "stranger", created_at: "2029-01-01T00:00:00Z" });
      world.ours.clearLog();
      return { ...world, stranger: strangerIn(world.ours) };
    }
    const strangerIn = ({ connectors }: AnySandbox): unknown =>
      (connectors as readonly unknown[] as readonly Values[]).find(
        ({ name }) => name === "stranger",
      );
    const created = async ({ stack, define, ours }: World): Promise<void> => {
      define(all(vendor));
      expectOk(await stack.up());
      expect(ours.connectors.map(({ name }) => name).sort()).toEqual(["a", "b", "c", "stranger"]);
    };

    test("a refresh warns that the next up would take it over; without the id, ours is created", async () => {
      const world = await reused();
      expectOk(await world.stack.refresh());
      expect(said.join("")).toMatch(
        /connector "b" \(id \w+\) was deleted outside, .* If the definition names the id, remove connectorI\w+ first/,
      );
      await created(world);
      expect(strangerIn(world.ours)).toEqual(world.stranger);
    });

    test("an up with a refresh refuses, and overwrites nothing", async () => {
      const world = await reused();
      const result = await world.stack.up({ refresh: true });
      expect(Object.values(result.failures)[0]!.message).toMatch(
        /\[conflict\] .*gave its id to another connector. Nothing was written. Remove connectorI\w+ from the definition/,
      );
      expect(writes(world.ours)).toEqual([]);
      await created(world);
      expect(strangerIn(world.ours)).toEqual(world.stranger);
    });

    // Supermetrics reuses no identifier, so an update does not look first.
    if (vendor === "databar") {
      test("an edit refuses beside a create, and says to remove the id first", async () => {
        const world = await reused();
        world.define({ ...named(EDIT[vendor]), d: definition[vendor]("d") });
        const result = await world.stack.up();
        expect(Object.values(result.failures)[0]!.message).toMatch(
          /\[not_found\] .*Nothing was written. Remove connectorI\w+ from the definition, then run pulumi refresh, then pulumi up/,
        );
        expect(strangerIn(world.ours)).toEqual(world.stranger);
      });
    }
  },
);

describe.each(["singles", "fleet"] as const)(
  "an id that one of our own connectors gets after another: %s",
  (shape) => {
    const { a, b, c } = all("databar") as Record<string, Values>;
    const d = definition.databar("d");

    /** The last connector is deleted outside, and its id goes to the one that is created next. */
    async function reused(): Promise<World> {
      let now = Date.UTC(2030, 0, 1);
      const world = await deployed("databar", shape, () => new Date((now += 60_000)));
      world.ours.remove("3");
      world.ours.clearLog();
      world.define({ a, b, c, d });
      return world;
    }
    const names = ({ connectors }: AnySandbox): string[] => connectors.map(({ name }) => name);

    test("is one create, and a warning; after a refresh, the other one is created again", async () => {
      const world = await reused();
      expectOk(await world.stack.up());
      expect(writes(world.ours)).toEqual(["POST /v1/connectors/"]);
      expect(idsIn(world.ours)).toEqual(["1", "2", "3"]);
      expect(said).toContain(
        `warning: Databar gave the new connector "d" the id 3, which another resource of this program has: that one's connector was deleted outside. Run pulumi refresh, then pulumi up, which creates it again.\n`,
      );
      expectOk(await world.stack.up());
      expect(names(world.ours)).toEqual(["a", "b", "d"]);
      expectOk(await world.stack.refresh());
      expectOk(await world.stack.up());
      expect(names(world.ours)).toEqual(["a", "b", "d", "c"]);
      expect(writes(world.ours)).toHaveLength(2);
      expect(expectOk(await world.stack.up()).changes).toEqual({ same: shape === "fleet" ? 2 : 5 });
      expectOk(await world.stack.destroy());
      expect(names(world.ours)).toEqual([]);
    });

    test("without a refresh, the gone one leaves the program, and the other one stays", async () => {
      const world = await reused();
      expectOk(await world.stack.up());
      world.define({ a, b, d });
      expectOk(await world.stack.up());
      expect(writes(world.ours)).toEqual(["POST /v1/connectors/"]);
      expect(names(world.ours)).toEqual(["a", "b", "d"]);
      expect(expectOk(await world.stack.up()).changes).toEqual({ same: shape === "fleet" ? 2 : 4 });
      expectOk(await world.stack.destroy());
      expect(names(world.ours)).toEqual([]);
    });

    test("without a refresh, a destroy deletes all, and each once", async () => {
      const world = await reused();
      expectOk(await world.stack.up());
      expectOk(await world.stack.destroy());
      expect(names(world.ours)).toEqual([]);
      expect(writes(world.ours).filter((call) => call.startsWith("DELETE"))).toHaveLength(3);
    });

    test("also where the answer to the create is lost", async () => {
      const world = await reused();
      world.ours.fault({ method: "POST", drop: "after" });
      expectOk(await world.stack.up());
      expect(writes(world.ours)).toEqual(["POST /v1/connectors/"]);
      expect(names(world.ours)).toEqual(["a", "b", "d"]);
      expectOk(await world.stack.up());
      expect(names(world.ours)).toEqual(["a", "b", "d"]);
    });

    test("a gone one whose resource comes after the other one's is created again at once", async () => {
      const world = await reused();
      expectOk(await world.stack.up());
      world.define({ d, a, b, c });
      expectOk(await world.stack.up());
      expectOk(await world.stack.refresh());
      expectOk(await world.stack.up());
      expect(names(world.ours)).toEqual(["a", "b", "d", "c"]);
      expectOk(await world.stack.destroy());
      expect(names(world.ours)).toEqual([]);
    });
  },
);

test.each(["databar", "supermetrics"] as const)(
  "an update that has read the list writes nothing to an id that was given to another connector: %s",
  async (vendor) => {
    const { ours, stack } = await deployed(vendor, "singles");
    const id = GONE_OTHERS[vendor][1]!;
    ours.remove(id);
    const place = vendor === "databar" ? { id: Number(id) } : { connector_identifier: id };
    ours.seed({ ...place, name: "stranger", created_at: "2029-01-01T00:00:00Z" });
    ours.clearLog();
    const { a, b, c } = all(vendor, "b") as Record<string, Values>;
    stack.program({
      a: { vendor, args: a! },
      c: { vendor, args: c! },
      d: { vendor, args: definition[vendor]("d") },
      b: { vendor, args: b!, options: { dependsOn: ["d"] } },
    });
    const result = await stack.up();
    expect(result.ok).toBe(false);
    expect(result.failures["b"]!.message).toContain(
      "gave its id to another connector. Nothing was written.",
    );
    expect(writes(ours).filter((request) => !request.startsWith("POST"))).toEqual([]);
  },
);

test.each(CASES)(
  "a state that does not name its workspace is trusted: %s, %s",
  async (vendor, shape) => {
    const { ours, stack, define } = await deployed(vendor, shape);
    stack.importState((state) => ({
      ...state,
      resources: state.resources.map((each) => ({
        ...each,
        outputs: Object.fromEntries(
          Object.entries(each.outputs).filter(([key]) => key !== "workspace"),
        ),
      })),
    }));
    await stack.setConfig(settings(vendor, ours.url, "key-2"));
    expect(expectOk(await stack.up()).changes).toEqual({ same: shape === "fleet" ? 2 : 4 });
    expect(requests(ours)).toEqual([]);
    define(all(vendor, "b"));
    expectOk(await stack.up());
    expect(writes(ours)).toHaveLength(1);
    const { outputs } = stack.resources[shape === "fleet" ? "fleet" : "b"]!;
    expect(outputs["workspace"]).toContain(ours.url);
    await stack.setConfig(settings(vendor, ours.url, "key-3"));
    ours.clearLog();
    expectOk(await stack.destroy({ runProgram: true }));
    expect(requests(ours).filter(isList)).toHaveLength(1);
    expect(ours.connectors).toEqual([]);
  },
);

test("an update reads the list for the limits that it keeps, and overwrites no other connector", async () => {
  const { ours, stack, define } = await deployed("databar", "singles");
  ours.remove("2");
  ours.seed({ id: 2, name: "stranger", created_at: "2029-01-01T00:00:00Z" });
  define(all("databar", "b"));
  const result = await stack.up();
  expect(result.failures["b"]!.message).toContain("Nothing was written.");
  expect(writes(ours)).toEqual([]);
  expectOk(await stack.refresh());
  expectOk(await stack.up());
  expect(ours.connectors.map(({ name }) => name).sort()).toEqual(["a", "b", "c", "stranger"]);
});
