/**
 * A value that a vendor returns at a place that the state did not hold is secret wherever its field
 * can be.
 */
import { canary, formsOf } from "../../harness/canary";
import { databar, supermetrics } from "../../harness/e2e/program";
import {
  closeWorlds,
  type Declared,
  engineLine,
  expectOk,
  startWorld,
  type World,
} from "../../harness/e2e/world";
import { type RunResult } from "../../harness/engine/types";

jest.setTimeout(240_000);
afterEach(closeWorlds);

type Args = Readonly<Record<string, unknown>>;

const [KEY, OTHER, LEAF] = [canary("key"), canary("other"), canary("leaf")];
const secret = (value: unknown): Args => ({ $secret: value });

const FORMS: readonly { form: string; of: (declared: Declared) => Declared }[] = [
  { form: "a connector", of: (declared) => declared },
  {
    form: "a fleet",
    of: ({ type, args = {} }) => ({
      type: type === "DatabarConnector" ? "DatabarFleet" : "SupermetricsFleet",
      args: { connectors: { one: args } },
    }),
  },
];

/**
 * A world of one connector, with everything that a person, a log or a backup has seen of its runs.
 */
class Scenario {
  private readonly seen: string[] = [];

  private constructor(
    private readonly world: World,
    private readonly of: (declared: Declared) => Declared,
  ) {}

  static async start(of: (declared: Declared) => Declared): Promise<Scenario> {
    return new Scenario(await startWorld(), of);
  }

  get sandbox(): World["sandbox"] {
    return this.world.sandbox;
  }

  write(declared: Declared): void {
    this.world.program({ it: this.of(declared) });
  }

  async up(declared?: Declared): Promise<RunResult> {
    if (declared) {
      this.write(declared);
    }
    return this.watch(await this.world.stack.up());
  }

  async refresh(): Promise<RunResult> {
    return this.watch(expectOk(await this.world.stack.refresh()));
  }

  preview = async (): Promise<RunResult> => this.watch(expectOk(await this.world.stack.preview()));

  /** What the step of the one resource does. */
  op({ steps }: RunResult): string | undefined {
    return steps.find(({ name }) => name === "it")?.op;
  }

  async inputs(): Promise<Args> {
    const { resources } = await this.world.stack.exportState();
    const { inputs } = resources.find(({ urn }) => urn.endsWith("::it"))!;
    return ((inputs["connectors"] as Args | undefined)?.["one"] ?? inputs) as Args;
  }

  /** Ends with nothing of the canaries shown, and nothing left at the vendors. */
  async end(): Promise<void> {
    await this.watch(expectOk(await this.world.stack.destroy()));
    const everything = this.seen.join("\n");
    expect([KEY, OTHER, LEAF].flatMap(formsOf).filter((form) => everything.includes(form))).toEqual(
      [],
    );
    expect([this.sandbox.databar.connectors, this.sandbox.supermetrics.connectors]).toEqual([
      [],
      [],
    ]);
  }

  private async watch(result: RunResult): Promise<RunResult> {
    this.seen.push(result.text, JSON.stringify([result.diagnostics, result.steps]));
    this.seen.push(await this.world.stack.rawState());
    return result;
  }
}

const OPEN = { name: "Accept", value: "json" };
const withHeader = (headers: Args, more: Args = {}): Declared =>
  databar({ headers: { Accept: "json", ...headers }, ...more });

describe.each(FORMS)(
  `${engineLine}. Of $form, what was read at a new place is secret`,
  ({ of }) => {
    test("a header that was renamed outside", async () => {
      const it = await Scenario.start(of);
      expectOk(await it.up(withHeader({ "X-Plain": secret(KEY) })));
      const { id } = it.sandbox.databar.connectors[0]!;
      it.sandbox.databar.change(id, { headers: [OPEN, { name: "X-Renamed", value: KEY }] });
      expect(it.op(await it.refresh())).toBe("update");
      expect((await it.inputs())["headers"]).toEqual({
        Accept: "json",
        "X-Renamed": { secret: KEY },
      });
      expect(it.op(await it.refresh())).toBe("same");
      await it.preview();
      expectOk(await it.up());
      expect(it.op(await it.up())).toBe("same");
      await it.end();
    });

    test("a header that was removed outside, and put back after a refresh", async () => {
      const it = await Scenario.start(of);
      expectOk(await it.up(withHeader({ "X-Plain": secret(KEY) })));
      const { id, headers } = it.sandbox.databar.connectors[0]!;
      it.sandbox.databar.change(id, { headers: [OPEN] });
      await it.refresh();
      it.sandbox.databar.change(id, { headers });
      await it.refresh();
      expect(it.op(await it.refresh())).toBe("same");
      expect(it.op(await it.up())).toBe("same");
      await it.end();
    });

    test("what a program gave up in an update that failed, whether it took effect or not", async () => {
      const it = await Scenario.start(of);
      const url = `https://api.example.com/${encodeURIComponent(OTHER)}`;
      const before = withHeader(
        { "X-Plain": secret(KEY) },
        { url: secret(url), bodyTemplate: secret(OTHER) },
      );
      const after = withHeader({ "X-New": secret(LEAF) }, { bodyTemplate: "open" });
      for (const fault of [{ status: 500 }, { drop: "after" as const }]) {
        expectOk(await it.up(before));
        it.sandbox.databar.fault({ method: "PUT", times: 20, ...fault });
        expect((await it.up(after)).ok).toBe(false);
        it.sandbox.databar.clearFaults();
        await it.refresh();
        expect(it.op(await it.refresh())).toBe("same");
        expectOk(await it.up());
        expect(it.op(await it.up())).toBe("same");
        expect(it.op(await it.refresh())).toBe("same");
        expect((await it.inputs())["headers"]).toEqual({
          Accept: "json",
          "X-New": { secret: LEAF },
        });
      }
      await it.end();
    });

    test("a connector of somebody else whose adoption stopped half-way", async () => {
      const it = await Scenario.start(of);
      it.sandbox.databar.seed({
        name: "Scoring",
        headers: [{ name: "X-Theirs", value: KEY }],
        body_template: OTHER,
      });
      it.sandbox.databar.fault({ method: "PUT", status: 500, times: 20 });
      const ours = withHeader({}, { onConflict: "adopt" });
      expect((await it.up(ours)).ok).toBe(false);
      it.sandbox.databar.clearFaults();
      await it.refresh();
      await it.refresh();
      expectOk(await it.up(ours));
      expect(it.op(await it.refresh())).toBe("same");
      await it.end();
    });

    test("leaves of a configuration", async () => {
      const it = await Scenario.start(of);
      const configuration = {
        a: { mode: "open", plain: secret(KEY) },
        list: ["one"],
        was: "text",
      };
      expectOk(await it.up(supermetrics({ configuration })));
      const { connector_identifier: identifier } = it.sandbox.supermetrics.connectors[0]!;
      const change = (json: Args): unknown =>
        it.sandbox.supermetrics.change(identifier, { configuration_json: json });
      change({ a: { mode: "open" }, list: ["one"], was: "text" });
      await it.refresh();
      change({ a: { mode: "open", plain: KEY }, list: ["one", OTHER], was: { deep: LEAF } });
      expect(it.op(await it.refresh())).toBe("update");
      expect(it.op(await it.refresh())).toBe("same");
      change({ a: { mode: "drifted", plain: KEY }, list: ["one"], was: "text" });
      await it.refresh();
      // A refresh found `plain` gone, so who puts it back owns it.
      expect((await it.inputs())["configuration"]).toEqual({
        a: { mode: "drifted" },
        list: expect.anything() as unknown,
        was: expect.anything() as unknown,
      });
      expectOk(await it.up());
      expect(it.op(await it.refresh())).toBe("same");
      await it.end();
    });

    test("leaves that a program gave up in an update that failed", async () => {
      const it = await Scenario.start(of);
      const before = { a: { plain: secret(KEY), mode: "open" }, other: secret(OTHER) };
      const after = { b: { plain: secret(KEY), mode: "open" }, added: secret(LEAF) };
      expectOk(await it.up(supermetrics({ configuration: before })));
      for (const fault of [{ status: 500 }, { drop: "after" as const }]) {
        it.sandbox.supermetrics.fault({ method: "PUT", times: 20, ...fault });
        expect((await it.up(supermetrics({ configuration: after }))).ok).toBe(false);
        it.sandbox.supermetrics.clearFaults();
        await it.refresh();
        await it.refresh();
        await it.preview();
        expectOk(await it.up());
        expect(it.op(await it.up())).toBe("same");
        expectOk(await it.up(supermetrics({ configuration: before })));
      }
      await it.end();
    });

    test("a known secret at any place, while what was open stays open", async () => {
      const it = await Scenario.start(of);
      const headers = { Authorization: `Bearer ${KEY}`, "X-Note": "first" };
      expectOk(await it.up(withHeader(headers)));
      const { id } = it.sandbox.databar.connectors[0]!;
      it.sandbox.databar.change(id, {
        name: `Scoring ${KEY}`,
        headers: [
          { name: "Accept", value: "csv" },
          { name: "Authorization", value: `Bearer ${KEY}` },
          { name: "X-Note", value: `was ${KEY}` },
        ],
      });
      await it.refresh();
      expect((await it.inputs())["headers"]).toEqual({
        Accept: "csv",
        Authorization: { secret: `Bearer ${KEY}` },
        "X-Note": { secret: `was ${KEY}` },
      });
      expectOk(await it.up());
      expect(it.op(await it.refresh())).toBe("same");
      await it.end();
    });
  },
);
