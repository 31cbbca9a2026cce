import { type Adapter, type Ref } from "../lifecycle/adapter";
import { type ExportedDefinition, type FieldTable } from "../model/field";
import { type Inputs } from "../model/state";

/** A vendor's workspace, as plan and export reach it. */
export interface VendorConnection {
  readonly table: FieldTable;
  readonly adapter: Adapter<unknown>;
  /** Inputs that settings give where a definition does not write them. */
  readonly inputs: Readonly<Record<string, string>>;
  /** What is wrong with the settings for a connector with these inputs. */
  readonly checkSettings: (inputs: Inputs) => readonly string[];
  /** The definition that adopts an existing connector as it is. */
  readonly definitionOf: (ref: Ref, remote: unknown) => ExportedDefinition;
}

/** Shows how far long work is. */
export interface ProgressLine {
  readonly at: (done: number, of: number) => void;
  end(): void;
}
