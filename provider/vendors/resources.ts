import { type DatabarConnector, type DatabarFleet } from "./databar/index";
import { type SupermetricsConnector, type SupermetricsFleet } from "./supermetrics/index";

/** The resources of each vendor's definitions, by the namespace of its settings. */
export interface VendorResources {
  readonly databar: { connector: DatabarConnector; fleet: DatabarFleet };
  readonly supermetrics: { connector: SupermetricsConnector; fleet: SupermetricsFleet };
}

export type VendorName = keyof VendorResources;

/** A connector of any vendor. */
export type AnyConnector = VendorResources[VendorName]["connector"];

/** A fleet of any vendor. */
export type AnyFleet = VendorResources[VendorName]["fleet"];
