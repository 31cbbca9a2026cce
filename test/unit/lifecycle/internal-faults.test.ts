/** A fault of our own after the vendor's side has changed: what is there must not be forgotten. */
import { type DatabarInputs } from "../../../provider/vendors/databar/types";
import { PartialWrite } from "../../../provider/lifecycle/partial-write";
import { failureOf } from "../../../harness/errors";
import { closeWorlds, databarWorld } from "../../../harness/lifecycle-world";

const inputs: DatabarInputs = {
  name: "Scoring",
  method: "get",
  url: "https://api.example.com/v1/score",
};
const FAULT = new TypeError("cannot read s3cr3t-value");

afterEach(closeWorlds);
afterEach(() => jest.restoreAllMocks());

test("after the first call records the new connector, and says nothing of the fault's own words", async () => {
  const { vendor, deploy } = await databarWorld();
  const { connectors, adapter } = deploy();
  jest.spyOn(adapter, "patch").mockImplementation(() => {
    throw FAULT;
  });
  const error = await failureOf(connectors.create(inputs));
  expect(error).toBeInstanceOf(PartialWrite);
  const id = vendor.connectors[0]!.id;
  expect(error).toMatchObject({
    connectorId: String(id),
    state: { ...inputs, claim: expect.any(String) },
    cause: { code: "unexpected_response", cause: FAULT },
  });
  expect((error as Error).message).toBe(
    `[unexpected_response] The create of Databar connector "Scoring" (id ${id}) stopped half-way because of an internal error in pulumi-connectors. Please report it`,
  );
});

test("in an update that wrote nothing yet is a plain error: the old state still holds", async () => {
  const { deploy } = await databarWorld();
  const { id, state } = await deploy().connectors.create(inputs);
  const { connectors, adapter } = deploy();
  jest.spyOn(adapter, "patch").mockImplementation(() => {
    throw FAULT;
  });
  expect(await failureOf(connectors.update(id, state, { ...inputs, name: "B" }))).toBe(FAULT);
});
