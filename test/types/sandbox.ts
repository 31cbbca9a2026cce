import { expectTypeOf } from "expect-type";
import {
  type DatabarConnectorObject,
  type DatabarSandbox,
  type DatabarSettings,
  type FaultHandle,
  type FaultOptions,
  type RequestLogEntry,
  type Sandbox,
  type SandboxOptions,
  startSandbox,
  type SupermetricsConnectorObject,
  type SupermetricsLogo,
  type SupermetricsSandbox,
  type SupermetricsSecret,
  type SupermetricsSettings,
  type VendorSandbox,
} from "pulumi-connectors/sandbox";
import { type AnyKeys } from "./support";

expectTypeOf(startSandbox).toEqualTypeOf<(options?: SandboxOptions) => Promise<Sandbox>>();
expectTypeOf<SandboxOptions>().toEqualTypeOf<{
  readonly port?: number;
  readonly databar?: Partial<DatabarSettings>;
  readonly supermetrics?: Partial<SupermetricsSettings>;
}>();
expectTypeOf<AnyKeys<Sandbox>>().toBeNever();
expectTypeOf<AnyKeys<DatabarSandbox>>().toBeNever();
expectTypeOf<AnyKeys<SupermetricsSandbox>>().toBeNever();
expectTypeOf<AnyKeys<DatabarSettings>>().toBeNever();
expectTypeOf<AnyKeys<SupermetricsSettings>>().toBeNever();
expectTypeOf<AnyKeys<FaultOptions>>().toBeNever();
expectTypeOf<AnyKeys<RequestLogEntry>>().toBeNever();
expectTypeOf<AnyKeys<DatabarConnectorObject>>().toBeNever();
expectTypeOf<AnyKeys<SupermetricsConnectorObject>>().toBeNever();

declare const sandbox: Sandbox;
const { databar, supermetrics } = sandbox;

void startSandbox({
  port: 4010,
  databar: { plan: { rateLimit: 60 } },
  supermetrics: { teams: ["1"] },
});
// @ts-expect-error -- misspelled: ports
void startSandbox({ ports: 4010 });
// @ts-expect-error -- unknown setting
void startSandbox({ databar: { team: "1" } });

expectTypeOf(databar).toEqualTypeOf<DatabarSandbox>();
expectTypeOf(databar).toExtend<VendorSandbox<DatabarSettings>>();
expectTypeOf(databar.url).toEqualTypeOf<string>();
expectTypeOf(databar.connectors).toEqualTypeOf<DatabarConnectorObject[]>();
expectTypeOf<DatabarSandbox["connectorsOf"]>().toEqualTypeOf<
  (key: string) => DatabarConnectorObject[]
>();
expectTypeOf(databar.log).toEqualTypeOf<RequestLogEntry[]>();
expectTypeOf(
  databar.fault({ status: 500, path: /connectors/, times: Infinity }),
).toEqualTypeOf<FaultHandle>();
expectTypeOf(databar.seed({ name: "Scoring" }).id).toEqualTypeOf<number>();
expectTypeOf(databar.remove(1)).toEqualTypeOf<boolean>();
databar.settings.keys = ["key"];
// @ts-expect-error -- unknown field
databar.seed({ title: "Scoring" });
// @ts-expect-error -- misspelled: statusCode
databar.fault({ statusCode: 500 });

expectTypeOf(supermetrics).toEqualTypeOf<SupermetricsSandbox>();
expectTypeOf(supermetrics).toExtend<VendorSandbox<SupermetricsSettings>>();
expectTypeOf(supermetrics.connectorsOf("936506")).toEqualTypeOf<SupermetricsConnectorObject[]>();
expectTypeOf(supermetrics.secrets("936506", "T3S70")).toEqualTypeOf<SupermetricsSecret[]>();
expectTypeOf(supermetrics.logo("936506", "T3S70")).toEqualTypeOf<SupermetricsLogo | undefined>();
expectTypeOf(
  supermetrics.seed({ name: "Awin", teamId: "936506", secrets: { api_key: "key" } }),
).toEqualTypeOf<SupermetricsConnectorObject>();
expectTypeOf(supermetrics.changeSecret("T3S70", "api_key", "key")).toEqualTypeOf<string>();
// @ts-expect-error -- unknown scope
supermetrics.settings.scopes = ["cb_connectors"];

expectTypeOf<RequestLogEntry["body"]>().toBeUnknown();
expectTypeOf<RequestLogEntry["statusCode"]>().toEqualTypeOf<number | null>();
expectTypeOf<Sandbox["close"]>().toEqualTypeOf<() => Promise<void>>();
