import { type Adapter, type Ref } from "../lifecycle/adapter";
import { type Workspace } from "../lifecycle/workspace";
import { type ExportedDefinition, type FieldTable } from "../model/field";

/** A vendor's workspace, as plan and export reach it. */
export interface VendorConnection {
  readonly table: FieldTable;
  readonly adapter: Adapter;
  /** Where requests go. */
  readonly origin: string;
  /** What states hold of it; for the messages about connectors of another one. */
  readonly workspace: Workspace | undefined;
  /** The scope of connectors that name none; `undefined` where none is configured. */
  readonly scope: string | undefined;
  /** Inputs that settings give where a definition does not write them. */
  readonly inputs: Readonly<Record<string, string>>;
  /** What is wrong with the settings for a connector with these inputs. */
  readonly checkSettings: (inputs: Readonly<Record<string, unknown>>) => readonly string[];
  /** The definition that adopts an existing connector as it is. */
  readonly definitionOf: (ref: Ref, remote: unknown) => ExportedDefinition;
}

/** Shows how far long work is. */
export interface ProgressLine {
  readonly at: (done: number, of: number) => void;
  end(): void;
}
