import * as pulumi from "@pulumi/pulumi";
import { type AnyConnector, type AnyFleet, CLASSES } from "../../vendors/classes";
import { type Definition } from "../definition";
import { type ConnectorDefinitionsArgs } from "./args";
import { fleetsOf } from "./fleets";
import type * as Program from "./registrations";

/**
 * Registers one resource per definition in a folder, or all of them as fleets. Names are those of the definitions,
 * wherever they are written: moving a definition to another file changes nothing, nor does moving it here from the
 * program.
 */
export class ConnectorDefinitions extends pulumi.ComponentResource {
  /** The connectors by the names of their definitions; none with `as: "fleet"`. */
  readonly connectors: Readonly<Record<string, AnyConnector>>;
  /** The fleets by their names: `<name>-databar`, `<name>-supermetrics`, and one per explicit provider, such as `<name>-databar-emea`. */
  readonly fleets: Readonly<Record<string, AnyFleet>>;
  /** The vendor's id of each connector, by the name of its definition. */
  readonly ids: pulumi.Output<Record<string, string>>;

  /** @param opts with `retainOnDelete`, connectors stay at the vendor when they leave, in resources and in fleets. */
  constructor(
    name: string,
    args: ConnectorDefinitionsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    // Parser and validator are for programs that have definitions.
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- a constructor cannot wait for an import
    const { registrations } = require("./registrations") as typeof Program;
    // Whatever is wrong stops the program before anything is registered.
    const all = registrations(args);
    super("pulumi-connectors:index:ConnectorDefinitions", name, {}, opts);
    const made = new Map<string, AnyConnector>();
    this.fleets =
      args.as === "fleet" ? fleetsOf(name, args, all, this, opts?.retainOnDelete ?? false) : {};
    if (args.as !== "fleet") {
      for (const { definition, properties } of all) {
        made.set(
          definition.name,
          this.register(definition, properties, args.providers ?? {}, made),
        );
      }
    }
    this.connectors = Object.fromEntries(made);
    this.ids = pulumi
      .all([
        Object.fromEntries([...made].map(([key, { id }]) => [key, id])),
        ...Object.values(this.fleets).map(({ ids }) => ids),
      ])
      .apply((ids) => Object.assign({}, ...ids) as Record<string, string>);
    this.registerOutputs({ ids: this.ids });
  }

  private register(
    definition: Definition,
    properties: Readonly<Record<string, unknown>>,
    providers: Readonly<Record<string, pulumi.ProviderResource>>,
    made: ReadonlyMap<string, AnyConnector>,
  ): AnyConnector {
    const {
      protect,
      retainOnDelete,
      ignoreChanges,
      aliases = [],
      dependsOn = [],
      provider,
    } = definition.options;
    const options: pulumi.CustomResourceOptions = {
      parent: this,
      // A connector that the program itself declared before is this one now.
      aliases: [definition.name, ...aliases].flatMap((each) => [
        ...(each === definition.name ? [] : [{ name: each }]),
        { name: each, parent: pulumi.rootStackResource },
      ]),
      dependsOn: dependsOn.flatMap(({ name }) => made.get(name) ?? []),
      ...(protect !== undefined && { protect }),
      ...(retainOnDelete !== undefined && { retainOnDelete }),
      ...(ignoreChanges && { ignoreChanges: [...ignoreChanges] }),
      ...(provider && { provider: providers[provider.name] }),
    };
    return new CLASSES[definition.type].Connector(definition.name, properties as never, options);
  }
}
