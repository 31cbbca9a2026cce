import { type VendorRuntime } from "../pulumi/provider/runtime";

/** A vendor, as commands know it before they load it. */
interface VendorRow {
  /** Its display name. */
  readonly title: string;
  /** The environment variables that commands read, the key first. */
  readonly variables: readonly string[];
  readonly load: () => Promise<VendorRuntime<unknown>>;
}

/** By the name that `--vendor` takes. */
const ROWS = {
  databar: {
    title: "Databar",
    variables: ["DATABAR_API_KEY"],
    load: async () => (await import("./databar/vendor.js")).databar,
  },
  supermetrics: {
    title: "Supermetrics",
    variables: ["SUPERMETRICS_API_KEY", "SUPERMETRICS_TEAM_ID"],
    load: async () => (await import("./supermetrics/vendor.js")).supermetrics,
  },
} satisfies Readonly<Record<string, VendorRow>>;

export type VendorName = keyof typeof ROWS;

/** Every vendor, by its name. */
export const VENDORS: Readonly<Record<VendorName, VendorRow>> = ROWS;

export const VENDOR_NAMES = Object.keys(VENDORS) as readonly VendorName[];

/** For help: `Databar and Supermetrics`. */
export const VENDOR_TITLES = inWords(Object.values(VENDORS).map(({ title }) => title));

/** For help: the variables of all vendors. */
export const VARIABLES = inWords(Object.values(VENDORS).flatMap(({ variables }) => variables));

function inWords(names: readonly string[]): string {
  return new Intl.ListFormat("en-GB").format(names);
}
