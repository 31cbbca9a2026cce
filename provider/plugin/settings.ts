import { type FieldTable } from "../model/field";
import { type SettingNames } from "../pulumi/provider/stack-settings";

/** A setting of a provider, in the stack configuration or as an argument of an explicit provider. */
export interface Setting {
  readonly name: string;
  readonly type: "string" | "number" | "boolean";
  readonly description: string;
  readonly secret?: true;
}

const LIMITS: readonly Setting[] = [
  {
    name: "requestsPerSecond",
    type: "number",
    description: "Most requests per second, over all resources of this provider. Default: 20.",
  },
  {
    name: "maxConcurrentRequests",
    type: "number",
    description: "Most concurrent requests. Default: 10.",
  },
  {
    name: "requestTimeoutSeconds",
    type: "number",
    description: "Deadline of one request in seconds. Default: 30.",
  },
  {
    name: "operationTimeoutSeconds",
    type: "number",
    description: "Deadline of one operation in seconds, including all retries. Default: 120.",
  },
  {
    name: "backoffSeconds",
    type: "number",
    description: "First back-off step between retries in seconds; doubles up to 20. Default: 0.5.",
  },
];

/** Every setting of a vendor's provider, the key first. */
export function settingsOf(table: FieldTable, names: SettingNames): readonly Setting[] {
  const { vendor, baseUrl } = names;
  return [
    { name: "apiKey", type: "string", secret: true, description: `API key of ${vendor}.` },
    {
      name: "baseUrl",
      type: "string",
      description: `Origin of the API. Default: \`${baseUrl}\`.`,
    },
    ...table.fields
      .filter(({ fromSettings }) => fromSettings)
      .map(({ name }) => ({
        name,
        type: "string" as const,
        description: `\`${name}\` of the connectors that name none.`,
      })),
    ...LIMITS,
    {
      name: "previewLookups",
      type: "boolean",
      description: `Whether a preview asks ${vendor} which existing connectors a deployment adopts. Default: true.`,
    },
  ];
}
