import { type DynamicType, type NativeType, type Program } from "./world";

/** The settings of `Pulumi.yaml` that make the providers of this package known to Pulumi YAML. */
const PLUGINS = {
  providers: ["databar", "supermetrics"].map((name) => ({
    name,
    path: "./node_modules/pulumi-connectors/bin",
  })),
};

const NATIVE: Readonly<Record<DynamicType, NativeType>> = {
  DatabarConnector: "databar:index:Connector",
  DatabarFleet: "databar:index:Fleet",
  DatabarProvider: "pulumi:providers:databar",
  SupermetricsConnector: "supermetrics:index:Connector",
  SupermetricsFleet: "supermetrics:index:Fleet",
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
          type: nativeType(type),
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

/**
 * The same resources of the native packages, in a program for Node.js.
 *
 * @param aliased as SDKs do it: a resource that the state has as a dynamic one is the same.
 */
export function native(program: Program, { aliased = false } = {}): Program {
  return Object.fromEntries(
    Object.entries(program).map(([name, each]) => {
      const type = nativeType(each.type);
      const dynamicType = `pulumi-nodejs:dynamic/${type.split(":")[0]}:${each.type}`;
      const aliases = aliased && { aliases: [{ type: dynamicType }] };
      return [name, { ...each, type, options: { ...each.options, ...aliases } }];
    }),
  );
}

/** The same resources, which the state may have as native ones. */
export function dynamic(program: Program): Program {
  return Object.fromEntries(
    Object.entries(program).map(([name, each]) => {
      const aliases = [{ type: nativeType(each.type) }];
      return [name, { ...each, options: { ...each.options, aliases } }];
    }),
  );
}

function nativeType(type: DynamicType | NativeType): NativeType {
  return type in NATIVE ? NATIVE[type as DynamicType] : (type as NativeType);
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
