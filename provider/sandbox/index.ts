/** A stateful emulator of the vendors, with faults on demand: `pulumi-connectors/sandbox`. */
export { type Sandbox, type SandboxOptions, type SandboxStackConfig, startSandbox } from "./start";
export { type VendorSandbox } from "./vendor-sandbox";
export {
  type FaultAnswer,
  type FaultDelivery,
  type FaultHandle,
  type FaultMatch,
  type FaultOptions,
} from "./faults";
export { type RequestLogEntry } from "./request-log";
export { type DatabarSandbox } from "./databar";
export {
  type DatabarLimits,
  type DatabarNormalization,
  type DatabarSettings,
} from "./databar/settings";
export { type DatabarConnectorObject, type DatabarSeed } from "./databar/store";
export { type DatabarFields, type DatabarNameValue } from "./databar/validate";
export {
  type SupermetricsChange,
  type SupermetricsSandbox,
  type SupermetricsSeed,
} from "./supermetrics";
export {
  type SupermetricsDenial,
  type SupermetricsNormalization,
  type SupermetricsScope,
  type SupermetricsSettings,
} from "./supermetrics/settings";
export {
  type SupermetricsConnectorObject,
  type SupermetricsLogEntry,
  type SupermetricsLogo,
  type SupermetricsSecret,
} from "./supermetrics/store";
