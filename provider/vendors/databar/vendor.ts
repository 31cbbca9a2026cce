import { type HttpClientOptions, sharedHttpClient } from "../../http";
import { type UsableSettings, type VendorRuntime } from "../../pulumi/provider/runtime";
import { DatabarAdapter, databarAddressing } from "./adapter";
import { DatabarApi, parseDatabarId } from "./api";
import { exportDatabar } from "./export";
import { databarFields } from "./fields";
import { type Databar } from "./stage-types";

/** Databar, as the boundary to Pulumi and the command line reach it. */
export const databar: VendorRuntime<Databar> = {
  names: {
    vendor: "Databar",
    namespace: "databar",
    environment: "DATABAR",
    baseUrl: "https://api.databar.ai",
    requestsPerSecond: 20,
  },
  table: databarFields,
  addressing: databarAddressing,
  clientOptions,
  connect(settings, reporter, observer) {
    const http = sharedHttpClient(clientOptions(settings), observer);
    return new DatabarAdapter(new DatabarApi(http), reporter);
  },
  scopeIn: () => "",
  parseId: parseDatabarId,
  place: ({ key }) => ({ connectorId: key }),
  settingErrors: () => [],
  exported: exportDatabar,
};

function clientOptions({ apiKey, origin, limits }: UsableSettings): HttpClientOptions {
  const credential = ["x-apikey", apiKey] as const;
  return { vendor: "Databar", namespace: "databar", origin, credential, ...limits };
}
