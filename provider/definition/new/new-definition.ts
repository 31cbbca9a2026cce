import { type WrittenCredential, type WrittenRequest } from "../../model/written-request";
import { type VendorRow } from "../../vendors/index";
import { readDefinitions } from "../definition";
import { renderDefinition } from "../export/render";
import { type DefinitionDiagnostic } from "../file-diagnostic";
import { parse } from "../read/parse";
import { secretPlaces } from "../read/secret-places";
import { type Place } from "../read/source";
import { advisoryChecks } from "../validate/advisory-rules";
import { checkDefinition } from "../validate/definition-check";
import { replaceCredentials } from "./credentials";
import { NewError } from "./new-error";
import { withPerRow } from "./per-row";

/** A definition that is not written yet. */
export interface NewDefinition {
  readonly text: string;
  readonly credentials: readonly WrittenCredential[];
  /** Names that the row, or the vendor, fills. */
  readonly perRow: readonly string[];
  readonly notes: readonly string[];
  /** What is wrong with it. If any is an error, it should not be written. */
  readonly diagnostics: readonly DefinitionDiagnostic[];
  /** Places in the text that must not be printed. */
  readonly secrets: readonly Place[];
}

/** How a definition is made of a request. */
export interface NewOptions {
  /** The resource's name. */
  readonly name: string;
  readonly vendor: VendorRow;
  /** Names of fields that become values per row. */
  readonly setRow: readonly string[];
  /** The file, as shown to people. */
  readonly path: string;
  /** Where an editor finds the schema, relative to the file. */
  readonly schema: string;
  /** Absolute path of the folder that paths are relative to. */
  readonly cwd: string;
}

/** Makes a definition of a request. Throws {@link NewError} where none can be made. */
export function newDefinition(written: WrittenRequest, options: NewOptions): NewDefinition {
  const { name, vendor, setRow, path, schema, cwd } = options;
  const {
    request,
    credentials,
    notes: ofCredentials,
  } = replaceCredentials(withPerRow(written, setRow), name);
  const { properties, perRow, notes } = vendor.drafter()(request, titleOf(name), credentials);
  const text = renderDefinition(
    { name, type: vendor.table.resource, properties, notes: [] },
    schema,
  );
  const { node, diagnostics } = parse({ path, text });
  const read = readDefinitions(node, path, cwd);
  const [definition] = read.definitions;
  if (definition === undefined) {
    throw new NewError(`${name} cannot be the name of a definition`);
  }
  return {
    text,
    credentials,
    perRow,
    notes: [...ofCredentials, ...notes],
    diagnostics: [
      ...diagnostics,
      ...read.diagnostics,
      ...checkDefinition(definition, cwd, undefined, advisoryChecks),
    ],
    secrets: node === undefined ? [] : secretPlaces(node),
  };
}

/** `email-finder` → `Email finder`. */
function titleOf(name: string): string {
  const words = name.replace(/[-_.]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
