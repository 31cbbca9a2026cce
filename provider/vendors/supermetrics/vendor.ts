import { sharedHttpClient } from "../../http";
import { digest } from "../../model/document";
import { type Json } from "../../json";
import { holdsUnknown } from "../../model/unknown";
import { type VendorRuntime } from "../../pulumi/provider/runtime";
import { SupermetricsAdapter } from "./adapter";
import { parseSupermetricsId, SupermetricsApi } from "./api";
import { exportSupermetrics } from "./export";
import { supermetricsFields } from "./fields";
import { type SupermetricsRemote } from "./remote";

/** Supermetrics, as the boundary to Pulumi and the command line reach it. */
export const supermetrics: VendorRuntime<SupermetricsRemote> = {
  names: {
    vendor: "Supermetrics",
    namespace: "supermetrics",
    environment: "SUPERMETRICS",
    baseUrl: "https://api.supermetrics.com",
    requestsPerSecond: 20,
  },
  table: supermetricsFields,
  connect({ apiKey, inputs, origin, limits }, _reporter, observer) {
    const credential = ["Authorization", `Bearer ${apiKey}`] as const;
    const http = sharedHttpClient(
      { vendor: "Supermetrics", origin, credential, sensitive: [apiKey], ...limits },
      observer,
    );
    return new SupermetricsAdapter(new SupermetricsApi(http), inputs["teamId"]);
  },
  parseId: (id, { inputs }) => parseSupermetricsId(id, inputs["teamId"]),
  place: ({ scope, key }) => ({ teamId: scope, connectorIdentifier: key }),
  settingFaults: (_settings, inputs) =>
    inputs["teamId"] === undefined
      ? [
          "No Supermetrics team is configured. Give it with `pulumi config set supermetrics:teamId …`, in the environment variable SUPERMETRICS_TEAM_ID, or as teamId of the connector.",
        ]
      : [],
  exported: exportSupermetrics,
  digests({ configuration }) {
    const value =
      configuration === undefined || holdsUnknown(configuration)
        ? undefined
        : digest(configuration as Json);
    return { configuration: ["configurationDigest", value] };
  },
};
