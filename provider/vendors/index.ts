/* eslint-disable @typescript-eslint/no-require-imports -- parts of a vendor load on first use */
import type * as pulumi from "@pulumi/pulumi";
import { type AdvisoryRule, type FieldTable } from "../model/field";
import { type RequestRenderer } from "../model/rendered-request";
import { type Drafter } from "../model/written-request";
import { type ConnectorProvider } from "../pulumi/program/providers";
import { type FleetOptions } from "../pulumi/program/resources";
import { type VendorRuntime } from "../pulumi/provider/runtime";
import type * as DatabarAdvisory from "./databar/advisory-rules";
import type * as DatabarDraft from "./databar/draft";
import { databarFields } from "./databar/fields";
import type * as Databar from "./databar/index";
import type * as DatabarRequest from "./databar/request";
import type * as DatabarVendor from "./databar/vendor";
import type * as SupermetricsAdvisory from "./supermetrics/advisory-rules";
import type * as SupermetricsDraft from "./supermetrics/draft";
import { supermetricsFields } from "./supermetrics/fields";
import type * as Supermetrics from "./supermetrics/index";
import type * as SupermetricsRequest from "./supermetrics/request";
import { type AnyConnector, type AnyFleet, type VendorName } from "./resources";
import type * as SupermetricsVendor from "./supermetrics/vendor";

/** A vendor, as definitions, commands, tests of programs and generators use it. */
export interface VendorRow {
  /** The properties of a definition. */
  readonly table: FieldTable;
  /** The environment variables that commands read, the key first. */
  readonly variables: readonly string[];
  /** Rules that only `validate` checks; loads parsers of templates. */
  readonly advisoryRules: () => readonly AdvisoryRule[];
  /** The requests that a connector makes; loads what renders templates. */
  readonly requests: () => RequestRenderer;
  /** Makes a definition of a request. */
  readonly drafter: () => Drafter;
  /** Resource classes for programs; loads Pulumi's SDK. */
  readonly classes: () => VendorClasses;
  /** Runs in the provider process and in commands; loads the HTTP client. */
  readonly runtime: () => VendorRuntime;
}

/**
 * The classes that definitions are registered with. Definitions are validated, hence arguments
 * without a type.
 */
export interface VendorClasses {
  readonly Connector: new (
    name: string,
    args: never,
    opts: pulumi.CustomResourceOptions,
  ) => AnyConnector;
  readonly Fleet: new (
    name: string,
    args: FleetOptions & { readonly connectors: Record<string, never> },
    opts: pulumi.CustomResourceOptions,
  ) => AnyFleet;
  /** The explicit providers that serve them. */
  readonly Provider: new (name: string) => ConnectorProvider;
}

/**
 * Every vendor. Its types are a row of {@link VendorResources}, which programs see; the sandbox,
 * which imports nothing of the library, has a list of its own.
 */
export const VENDORS: Readonly<Record<VendorName, VendorRow>> = {
  databar: {
    table: databarFields,
    variables: ["DATABAR_API_KEY"],
    advisoryRules: () =>
      (require("./databar/advisory-rules") as typeof DatabarAdvisory).databarAdvisoryRules,
    requests: () => (require("./databar/request") as typeof DatabarRequest).renderDatabarRequest,
    drafter: () => (require("./databar/draft") as typeof DatabarDraft).draftDatabar,
    classes: () => (require("./databar/index") as typeof Databar).databarClasses,
    runtime: () => (require("./databar/vendor") as typeof DatabarVendor).databar,
  },
  supermetrics: {
    table: supermetricsFields,
    variables: ["SUPERMETRICS_API_KEY", "SUPERMETRICS_TEAM_ID"],
    advisoryRules: () =>
      (require("./supermetrics/advisory-rules") as typeof SupermetricsAdvisory)
        .supermetricsAdvisoryRules,
    requests: () =>
      (require("./supermetrics/request") as typeof SupermetricsRequest).renderSupermetricsRequests,
    drafter: () => (require("./supermetrics/draft") as typeof SupermetricsDraft).draftSupermetrics,
    classes: () => (require("./supermetrics/index") as typeof Supermetrics).supermetricsClasses,
    runtime: () => (require("./supermetrics/vendor") as typeof SupermetricsVendor).supermetrics,
  },
};

export const VENDOR_NAMES = Object.keys(VENDORS) as readonly VendorName[];

/** For help: `Databar and Supermetrics`. */
export const VENDOR_TITLES = inWords(Object.values(VENDORS).map(({ table }) => table.vendor));

/** For help: the variables of all vendors. */
export const VARIABLES = inWords(Object.values(VENDORS).flatMap(({ variables }) => variables));

function inWords(names: readonly string[]): string {
  return new Intl.ListFormat("en-GB").format(names);
}
