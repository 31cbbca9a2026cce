/* eslint-disable @typescript-eslint/no-require-imports -- a constructor cannot wait for an import:
   parser and validator are for programs that have definitions */
import * as pulumi from "@pulumi/pulumi";
import { type AnyConnector, type AnyFleet, type VendorResources } from "../../vendors/resources";
import { type ConnectorDefinitionsArgs } from "./args";
import type * as Fleets from "./fleets";
import type * as Registrations from "./registrations";
import type * as Resources from "./resources";

/** The connectors of each vendor by the names of their definitions; none with `as: "fleet"`. */
type ConnectorsByVendor = {
  readonly [Name in keyof VendorResources]: Readonly<
    Record<string, VendorResources[Name]["connector"]>
  >;
};

// Its members by vendor, such as `definitions.databar["scoring"]`.
export interface ConnectorDefinitions extends ConnectorsByVendor {}

/**
 * Registers one resource per definition in a folder, or all of them as fleets. Resources have the
 * names of their definitions, so that moving a definition to another file, or from the program to a
 * file, changes nothing.
 */
export class ConnectorDefinitions extends pulumi.ComponentResource {
  /** The connectors by the names of their definitions; none with `as: "fleet"`. */
  readonly connectors: Readonly<Record<string, AnyConnector>>;
  /**
   * The fleets by their names: `<name>-databar`, `<name>-supermetrics`, and one per explicit
   * provider, such as `<name>-databar-emea`.
   */
  readonly fleets: Readonly<Record<string, AnyFleet>>;
  /** The vendor's id of each connector, by the name of its definition. */
  readonly ids: pulumi.Output<Record<string, string>>;

  /**
   * @param opts with `retainOnDelete`, connectors whose definitions are removed stay at the vendor,
   *   in fleets too.
   */
  constructor(
    name: string,
    args: ConnectorDefinitionsArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { registrations } = require("./registrations") as typeof Registrations;
    const { fleetsOf } = require("./fleets") as typeof Fleets;
    const { byVendor, resourcesOf } = require("./resources") as typeof Resources;
    // Any fault stops the program before anything is registered.
    const all = registrations(args, opts);
    super("pulumi-connectors:index:ConnectorDefinitions", name, {}, opts);
    const asFleet = args.as === "fleet";
    this.fleets = asFleet ? fleetsOf(name, args, all, this, opts?.retainOnDelete ?? false) : {};
    const connectors = resourcesOf(args, asFleet ? [] : all, this);
    this.connectors = Object.fromEntries(connectors);
    Object.assign(this, byVendor(connectors));
    this.ids = pulumi
      .all([
        Object.fromEntries([...connectors].map(([key, { id }]) => [key, id])),
        ...Object.values(this.fleets).map(({ ids }) => ids),
      ])
      .apply((ids) => Object.assign({}, ...ids) as Record<string, string>);
    this.registerOutputs({ ids: this.ids });
  }
}
