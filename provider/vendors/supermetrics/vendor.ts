import { type HttpClientOptions, sharedHttpClient } from "../../http";
import { type UsableSettings, type VendorRuntime } from "../../pulumi/provider/runtime";
import { SupermetricsAdapter, supermetricsAddressing } from "./adapter";
import { parseSupermetricsId, SupermetricsApi } from "./api";
import { exportSupermetrics } from "./export";
import { supermetricsFields } from "./fields";
import { type Supermetrics } from "./stage-types";

/** Supermetrics, as the boundary to Pulumi and the command line reach it. */
export const supermetrics: VendorRuntime<Supermetrics> = {
  names: {
    vendor: "Supermetrics",
    namespace: "supermetrics",
    environment: "SUPERMETRICS",
    baseUrl: "https://api.supermetrics.com",
    requestsPerSecond: 20,
  },
  table: supermetricsFields,
  addressing: supermetricsAddressing,
  clientOptions,
  connect(settings, _reporter, observer) {
    const http = sharedHttpClient(clientOptions(settings), observer);
    return new SupermetricsAdapter(
      new SupermetricsApi(http, settings.inputs.teamId),
      settings.inputs.teamId,
    );
  },
  scopeIn: ({ inputs }) => inputs.teamId,
  parseId: (id, { inputs }) => parseSupermetricsId(id, inputs.teamId),
  place: ({ scope, key }) => ({ teamId: scope, connectorIdentifier: key }),
  settingErrors: ({ provider }, { teamId }) =>
    teamId === undefined
      ? [
          provider === undefined
            ? "No Supermetrics team is configured. Give it with `pulumi config set supermetrics:teamId …`, in the environment variable SUPERMETRICS_TEAM_ID, or as teamId of the connector."
            : `The explicit provider "${provider}" has no Supermetrics team. Give it as teamId of the provider or of the connector, or with \`pulumi config set supermetrics:teamId …\`; explicit providers do not use the environment.`,
        ]
      : [],
  exported: exportSupermetrics,
};

function clientOptions({ apiKey, origin, limits }: UsableSettings): HttpClientOptions {
  const credential = ["Authorization", `Bearer ${apiKey}`] as const;
  return {
    vendor: "Supermetrics",
    namespace: "supermetrics",
    origin,
    credential,
    sensitive: [apiKey],
    ...limits,
  };
}
