/** What a vendor gets from its row: definitions, fleets, commands, the schema and the pages. */
import "../../fixtures/third-vendor/rows";
import * as pulumi from "@pulumi/pulumi";
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as surface from "../../../provider";
import { exportCommand } from "../../../provider/cli/export";
import { planCommand } from "../../../provider/cli/plan";
import { validateCommand } from "../../../provider/cli/validate";
import { VENDORS } from "../../../provider/vendors/index";
import { type VendorName } from "../../../provider/vendors/resources";
import { closeSharedHttpClients } from "../../../provider/http";
import { providerText } from "../../../provider/pulumi/program/provider-text";
import type * as Example from "../../fixtures/third-vendor/example";
import { type AcmeSandbox, startAcme } from "../../fixtures/third-vendor/sandbox/acme";
import { AcmeConnector, AcmeProvider } from "../../fixtures/third-vendor/vendors/acme";
import { acmeFields } from "../../fixtures/third-vendor/vendors/acme/fields";
import { vendorSection } from "../../../scripts/generate/errors-page";
import { referencePage } from "../../../scripts/generate/reference";
import { definitionsSchema } from "../../../scripts/generate/schema";
import {
  type DocumentedVendor,
  DOCUMENTS,
  documentedVendors,
  pageOf,
} from "../../../scripts/generate/vendors";
import { folderOf, removeFolders } from "../../../harness/definition-folder";
import { secret } from "../../../harness/in-process/wire";

const EXAMPLE = resolve(__dirname, "../../fixtures/third-vendor/example");
const TOKEN_TYPE = "pulumi-nodejs:dynamic/acme:AcmeConnector";
const FEED = { name: "A", sourceUrl: "https://shop.example.com/products.csv" };

afterEach(() => jest.restoreAllMocks());
afterEach(removeFolders);

/** Acme as the generators see it. */
const acmeDocumented = (): DocumentedVendor =>
  documentedVendors().find(({ table }) => table === acmeFields)!;

test("every vendor that has a folder has its row, its pages, and its classes in the public surface", () => {
  const folders = (path: string): string[] =>
    readdirSync(resolve(__dirname, "../../../provider", path), { withFileTypes: true }).flatMap(
      (entry) => (entry.isDirectory() && entry.name !== "shared" ? [entry.name] : []),
    );
  expect(folders("sandbox").sort()).toEqual(folders("vendors").sort());
  const names = [...folders("vendors"), "acme"].sort();
  expect(Object.keys(VENDORS).sort()).toEqual(names);
  expect(Object.keys(DOCUMENTS).sort()).toEqual(names);
  const rows = Object.values(VENDORS);
  const classes = rows
    .filter(({ table }) => table !== acmeFields)
    .flatMap((row) => Object.values(row.classes()) as unknown[]);
  expect(Object.values(surface)).toEqual(expect.arrayContaining(classes));
});

describe("a program", () => {
  const registered: pulumi.runtime.MockResourceArgs[] = [];
  const of = (type: RegExp): [string, unknown][] =>
    registered.filter((each) => type.test(each.type)).map(({ name, inputs }) => [name, inputs]);

  beforeEach(async () => {
    registered.splice(0);
    await pulumi.runtime.setMocks(
      {
        newResource: (args) => (
          registered.push(args),
          {
            id: args.id === undefined || args.id === "" ? "north/fd_1" : args.id,
            state: args.inputs as object,
          }
        ),
        call: () => ({}),
      },
      "acme",
      "dev",
    );
    pulumi.runtime.setAllConfig(
      { "acme:shopToken": "s", "acme:outletToken": "o", "acme:siteId": "south" },
      ["acme:shopToken", "acme:outletToken"],
    );
    jest.spyOn(process, "cwd").mockReturnValue(EXAMPLE);
  });

  test("registers the example: its class, and the definitions of its type", async () => {
    const { shop, definitions } = jest.requireActual<typeof Example>(
      "../../fixtures/third-vendor/example",
    );
    const ids = await new Promise((done) => pulumi.all([definitions.ids, shop.feedId]).apply(done));
    expect(ids).toEqual([{ outlet: "north/fd_1", archive: "north/fd_1" }, "fd_1"]);
    const { acme } = definitions as unknown as { acme: Record<string, AcmeConnector> };
    expect(Object.keys(acme).sort()).toEqual(["archive", "outlet"]);
    expect(definitions.connectors).toMatchObject(acme);
    expect([definitions.databar, definitions.supermetrics]).toEqual([{}, {}]);
    const feeds = Object.fromEntries(of(/acme:AcmeConnector$/));
    expect(registered.find(({ name }) => name === "shop")?.type).toBe(TOKEN_TYPE);
    expect(feeds).toMatchObject({
      shop: { name: "Shop feed", __provider: providerText("acme") },
      outlet: { columns: { sku: "id" }, __provider: providerText("acme") },
      archive: { siteId: "south" },
    });
  });
  test("groups them in a fleet of their own", async () => {
    const { fleets, ids } = new surface.ConnectorDefinitions("feeds", {
      path: "connectors",
      as: "fleet",
    });
    await new Promise((done) => ids.apply(done));
    expect(Object.keys(fleets)).toContain("feeds-acme");
    expect(Object.fromEntries(of(/acme:AcmeFleet$/))).toMatchObject({
      "feeds-acme": {
        connectors: secret({
          outlet: { name: "Outlet", token: "o" },
          archive: { siteId: "south" },
        }),
      },
    });
  });
  test("has every property and output of the table, and a provider that takes the site", async () => {
    const feed = new AcmeConnector("a", FEED);
    expect(
      [...acmeFields.fields, ...acmeFields.computed]
        .map(({ name }) => name)
        .filter((name) => !(name in feed)),
    ).toEqual([]);
    await new Promise((done) =>
      new AcmeProvider("emea", { apiKey: "k", requestsPerSecond: 2 }).urn.apply(done),
    );
    expect(of(/^pulumi:providers/)).toEqual([
      [
        "emea",
        {
          "acme:apiKey": expect.anything(),
          "acme:siteId": "south",
          "acme:requestsPerSecond": "2",
          "pulumi-connectors:provider": "acme:emea",
        },
      ],
    ]);
  });
});

describe("the commands", () => {
  const acme = "acme" as VendorName;
  let vendor: AcmeSandbox;
  let printed = "";
  const output = { write: (text: string) => ((printed += text), true) } as NodeJS.WriteStream;
  const kept = { ...process.env };

  beforeEach(async () => {
    printed = "";
    vendor = await startAcme(0);
    Object.assign(process.env, {
      ACME_API_KEY: "k",
      ACME_BASE_URL: vendor.url,
      ACME_SITE_ID: "north",
    });
  });
  afterEach(async () => {
    for (const name of ["ACME_API_KEY", "ACME_BASE_URL", "ACME_SITE_ID"]) {
      Reflect.deleteProperty(process.env, name);
    }
    Object.assign(process.env, kept);
    await Promise.all([vendor.close(), closeSharedHttpClients()]);
  });

  test("export a site as definitions that validate accepts and that plan reports as unchanged until drift", async () => {
    const folder = folderOf({ "Pulumi.yaml": "name: feeds\nruntime: nodejs\n" });
    jest.spyOn(process, "cwd").mockReturnValue(folder);
    const { id } = vendor.seed({
      columns: { sku: "id" },
      rows_per_hour: 10,
      source_url: "https://shop.example.com/?api_key=k3y-canary-1",
    });
    vendor.change(id, { token: "t0ken-canary" });
    expect(await exportCommand({ vendor: [acme], out: "connectors" }, output, output)).toBe(0);
    expect(readdirSync(`${folder}/connectors`)).toEqual(["shop-feed.yaml"]);
    const text = readFileSync(`${folder}/connectors/shop-feed.yaml`, "utf8");
    expect(text).toMatch(/type: AcmeConnector\n/);
    expect(text).toContain("# Acme keeps a token of this feed that is not managed here.");
    expect(text).not.toMatch(/canary|siteId/);
    expect([
      validateCommand([], { format: "pretty" }, output),
      await planCommand(
        [],
        { format: "pretty", vendor: acme, config: ["shopFeedSourceUrl=k3y-canary-1"] },
        output,
      ),
    ]).toEqual([0, 0]);
    vendor.change(id, { columns: { sku: "number" } });
    expect(
      await planCommand(
        [],
        { format: "json", vendor: acme, config: ["shopFeedSourceUrl=k3y-canary-1"], quiet: true },
        output,
      ),
    ).toBe(3);
    expect(printed).toMatch(/"path": "columns\.sku"/);
    expect(printed).not.toContain("canary");
    expect(vendor.log.filter(({ method }) => method !== "GET")).toEqual([]);
  });
  test("report a fault of a definition at its line", () => {
    const folder = folderOf({
      "Pulumi.yaml": "name: feeds\nruntime: nodejs\n",
      "connectors/a.yaml": `connectors:\n  a:\n    type: AcmeConnector\n    properties:\n      name: A\n      sourceUrl: shop\n      token: in-clear\n`,
    });
    jest.spyOn(process, "cwd").mockReturnValue(folder);
    expect(validateCommand([], { format: "json" }, output)).toBe(1);
    const { diagnostics } = JSON.parse(printed) as {
      diagnostics: { rule: string; line: number }[];
    };
    expect(diagnostics.map(({ rule, line }) => [rule, line]).sort()).toEqual([
      ["property/url", 6],
      ["secret/clear-text", 7],
    ]);
  });
});

describe("what is generated", () => {
  test("the schema knows the type and its properties", () => {
    const { definitions } = definitionsSchema(documentedVendors()) as {
      definitions: Record<string, { required: string[]; properties: object }>;
    };
    expect(definitions["AcmeConnector"]?.required).toEqual(["name", "sourceUrl"]);
    expect(Object.keys(definitions["AcmeConnector"]?.properties ?? {})).toEqual(
      acmeFields.fields.map(({ name }) => name),
    );
  });
  test("the pages show its fields and its errors", () => {
    expect(pageOf(acmeFields)).toBe("docs/acme-connector.md");
    expect(referencePage(acmeDocumented())).toContain(
      "| `siteId` | text; 1 to 40 lower-case letters, digits or - | the stack's |",
    );
    const lines = vendorSection(acmeDocumented()).at(-1)?.split("\n").slice(2) ?? [];
    expect(lines.map((line) => line.split(" | ")[2])).toEqual(
      acmeDocumented().errors.map(({ code }) => `\`${code}\``),
    );
    expect(lines[0]).toBe(
      '| 401 | `no_key` | `unauthorized` | [unauthorized] Acme did not accept the credential to update connector "My connector" (id fd_42): the key is missing or not valid [HTTP 401, no_key, request t-1]. | Give a valid key with `pulumi config set --secret acme:apiKey …` or ACME_API_KEY. |',
    );
  });
  test("the stored text differs from the others only in the name, and is at most 400 bytes", () => {
    expect(providerText("acme")).toBe(providerText("databar").replace("databar", "acme"));
    expect(Buffer.byteLength(providerText("acme"))).toBeLessThanOrEqual(400);
  });
});
