/** What the native packages are given that does not fit: nothing is written, and the message says why. */
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { failureOf } from "../../../harness/errors";
import { type Stored, type Values } from "../../../harness/plugin/client";
import { openSandbox } from "../../../harness/lifecycle-world";
import { CheckRequest } from "../../../provider/pulumi/protocol/messages";
import { closePlugins, pluginWorld, settings, startPlugin } from "./plugin-world";

afterEach(closePlugins);

const CONNECTORS = [
  { vendor: "databar", args: { name: "A", method: "get", url: "https://api.example.com/" } },
  { vendor: "supermetrics", args: { name: "A", description: "Clicks." } },
] as const;
const FORMS = CONNECTORS.flatMap(({ vendor, args }) => [
  { vendor, type: "Connector", wrap: (more?: Values): Values => ({ ...args, ...more }) },
  {
    vendor,
    type: "Fleet",
    wrap: (more?: Values): Values => ({ connectors: { a: { ...args, ...more } } }),
  },
]);

test.each(FORMS)(
  "$vendor $type: settings that lead to another workspace write and delete nothing there",
  async ({ vendor, type, wrap }) => {
    const { sandbox, deploy } = await pluginWorld(vendor);
    const first = await deploy();
    const { inputs } = await first.check(wrap(), {}, type);
    const stored: Stored = await first.create(inputs, { type });
    const elsewhere = await openSandbox();
    const next = await (await startPlugin(vendor)).configure(settings(elsewhere, vendor));
    expect((await next.diff(stored, inputs, type)).changes).toBe("some");
    expect(String(await failureOf(next.update(stored, inputs, { type })))).toMatch(/\[conflict\]/);
    expect(String(await failureOf(next.read(stored, type)))).toMatch(/\[conflict\]/);
    expect(String(await failureOf(next.delete(stored, type)))).toMatch(/\[conflict\]/);
    expect(elsewhere[vendor].log.every(({ method }) => method === "GET")).toBe(true);
    expect(sandbox[vendor].connectors).toHaveLength(1);
  },
);

test.each(FORMS)(
  "$vendor $type: every misspelt property and wrong type is named at once, and nothing is sent",
  async ({ vendor, type, wrap }) => {
    const { sandbox, deploy } = await pluginWorld(vendor);
    const given = wrap({ name: ["A"], onConflit: "adopt" });
    const { failures } = await (await deploy()).check(given, {}, type);
    const reasons = failures.map(({ reason }) => reason).join("\n");
    expect(reasons).toMatch(/onConflit.*Did you mean onConflict\?/);
    expect(reasons).toMatch(/name\b.*must be text/);
    expect(failures.map(({ property }) => property)).toEqual(failures.map(() => ""));
    expect(sandbox[vendor].log).toEqual([]);
  },
);

test("fields that a newer engine adds are skipped, of every form", () => {
  const request = new proto.CheckRequest();
  request.setUrn("urn:pulumi:test::project::databar:index:Connector::a");
  // Field 1000 as a number, as 8 bytes, as text and as 4 bytes.
  const added = Buffer.from("c03e01c13e0102030405060708c23e03616263c53e01020304", "hex");
  const decoded = CheckRequest.decode(Buffer.concat([added, request.serializeBinary(), added]));
  expect(decoded.urn).toBe(request.getUrn());
});
