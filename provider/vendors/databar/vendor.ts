import { sharedHttpClient } from "../../http";
import { type VendorRuntime } from "../../pulumi/provider/runtime";
import { DatabarAdapter } from "./adapter";
import { DatabarApi, type DatabarRemote, parseDatabarId } from "./api";
import { exportDatabar } from "./export";
import { databarFields } from "./fields";

/** Databar, as the boundary to Pulumi and the command line reach it. */
export const databar: VendorRuntime<DatabarRemote> = {
  names: {
    vendor: "Databar",
    namespace: "databar",
    environment: "DATABAR",
    baseUrl: "https://api.databar.ai",
    requestsPerSecond: 20,
  },
  table: databarFields,
  connect({ apiKey, origin, limits }, reporter, observer) {
    const http = sharedHttpClient(
      { vendor: "Databar", origin, credential: ["x-apikey", apiKey], ...limits },
      observer,
    );
    return new DatabarAdapter(new DatabarApi(http), reporter);
  },
  parseId: parseDatabarId,
  place: ({ key }) => ({ connectorId: key }),
  settingFaults: () => [],
  exported: exportDatabar,
  digests: () => ({}),
};
