import {
  adoptingField,
  type ComputedField,
  type Field,
  type FieldTable,
} from "../../provider/model/field";
import { bounds, outputs } from "./reference";

/**
 * A vendor's `types.ts`: the types of its definitions and outputs. Written so that Prettier changes nothing.
 *
 * @param provider path of provider/, from the folder of the file.
 */
export function typesFile(table: FieldTable, provider = "../.."): string {
  const declarations = [
    ...table.fields.flatMap(choiceType),
    ...argsType(table),
    ...inputsType(table),
    ...outputTypes(table),
    ...propertyNames(table),
  ].join("\n");
  return [
    "// Made from fields.ts by `npm run generate`; do not edit.",
    ...imports(declarations, provider),
    "",
    declarations,
    "",
  ].join("\n");
}

function argsType({ vendor, resource, fields }: FieldTable): string[] {
  return [
    `/** What a program writes to declare a ${vendor} connector. */`,
    `export interface ${resource}Args {`,
    ...fields.flatMap((field) => [
      ...comment(argument(field), "  "),
      `  ${field.name}${field.required ? "" : "?"}: Input<${ARGUMENT[field.kind](field)}>;`,
    ]),
    "}",
    "",
  ];
}

function inputsType({ vendor, fields }: FieldTable): string[] {
  return [
    ...comment(
      `A definition of a ${vendor} connector after check. A type, not an interface, so that it counts as JSON.`,
    ),
    `export type ${vendor}Inputs = {`,
    ...fields.map((field) => `  ${member(field, INPUT[field.kind](field))}`),
    "};",
    "",
  ];
}

/** Of the computed fields, the id is a part of the resource alone: a fleet has its connectors' ids apart. */
function outputTypes(table: FieldTable): string[] {
  const { vendor, resource, fields, computed } = table;
  const isId = ({ name }: ComputedField): boolean => name === adoptingField(table);
  const written = fields.filter(({ name }) => outputs(table).includes(name));
  return [
    `/** What ${vendor} decides of a connector. */`,
    `export interface ${vendor}FleetConnector {`,
    ...computed
      .filter((field) => !isId(field))
      .flatMap(({ name, kind, description }) => [
        ...comment(description, "  "),
        `  readonly ${name}?: ${COMPUTED[kind]};`,
      ]),
    "}",
    "",
    `/** The outputs of a ${resource}, each an output of the program. */`,
    `export interface ${vendor}Outputs extends ${vendor}FleetConnector {`,
    ...written.flatMap((field) => [
      ...comment(field.description, "  "),
      `  ${member(field, OUTPUT[field.kind](field))}`,
    ]),
    ...computed
      .filter(isId)
      .flatMap(({ name, kind, description }) => [
        ...comment(description, "  "),
        `  readonly ${name}: ${COMPUTED[kind]};`,
      ]),
    "}",
    "",
  ];
}

function propertyNames({ vendor, fields, computed }: FieldTable): string[] {
  const names = new Set([...fields, ...computed].map(({ name }) => name));
  return [
    "/** Every input and output, as the resource declares them to the engine. */",
    `export const ${vendor.toUpperCase()}_PROPERTIES = [`,
    ...[...names].map((name) => `  "${name}",`),
    "] as const;",
  ];
}

/** Check leaves out no required field, and none that a setting stands in for. */
function member({ name, required, fromSettings }: Field, type: string): string {
  return `readonly ${name}${required || fromSettings ? "" : "?"}: ${type};`;
}

type TypeOf = (field: Field) => string;

const TEXT: TypeOf = () => "string";
const NUMBER: TypeOf = () => "number";
const CHOICE: TypeOf = ({ typeName, values = [] }) => typeName ?? union(values);

const ARGUMENT: Readonly<Record<Field["kind"], TypeOf>> = {
  text: TEXT,
  integer: NUMBER,
  choice: CHOICE,
  entries: () => "NameValues",
  document: () => "Record<string, unknown>",
  secrets: () => "Record<string, Input<string>>",
  file: TEXT,
};

const INPUT: Readonly<Record<Field["kind"], TypeOf>> = {
  text: TEXT,
  integer: NUMBER,
  choice: CHOICE,
  entries: () => "Entries",
  document: () => "JsonObject",
  secrets: () => "Record<string, string>",
  file: () => "FileDigest",
};

const OUTPUT: Readonly<Record<Field["kind"], TypeOf>> = {
  ...INPUT,
  document: ARGUMENT.document,
};

const COMPUTED: Readonly<Record<ComputedField["kind"], string>> = {
  text: "string",
  integer: "number",
  texts: "Record<string, string>",
};

/** Imports that the declarations may need, by file below provider/. */
const DECLARED: Readonly<Record<string, readonly string[]>> = {
  json: ["JsonObject"],
  "model/entries": ["Entries"],
  "model/field": ["FileDigest", "OnConflict"],
  "pulumi/program/resources": ["NameValues"],
};

function imports(declarations: string, provider: string): string[] {
  const isUsed = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(declarations);
  const line = (names: readonly string[], from: string): string =>
    `import { ${names.map((name) => `type ${name}`).join(", ")} } from "${from}";`;
  return [
    line(["Input"], "@pulumi/pulumi"),
    ...Object.entries(DECLARED)
      .map(([file, names]) => [file, names.filter(isUsed)] as const)
      .filter(([, names]) => names.length > 0)
      .map(([file, names]) => line(names, `${provider}/${file}`)),
  ];
}

/** The exported type of a choice. All vendors share `OnConflict`. */
function choiceType({ typeName, values = [], description }: Field): string[] {
  return typeName === undefined || typeName === "OnConflict"
    ? []
    : [...comment(description), `export type ${typeName} = ${union(values)};`, ""];
}

function union(values: readonly string[]): string {
  return values.map((value) => `"${value}"`).join(" | ");
}

/** What a property of a definition is for, with its bounds and default. */
export function argument(field: Field): string {
  return [
    ...(field.createOnly ? ["Create only."] : []),
    field.description,
    ...(field.secret === "always" ? ["Always secret."] : []),
    ...sentence(bounds({ ...field, values: undefined }).join("; ")),
    ...defaultOf(field),
  ].join(" ");
}

function sentence(text: string): string[] {
  return text === "" ? [] : [`${text.charAt(0).toUpperCase()}${text.slice(1)}.`];
}

function defaultOf({
  default: value,
  required,
  createOnly,
  fromSettings,
  unmanagedWhenUnset,
  cappedAs,
}: Field): string[] {
  if (required || createOnly || fromSettings) {
    return [];
  }
  if (unmanagedWhenUnset) {
    return ["Default: not managed."];
  }
  if (cappedAs !== undefined) {
    return ["Default: the plan's."];
  }
  if (value === "") {
    return ["Default: empty."];
  }
  return [typeof value === "string" ? `Default: \`${value}\`.` : "Default: none."];
}

/** A doc comment, wrapped at 100 columns. */
function comment(text: string, indent = ""): string[] {
  const oneLine = `${indent}/** ${text} */`;
  if (oneLine.length <= 100) {
    return [oneLine];
  }
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (`${indent} * ${line} ${word}`.length > 100) {
      lines.push(word);
    } else {
      lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
    }
  }
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`), `${indent} */`];
}
