/**
 * A PUT whose outcome is unknown is not forgotten: what the definition says next is written.
 */
import { type DatabarInputs } from "../../../../provider/vendors/databar/types";
import { PartialWrite } from "../../../../provider/lifecycle/partial-write";
import { without } from "../../../../provider/model/state";
import { failureOf } from "../../../../harness/errors";
import { closeWorlds, databarWorld } from "../../../../harness/lifecycle-world";

const inputs: DatabarInputs = {
  name: "A",
  method: "post",
  url: "https://example.com/",
  type: "enrichment",
  headers: { H: "1" },
  parameters: { p: "" },
  body: { b: ["1", "2"] },
  rateLimit: 5,
  maxConcurrency: 2,
};

afterEach(closeWorlds);

describe("after a PUT whose outcome is unknown", () => {
  const cases: [string, DatabarInputs, DatabarInputs, Record<string, unknown>][] = [
    ["a name", inputs, { ...inputs, name: "B" }, { name: "A" }],
    ["a url", inputs, { ...inputs, url: "https://example.com/2" }, { url: "https://example.com/" }],
    [
      "a masked header",
      inputs,
      { ...inputs, headers: { H: "2" } },
      { headers: [{ name: "H", value: "1" }] },
    ],
    ["a limit that was set", without(inputs, "rateLimit"), inputs, { rate_limit: null }],
    ["a limit that was taken away", inputs, without(inputs, "rateLimit"), { rate_limit: 5 }],
    ["a limit that was raised", inputs, { ...inputs, rateLimit: 9 }, { rate_limit: 5 }],
    ["a limit that was lowered", inputs, { ...inputs, rateLimit: 3 }, { rate_limit: 5 }],
  ];
  test.each(cases)(
    "%s: the old definition is written again, also after a refresh",
    async (_, before, after, stored) => {
      for (const refresh of [false, true]) {
        const { vendor, deploy } = await databarWorld({ normalize: { maskHeaderValues: true } });
        const { id, state } = await deploy().connectors.create(before);
        const fault = vendor.fault({ method: "PUT", status: 500, commit: true, times: Infinity });
        const error = await failureOf(deploy().connectors.update(id, state, after));
        fault.remove();
        if (!(error instanceof PartialWrite)) {
          throw error;
        }
        const seen = refresh
          ? (await deploy().connectors.read(id, error.state))!.state
          : error.state;
        await deploy().connectors.update(id, seen, before);
        expect(vendor.connectors).toMatchObject([stored]);
      }
    },
  );
  test.each(cases)(
    "%s: where it had none, the new definition is written, also after a refresh",
    async (_, before, after) => {
      for (const refresh of [false, true]) {
        const { vendor, deploy } = await databarWorld({ normalize: { maskHeaderValues: true } });
        const { id, state } = await deploy().connectors.create(before);
        const fault = vendor.fault({ method: "PUT", status: 500, times: Infinity });
        const error = await failureOf(deploy().connectors.update(id, state, after));
        fault.remove();
        if (!(error instanceof PartialWrite)) {
          throw error;
        }
        const seen = refresh
          ? (await deploy().connectors.read(id, error.state))!.state
          : error.state;
        await deploy().connectors.update(id, seen, after);
        const { vendor: other, deploy: elsewhere } = await databarWorld();
        await elsewhere().connectors.create(after);
        expect(without({ ...vendor.connectors[0] }, "created_at")).toEqual(
          without({ ...other.connectors[0] }, "created_at"),
        );
      }
    },
  );
});
