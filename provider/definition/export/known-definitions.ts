import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { adoptingField, type FieldTable } from "../../model/field";
import { type Definition } from "../definition";
import { DefinitionError } from "../file-diagnostic";
import { definitionsOf, load } from "../load";
import { valueOf } from "../read/node";
import { type Stacks } from "../read/pulumi-files";

/** The definitions that a folder holds before an export. */
export class KnownDefinitions {
  private readonly byConnector: ReadonlyMap<string, Definition>;

  private constructor(
    /** Absolute path. */
    readonly folder: string,
    readonly definitions: readonly Definition[],
  ) {
    this.byConnector = new Map(
      definitions.map((each) => [connectorOf(each.type, adoptedId(each)), each]),
    );
  }

  /**
   * Reads the definitions of all environments; where they differ, those of `environment` win.
   * @throws DefinitionError when a file cannot be read: it might define what would be written a
   *   second time.
   */
  static read(path: string, from: string, environment: string | undefined): KnownDefinitions {
    const folder = resolve(from, path);
    if (!existsSync(folder)) {
      return new KnownDefinitions(folder, []);
    }
    const loaded = load([path], { from });
    const read = [environment, undefined, ...loaded.environments].map((each) =>
      definitionsOf(loaded, each),
    );
    const diagnostics = [...loaded.diagnostics, ...(read[0]?.diagnostics ?? [])];
    if (diagnostics.some(({ rule }) => rule !== "file/none")) {
      throw new DefinitionError(
        `${path} holds definitions that cannot be read, so it is unknown what is defined already. Run \`pulumi-connectors validate ${path}\` first. Nothing was written.`,
      );
    }
    const byName = new Map(
      read
        .flatMap((each) => each.definitions)
        .reverse()
        .map((each) => [`${each.name} ${connectorOf(each.type, adoptedId(each))}`, each]),
    );
    return new KnownDefinitions(folder, [...byName.values()]);
  }

  /** The definition that adopts a connector. */
  ofConnector(table: FieldTable, key: string): Definition | undefined {
    return this.byConnector.get(connectorOf(table.resource, key));
  }

  /** The definitions of a vendor that adopt a connector, with its id. */
  adopting(table: FieldTable): readonly { definition: Definition; key: string }[] {
    return this.definitions
      .filter(({ vendor, selected }) => vendor.table === table && selected)
      .map((definition) => ({ definition, key: adoptedId(definition) }))
      .filter(({ key }) => key !== "" && !key.includes("${"))
      .sort((one, other) => (one.definition.name < other.definition.name ? -1 : 1));
  }

  has(name: string): boolean {
    return this.definitions.some((each) => each.name === name);
  }

  /**
   * Whether a definition is alone in the file that an export writes, and holds nothing that an
   * export does not write.
   */
  isExported({ name, place: { source }, options, properties }: Definition): boolean {
    return (
      this.definitions.filter((each) => each.place.source === source).length === 1 &&
      resolve(source.path) === join(this.folder, `${name}.yaml`) &&
      Object.keys(options).length === 0 &&
      properties.place.source === source
    );
  }

  /**
   * Names that a new definition cannot have. File names are compared in lower case, as some systems
   * do.
   */
  names(): Set<string> {
    const stems = existsSync(this.folder)
      ? readdirSync(this.folder).map((name) => name.toLowerCase().replace(/\..*$/, ""))
      : [];
    return new Set([...this.definitions.map(({ name }) => name), ...stems]);
  }

  /** Configuration keys that the definitions refer to, or that stacks set. */
  configKeys(stacks: Stacks | undefined): Set<string> {
    const set = [
      ...(stacks?.shared.keys() ?? []),
      ...[...(stacks?.stacks.values() ?? [])].flatMap((stack) => [...(stack?.keys() ?? [])]),
    ].map((key) => key.slice(key.indexOf(":") + 1));
    return new Set([...set, ...this.definitions.flatMap(referencedKeys)]);
  }
}

/** The keys of `${config.key}` in a definition's properties. */
export function referencedKeys({ properties }: Definition): string[] {
  const references = JSON.stringify(valueOf(properties)).matchAll(/\$\{config\.([^{}]+)\}/g);
  return [...references].map(([, key = ""]) => key);
}

function connectorOf(type: string, key: string): string {
  return `${type}/${key}`;
}

function adoptedId({ vendor, properties }: Definition): string {
  const node = properties.entries.get(adoptingField(vendor.table));
  return node?.kind === "scalar" ? String(node.value) : "";
}
