/** Acme's verbs as the engine calls them, against a sandbox of the test's own. */
import { type DynamicProvider } from "../../../provider/pulumi/provider/runtime";
import { type AcmeSandbox, startAcme } from "../../fixtures/third-vendor/sandbox/acme";
import { type AcmeSettings } from "../../fixtures/third-vendor/sandbox/acme/settings";
import { provider } from "../../fixtures/third-vendor/vendors/acme/runtime";
import { providerConfig } from "../../../harness/in-process/config";

export type Values = Record<string, unknown>;

export interface World {
  readonly vendor: AcmeSandbox;
  /** Another deployment, with these settings on top. */
  readonly deploy: (values?: Values) => DynamicProvider;
  /** `METHOD path` of each request that could change something. */
  readonly writes: () => string[];
}

const opened: AcmeSandbox[] = [];

export async function open(settings?: Partial<AcmeSettings>): Promise<World> {
  const vendor = await startAcme(0, settings);
  opened.push(vendor);
  return {
    vendor,
    deploy: (values = {}) =>
      provider(providerConfig("acme", { apiKey: "key-canary-1", baseUrl: vendor.url, ...values })),
    writes: () =>
      vendor.log
        .filter(({ method }) => method !== "GET")
        .map(({ method, path }) => `${method} ${path}`),
  };
}

/** Stops the sandboxes of the test that just ended. */
export async function closeVendors(): Promise<void> {
  await Promise.all(opened.splice(0).map((vendor) => vendor.close()));
}
