import { type Program } from "./world";

/** The settings of `Pulumi.yaml` that make the providers of this package known to Pulumi YAML. */
const PLUGINS = {
  providers: ["databar", "supermetrics"].map((name) => ({
    name,
    path: "./node_modules/pulumi-connectors/bin",
  })),
};

const TYPES: Readonly<Record<string, string>> = {
  DatabarConnector: "databar:Connector",
  DatabarFleet: "databar:Fleet",
  DatabarProvider: "pulumi:providers:databar",
  SupermetricsConnector: "supermetrics:Connector",
  SupermetricsFleet: "supermetrics:Fleet",
  SupermetricsProvider: "pulumi:providers:supermetrics",
};

/** The same resources as a project of Pulumi YAML, as JSON, which is YAML too. */
export function yamlProject(
  program: Program,
  outputs: Readonly<Record<string, string>> = {},
): string {
  const resources = Object.fromEntries(
    Object.entries(program).map(
      ([name, { type, args = {}, options: { provider, ...rest } = {} }]) => [
        name,
        {
          type: TYPES[type],
          properties: valueOf(args),
          options: {
            ...rest,
            ...(typeof provider === "string" && { provider: `\${${provider}}` }),
          },
        },
      ],
    ),
  );
  return JSON.stringify(
    { name: "e2e", runtime: "yaml", plugins: PLUGINS, resources, outputs },
    null,
    2,
  );
}

/** The values of `program/index.js`, as Pulumi YAML writes them. */
function valueOf(value: unknown): unknown {
  if (typeof value === "string") {
    return value.replaceAll("${", () => "$${");
  }
  if (Array.isArray(value)) {
    return value.map(valueOf);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const { $secret: secret, ...rest } = value as Readonly<Record<string, unknown>>;
  return secret === undefined
    ? Object.fromEntries(Object.entries(rest).map(([key, item]) => [key, valueOf(item)]))
    : { "fn::secret": valueOf(secret) };
}
