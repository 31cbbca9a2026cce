/** What is said where connectors of a state are not in the workspace that the settings lead to. */
import { type ConnectorError } from "../../../provider/errors";
import { type Managed } from "../../../provider/lifecycle/adapter";
import { Claims } from "../../../provider/lifecycle/claims";
import { Connectors } from "../../../provider/lifecycle/connectors";
import { own } from "../../../provider/message";
import { makeState } from "../../../provider/model/state";
import { type Databar } from "../../../provider/vendors/databar/stage-types";
import { closeWorlds, databarWorld } from "../../../harness/lifecycle-world";

afterEach(closeWorlds);

const HERE = "https://here.example 11111111";
const ELSEWHERE = "https://there.example 22222222";
const OTHER_KEY = "https://here.example 33333333";
const LONG_AGO = "2001-02-03T04:05:06Z";
const MISSING = "900";

/** A deployment to HERE, and the states of two connectors that are there. */
async function deployed() {
  const world = await databarWorld();
  const { connectors, adapter, reporter } = world.deploy();
  const states: Managed<Databar>["state"][] = [];
  for (const name of ["a", "b"]) {
    const created = await connectors.create({ name, method: "get", url: "https://x.example/" });
    states.push(created.state);
  }
  const workspace = { text: HERE, settings: own`databar:apiKey` };
  const moved = new Connectors(adapter, reporter, new Claims(), undefined, workspace);
  const ids = world.vendor.connectors.map(({ id }) => String(id));
  const writes = world.writes().length;
  return {
    /** The state of the connector at `place`, from another workspace, and with other values. */
    managed: (
      place: number,
      values: Partial<Databar["state"]> = {},
      id = ids[place]!,
    ): Managed<Databar> => ({
      id,
      state: makeState<Databar>({ ...states[place]!, workspace: ELSEWHERE, ...values }),
    }),
    confirm: (connectors: readonly Managed<Databar>[]) => moved.confirm(connectors),
    /** The refusal; fails where there is none, or where anything was written. */
    refusal: async (connectors: readonly Managed<Databar>[]): Promise<ConnectorError> => {
      const error: unknown = await moved.confirm(connectors).catch((thrown: unknown) => thrown);
      expect(world.writes()).toHaveLength(writes);
      expect(error).toMatchObject({
        code: "conflict",
        vendor: "Databar",
        reason: "another_workspace",
      });
      return error as ConnectorError;
    },
  };
}

type Deployed = Awaited<ReturnType<typeof deployed>>;

const ONE = "Databar connector";
const LEADS = `to the workspace ${ELSEWHERE}, but the settings now lead to ${HERE}, which has`;

const CASES: Readonly<
  Record<string, readonly [(world: Deployed) => Managed<Databar>[], text: string]>
> = {
  "one that is not there": [
    ({ managed }) => [managed(0, {}, MISSING)],
    `${ONE} "a" (id 900) belongs ${LEADS} no connector with this id.`,
  ],
  "one without a name": [
    ({ managed }) => [managed(0, { name: undefined }, MISSING)],
    `${ONE} (id 900) belongs ${LEADS} no connector with this id.`,
  ],
  "one with another key": [
    ({ managed }) => [managed(0, { workspace: OTHER_KEY }, MISSING)],
    `${ONE} "a" (id 900) belongs to the workspace ${OTHER_KEY}, but the settings now lead to ${HERE} (another key), which has no connector with this id.`,
  ],
  "one whose id is another one's": [
    ({ managed }) => [managed(0, { createdAt: LONG_AGO })],
    `${ONE} "a" (id 1) belongs ${LEADS} another connector with this id (created <now>, not ${LONG_AGO}).`,
  ],
  "one that was created at the same time and is another one": [
    ({ managed }) => [managed(0, { url: "https://y.example/", method: "put" })],
    `${ONE} "a" (id 1) belongs ${LEADS} a connector with this id that was created at the same time, but has another method, url.`,
  ],
  "two that are not there": [
    ({ managed }) => [managed(0, {}, "901"), managed(1, {}, "902")],
    `2 ${ONE}s (ids 901, 902) belong ${LEADS} none with these ids.`,
  ],
  "two whose ids are other ones'": [
    ({ managed }) => [managed(0, { createdAt: LONG_AGO }), managed(1, { createdAt: LONG_AGO })],
    `2 ${ONE}s (ids 1, 2) belong ${LEADS} other connectors with these ids.`,
  ],
  "one that is not there, and one whose id is another one's": [
    ({ managed }) => [managed(0, {}, MISSING), managed(1, { createdAt: LONG_AGO })],
    `2 ${ONE}s (ids 900, 2) belong ${LEADS} other connectors with the ids 2, and none with the rest.`,
  ],
  "one that is there, and one that is not": [
    ({ managed }) => [managed(0), managed(1, {}, MISSING)],
    `${ONE} "b" (id 900) belongs ${LEADS} no connector with this id.`,
  ],
  "more than a message names": [
    ({ managed }) => Array.from({ length: 22 }, (_, index) => managed(0, {}, String(901 + index))),
    `22 ${ONE}s (ids ${Array.from({ length: 20 }, (_, index) => 901 + index).join(", ")} and 2 more) belong ${LEADS} none with these ids.`,
  ],
};

test.each(Object.entries(CASES))("%s", async (_, [connectorsOf, text]) => {
  const world = await deployed();
  const connectors = connectorsOf(world);
  const { message } = await world.refusal(connectors);
  const [first, keep, ...rest] = message.split("\n");
  const s = text.startsWith(ONE) ? "" : "s";

  expect(first!.replace(/created \d[^,]*,/, "created <now>,")).toBe(
    `[conflict] ${text} Nothing was written or deleted.`,
  );
  expect(keep).toBe(
    "  To keep the old workspace, set databar:apiKey back, or pass the provider that was used before.",
  );
  expect(rest.at(-1)).toBe(
    `  To leave it, run pulumi destroy with the old settings, or remove the resource${s} from the state with \`pulumi state delete\`, which leaves the connector${s} there. Then run pulumi up with the new settings.`,
  );
  expect(rest.slice(0, -1)).toEqual(
    text.includes("at the same time")
      ? [
          "  If this is the old workspace under a new address, undo what was changed there since the last deployment or refresh (ids 1), or remove the resource from the state with `pulumi state delete` and name the id in connectorId: the next pulumi up adopts the connector.",
        ]
      : [],
  );
});

test("connectors that are there get this workspace", async () => {
  const { managed, confirm } = await deployed();
  const [a, b] = await confirm([managed(0), managed(1, { workspace: OTHER_KEY })]);

  expect([a!.state.workspace, b!.state.workspace]).toEqual([HERE, HERE]);
  expect([a!.state.claim, b!.state.claim]).toEqual([
    managed(0).state.claim,
    managed(1).state.claim,
  ]);
});

test("one refusal of an origin keeps the others of that origin from being taken over", async () => {
  const { managed, refusal, confirm } = await deployed();
  const refused = await refusal([managed(0, {}, MISSING)]);
  const { message } = await refusal([managed(1)]);

  expect(message).toBe(refused.message);
  // One of the same origin as the settings counts by itself.
  await expect(confirm([managed(1, { workspace: OTHER_KEY })])).resolves.toHaveLength(1);
});

test("with another key, a connector of the same time and another content is the same one", async () => {
  const { managed, confirm } = await deployed();
  const connectors = [managed(0, { workspace: OTHER_KEY, url: "https://y.example/" })];

  await expect(confirm(connectors)).resolves.toHaveLength(1);
});

test("a state that does not say its workspace, or says this one, is trusted", async () => {
  const { managed, confirm } = await deployed();
  const connectors = [
    managed(0, { workspace: undefined }, MISSING),
    managed(1, { workspace: HERE }, "901"),
  ];

  await expect(confirm(connectors)).resolves.toHaveLength(2);
});
