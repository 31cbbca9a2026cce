import { type DatabarConnector, type DatabarFleet } from "./databar/index";
import { type SupermetricsConnector, type SupermetricsFleet } from "./supermetrics/index";

/** What definitions of each vendor are registered as, by the name that its settings begin with. */
export interface VendorResources {
  readonly databar: { connector: DatabarConnector; fleet: DatabarFleet };
  readonly supermetrics: { connector: SupermetricsConnector; fleet: SupermetricsFleet };
}

export type VendorName = keyof VendorResources;

/** A connector of any vendor. */
export type AnyConnector = VendorResources[VendorName]["connector"];

/** A fleet of any vendor. */
export type AnyFleet = VendorResources[VendorName]["fleet"];
