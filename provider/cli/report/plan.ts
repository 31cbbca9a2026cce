import { type Planned } from "../../lifecycle/plan";
import { counted } from "../../diagnostics";

/** A vendor's part of a plan. */
export interface VendorPlan {
  /** The vendor's display name. */
  readonly vendor: string;
  readonly connectors: readonly Planned[];
}

/** How many connectors a plan says what of. */
export interface Summary {
  readonly create: number;
  readonly update: number;
  readonly unchanged: number;
  /** Connectors that exist, and that no definition has. */
  readonly unmanaged: number;
  /** Definitions of which nothing can be told, or that a deployment would refuse. */
  readonly fail: number;
}

export function summaryOf(plans: readonly VendorPlan[]): Summary {
  const all = plans.flatMap(({ connectors }) => connectors);
  const count = (action: Planned["action"]): number => all.filter((planned) => planned.action === action).length;
  return { create: count("create"), update: count("update"), unchanged: count("unchanged"), unmanaged: count("unmanaged"), fail: count("fail") };
}

/** `{"summary": {...}, "connectors": [{"vendor", "name", "action", ...}]}`. */
export function jsonPlan(plans: readonly VendorPlan[]): string {
  const connectors = plans.flatMap(({ vendor, connectors: all }) => all.map((planned) => ({ vendor, ...planned })));
  return `${JSON.stringify({ summary: summaryOf(plans), connectors }, null, 2)}\n`;
}

/** `1 to create, 2 to update, 30 unchanged.` */
export function summaryText(plans: readonly VendorPlan[]): string {
  const { create, update, unchanged, unmanaged, fail } = summaryOf(plans);
  const parts = [
    ...(fail > 0 ? [counted(fail, "problem")] : []),
    ...(create > 0 ? [`${create} to create`] : []),
    ...(update > 0 ? [`${update} to update`] : []),
    `${unchanged} unchanged`,
    ...(unmanaged > 0 ? [`${unmanaged} in no definition`] : []),
  ];
  return `${parts.join(", ")}.`;
}
