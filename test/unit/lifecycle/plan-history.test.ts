/** A plan where it is known which resources the stack has: what goes on, comes and leaves. */
import { plan } from "../../../provider/lifecycle/plan";
import {
  type DefinitionToPlan,
  type Held,
  type Planned,
  type PlanRequest,
} from "../../../provider/lifecycle/planned";
import { makeState } from "../../../provider/model/state";
import { type Databar } from "../../../provider/vendors/databar/stage-types";
import { type DatabarInputs } from "../../../provider/vendors/databar/types";
import { closeWorlds, databarWorld, inputsOf } from "../../../harness/lifecycle-world";

afterEach(closeWorlds);

const ADDRESS = "https://api.example.com/";

/** A workspace with the connectors a (id 1), b (id 2) and two of the name twin (ids 3 and 4). */
async function workspace() {
  const { vendor, deploy, requests } = await databarWorld();
  for (const name of ["a", "b", "twin", "twin"]) {
    vendor.seed({ name, method: "get", url: ADDRESS });
  }
  const { adapter } = deploy();
  const inputs = (args: Partial<DatabarInputs>) =>
    inputsOf<Databar>(adapter, { name: "a", method: "get", url: ADDRESS, ...args });
  const definition = (
    name: string,
    args: Partial<DatabarInputs> = {},
    more: Partial<DefinitionToPlan<Databar>> = {},
  ): DefinitionToPlan<Databar> => {
    const own = inputs({ name, ...args });
    const nothing = { partialTexts: [], secretPaths: [], secretTexts: [] };
    return { name, inputs: own, inputsWith: () => own, ...nothing, ...more };
  };
  return {
    inputs,
    definition,
    requests,
    planned: (request: Partial<PlanRequest<Databar>>, progress?: (...of: number[]) => void) =>
      plan(
        adapter,
        {
          definitions: [],
          removed: [],
          managedElsewhere: new Set(["1", "2", "3", "4"]),
          isHistoryKnown: true,
          scopes: [""],
          ...request,
        },
        progress,
      ),
  };
}

type Place = Awaited<ReturnType<typeof workspace>>;
type Case = readonly [
  (place: Place) => Partial<PlanRequest<Databar>>,
  readonly (Partial<Planned> & Pick<Planned, "name" | "action">)[],
];

const held = (name: string, id?: string, more: Partial<Held<Databar>> = {}): Held<Databar> => ({
  name,
  ...(id !== undefined && { id }),
  ...more,
});
const GONE =
  "the stack's connector 9 does not exist any more: pulumi up --refresh creates it again";
const LEFT = "the connector does not exist any more: only its resource is removed from the stack";

const CASES: Readonly<Record<string, Case>> = {
  "a resource that goes on as it is": [
    ({ definition }) => ({ definitions: [definition("a", {}, { held: held("a", "1") })] }),
    [{ name: "a", action: "unchanged", id: "1", adopts: false }],
  ],
  "the same, known by its inputs": [
    ({ definition, inputs }) => ({
      definitions: [definition("a", {}, { held: held("a", undefined, { inputs: inputs({}) }) })],
    }),
    [{ name: "a", action: "unchanged", id: "1", adopts: false }],
  ],
  "the same, known by the id in its inputs": [
    ({ definition, inputs }) => ({
      definitions: [
        definition(
          "twin",
          {},
          { held: held("twin", undefined, { inputs: inputs({ name: "twin", connectorId: 4 }) }) },
        ),
      ],
    }),
    [{ name: "twin", action: "unchanged", id: "4" }],
  ],
  "an edit": [
    ({ definition }) => ({
      definitions: [definition("a", { method: "put" }, { held: held("a", "1") })],
    }),
    [
      {
        name: "a",
        action: "update",
        id: "1",
        changes: [{ path: "method", secret: false, before: "get", after: "put" }],
      },
    ],
  ],
  "a resource with another name": [
    ({ definition }) => ({ definitions: [definition("a", {}, { held: held("old", "1") })] }),
    [{ name: "a", action: "rename", id: "1", renamedFrom: "old" }],
  ],
  "the same with an edit": [
    ({ definition }) => ({
      definitions: [definition("a", { method: "put" }, { held: held("old", "1") })],
    }),
    [{ name: "a", action: "update", id: "1", renamedFrom: "old" }],
  ],
  "a connector that was deleted outside": [
    ({ definition }) => ({ definitions: [definition("x", {}, { held: held("x", "9") })] }),
    [{ name: "x", action: "create", note: GONE }],
  ],
  "a new definition of what is there": [
    ({ definition }) => ({ definitions: [definition("a")] }),
    [{ name: "a", action: "unchanged", id: "1", adopts: true, writes: false }],
  ],
  "a new definition that names what is there": [
    ({ definition }) => ({ definitions: [definition("x", { connectorId: 2 })] }),
    [{ name: "x", action: "update", id: "2", adopts: true, writes: true }],
  ],
  "a resource that names its own connector": [
    ({ definition }) => ({
      definitions: [definition("a", { connectorId: 1 }, { held: held("a", "1") })],
    }),
    [{ name: "a", action: "unchanged", id: "1", adopts: false }],
  ],
  "a resource that names another connector": [
    ({ definition }) => ({
      definitions: [definition("b", { connectorId: 2 }, { held: held("a", "1") })],
    }),
    [
      { name: "b", action: "rename", id: "2", renamedFrom: "a", adopts: true },
      { name: "a", action: "delete", id: "1" },
    ],
  ],
  "a new definition of nothing that is there": [
    ({ definition }) => ({ definitions: [definition("x")] }),
    [{ name: "x", action: "create", adopts: false }],
  ],
  "a new connector beside one of its name": [
    ({ definition }) => ({ definitions: [definition("a", { onConflict: "create" })] }),
    [{ name: "a", action: "create" }],
  ],
  "two new definitions of one connector": [
    ({ definition }) => ({ definitions: [definition("a"), definition("a")] }),
    [
      { name: "a", action: "unchanged", id: "1", adopts: true },
      { name: "a", action: "create" },
    ],
  ],
  "a new definition of what another one names": [
    ({ definition }) => ({ definitions: [definition("a"), definition("a", { connectorId: 1 })] }),
    [
      { name: "a", action: "create" },
      { name: "a", action: "unchanged", id: "1", adopts: true },
    ],
  ],
  "resources that leave": [
    () => ({
      removed: [
        held("a", "1"),
        held("b", "2", { keptBy: "retainOnDelete" }),
        held("gone", "9"),
        held("reused", "4", { state: makeState<Databar>({ createdAt: "2001-01-01T00:00:00Z" }) }),
      ],
    }),
    [
      { name: "a", action: "delete", id: "1" },
      { name: "b", action: "retain", id: "2" },
      { name: "gone", action: "delete", id: "9", note: LEFT },
      {
        name: "reused",
        action: "delete",
        id: "4",
        note: "the connector does not exist any more, and another one has its id, which stays",
      },
    ],
  ],
  "resources that leave, known by their inputs": [
    ({ inputs }) => ({
      removed: [
        held("b", undefined, { inputs: inputs({ name: "b" }) }),
        held("twin", undefined, { inputs: inputs({ name: "twin" }) }),
        held("gone", undefined, { inputs: inputs({ name: "gone" }) }),
      ],
    }),
    [
      { name: "b", action: "delete", id: "2" },
      {
        name: "twin",
        action: "delete",
        note: "one of the connectors 3, 4, which have its name; with --state, the plan knows which",
      },
      { name: "gone", action: "delete", note: LEFT },
    ],
  ],
  "a protected resource that leaves": [
    () => ({ removed: [held("a", "1", { keptBy: "protect" })] }),
    [
      {
        name: "a",
        action: "fail",
        id: "1",
        problem:
          "It has no definition any more, but its resource is protected, so that a deployment refuses to delete it. " +
          "Deploy it without protect first (or run `pulumi state unprotect`), then remove the definition",
      },
    ],
  ],
  "a resource whose connector a new definition takes over": [
    ({ definition }) => ({ definitions: [definition("a")], removed: [held("old", "1")] }),
    [{ name: "a", action: "rename", id: "1", adopts: true, renamedFrom: "old" }],
  ],
  "connectors without a resource": [
    ({ definition }) => ({
      definitions: [definition("a", {}, { held: held("a", "1") })],
      managedElsewhere: new Set(["3"]),
    }),
    [
      { name: "a", action: "unchanged", id: "1" },
      { name: "b", action: "unmanaged", id: "2" },
      { name: "twin", action: "unmanaged", id: "4" },
    ],
  ],
};

test.each(Object.entries(CASES))("%s", async (_, [requestOf, expected]) => {
  const place = await workspace();
  const planned = await place.planned(requestOf(place));

  expect(planned).toMatchObject(expected);
  expect(planned.map(({ note, problem, renamedFrom }) => [note, problem, renamedFrom])).toEqual(
    expected.map(({ note, problem, renamedFrom }) => [note, problem, renamedFrom]),
  );
  expect(place.requests().filter((request) => !request.startsWith("GET"))).toEqual([]);
});

test("what a deployment would refuse fails", async () => {
  const { definition, planned } = await workspace();
  const [differs, unclear, missing] = await planned({
    definitions: [
      definition("a", { method: "put" }),
      definition("twin", { method: "put" }),
      definition("x", { connectorId: 99 }),
    ],
  });

  expect([differs, unclear, missing].map((each) => each!.action)).toEqual(["fail", "fail", "fail"]);
  expect(differs!.problem).toContain("method");
  expect(unclear!.problem).toContain("3, 4");
  expect(missing!.problem).toContain("99");
});

test("known secret texts are shown at no place", async () => {
  const { definition, planned } = await workspace();
  const [a] = await planned({
    definitions: [
      definition(
        "a",
        { url: `${ADDRESS}hush`, method: "put" },
        { held: held("a", "1"), secretTexts: ["hush", "p"] },
      ),
    ],
  });

  expect(a!.changes).toEqual([
    { path: "method", secret: false, before: "get", after: "put" },
    { path: "url", secret: true },
  ]);
});

test("tells how many definitions are compared", async () => {
  const { definition, planned } = await workspace();
  const told: number[][] = [];
  await planned({ definitions: [definition("a"), definition("b")] }, (...of) => told.push(of));

  expect(told).toEqual([
    [1, 2],
    [2, 2],
  ]);
});
