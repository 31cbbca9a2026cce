/** Acme's verbs as the engine calls them, against a sandbox of the test's own. */
import { type DynamicProvider } from "../../../provider/pulumi/provider/runtime";
import { type AcmeSandbox, startAcme } from "../../fixtures/third-vendor/sandbox/acme";
import { type AcmeSettings } from "../../fixtures/third-vendor/sandbox/acme/settings";
import { provider } from "../../fixtures/third-vendor/vendors/acme/runtime";
import { providerConfig, stackConfig } from "../../../harness/in-process/config";
import { OneResource } from "../../../harness/in-process/one-resource";
import { InProcessStack } from "../../../harness/in-process/stack";

export type Values = Record<string, unknown>;

export interface World {
  readonly vendor: AcmeSandbox;
  /** Another deployment, with these settings on top. */
  readonly deploy: (values?: Values) => DynamicProvider;
  /** A stack of one feed. */
  readonly feed: OneResource;
  /** A stack of many. */
  readonly stack: InProcessStack;
  /** `METHOD path` of each request that could change something. */
  readonly writes: () => string[];
}

const opened: AcmeSandbox[] = [];

export async function open(settings?: Partial<AcmeSettings>): Promise<World> {
  const vendor = await startAcme(0, settings);
  opened.push(vendor);
  const own = { apiKey: "key-canary-1", baseUrl: vendor.url };
  const options = { runtimes: { acme: provider }, config: stackConfig("acme", own) };
  return {
    vendor,
    deploy: (values = {}) => provider(providerConfig("acme", { ...own, ...values })),
    feed: new OneResource("acme", options),
    stack: new InProcessStack(options),
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
