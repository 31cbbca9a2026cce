/**
 * What the stored provider text of every Databar resource imports: `pulumi-connectors/databar/runtime`. This path, the
 * name `provider` and the verbs behind it are state format and stay for ever.
 */
import { sharedHttpClient } from "../../http";
import { createRuntime } from "../../pulumi/runtime";
import { DatabarAdapter } from "./adapter";
import { DatabarApi, type DatabarRemote } from "./api";
import { databarFields } from "./fields";
import { parseDatabarId } from "./id";

/** Configuration → the verbs that the engine calls. */
export const provider = createRuntime<DatabarRemote>({
  names: { vendor: "Databar", namespace: "databar", environment: "DATABAR", baseUrl: "https://api.databar.ai", requestsPerSecond: 20 },
  table: databarFields,
  connect({ apiKey, origin, limits }, reporter) {
    const http = sharedHttpClient({ vendor: "Databar", origin, credential: ["x-apikey", apiKey], ...limits });
    return new DatabarAdapter(new DatabarApi(http), reporter);
  },
  parseId: parseDatabarId,
  place: ({ key }) => ({ connectorId: key }),
  defaults: () => ({}),
  settingFaults: () => [],
  digests: () => ({}),
});
