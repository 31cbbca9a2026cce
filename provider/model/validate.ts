import type * as Ajv from "ajv";
import { type ErrorObject, type ValidateFunction } from "ajv";
import { type Diagnostic, errorDiagnostic, joinPath, splitPath, suggest } from "../diagnostics";
import { namesCredential } from "./credential-detection";
import { type Field, type FieldTable } from "./field";
import { eachLeaf, isObject, isSafeNumber } from "../json";
import { masks } from "./masks";
import { fieldSchema } from "./schema";
import { holdsUnknown } from "./unknown";

/** Finds every error in a resource's inputs; skips parts that hold an unknown. */
export function validate(
  table: FieldTable,
  inputs: Readonly<Record<string, unknown>>,
): Diagnostic[] {
  return [
    ...unknownProperties(table, inputs),
    ...table.fields.flatMap((field) => validateField(field, inputs[field.name])),
    ...masks(table, inputs),
    ...(table.rules ?? []).flatMap((rule) => rule(inputs)),
  ];
}

function unknownProperties(
  table: FieldTable,
  inputs: Readonly<Record<string, unknown>>,
): Diagnostic[] {
  const names = table.fields.map((field) => field.name);
  return Object.keys(inputs)
    .filter((name) => !names.includes(name))
    .map((name) => {
      const meant = suggest(name, names);
      const hint =
        meant === undefined ? `Known properties: ${names.join(", ")}` : `Did you mean ${meant}?`;
      return errorDiagnostic(
        "property/unknown",
        joinPath(name),
        `${table.resource} has no property of this name`,
        hint,
      );
    });
}

function validateField(field: Field, value: unknown): Diagnostic[] {
  if (value === undefined || (value === null && !field.required)) {
    return field.required
      ? [errorDiagnostic("property/required", field.name, "is required", exampleOf(field))]
      : [];
  }
  if (field.kind === "file") {
    return validateFile(field, value);
  }
  const validator = validatorOf(field);
  const structural = [
    ...(validator(value) ? [] : describeErrors(field, value, validator.errors ?? [])),
    ...(field.maximum === undefined ? roundedNumbers(field, value) : []),
  ];
  return field.rules && canBeChecked(field, value)
    ? [...structural, ...field.rules.flatMap((rule) => rule(value, field.name))]
    : structural;
}

/**
 * Rules check values of the right type, also out of bounds. For an empty text the bounds are
 * enough.
 */
function canBeChecked({ kind, minLength }: Field, value: unknown): boolean {
  switch (kind) {
    // Each entry is a value of its own: rules skip the unknown ones and those of another type.
    case "entries":
    case "secrets":
      return isObject(value);
    case "document":
      return isObject(value) && !holdsUnknown(value);
    case "integer":
      return Number.isInteger(value);
    case "text":
    case "choice":
    case "file":
      return typeof value === "string" && (value !== "" || minLength === undefined);
  }
}

/** A file arrives as what the program found at its path, faults included. */
function validateFile(field: Field, value: unknown): Diagnostic[] {
  if (holdsUnknown(value)) {
    return [];
  }
  const { path, fault } = isObject(value) ? value : {};
  if (typeof path !== "string") {
    return [errorDiagnostic("property/type", field.name, "must be the path of a file, as text")];
  }
  return typeof fault === "string" ? [errorDiagnostic("property/file", field.name, fault)] : [];
}

let ajv: Ajv.Ajv | undefined;
const validators = new WeakMap<Field, ValidateFunction>();

function validatorOf(field: Field): ValidateFunction {
  let validator = validators.get(field);
  if (!validator) {
    ajv ??= openAjv();
    validator = ajv.compile(fieldSchema(field));
    validators.set(field, validator);
  }
  return validator;
}

/** Loads it with the first check: a provider says where it listens before there is one. */
function openAjv(): Ajv.Ajv {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loads on first use
  const { Ajv: Validator } = require("ajv") as typeof Ajv;
  return new Validator({
    allErrors: true,
    strict: false,
    verbose: true,
    unicodeRegExp: true,
    meta: false,
    validateSchema: false,
    code: { optimize: false },
  });
}

function describeErrors(
  field: Field,
  value: unknown,
  errors: readonly ErrorObject[],
): Diagnostic[] {
  return errors
    .filter(
      (error) =>
        error.keyword !== "propertyNames" &&
        !/\/anyOf\/\d/.test(error.schemaPath) &&
        !holdsUnknown(error.data),
    )
    .filter((error) => error.keyword !== "enum" || typeof error.data === "string")
    .map((error) => {
      const path = joinPath(field.name, ...pointerParts(value, error.instancePath));
      if (error.propertyName !== undefined) {
        return errorDiagnostic(
          "property/name",
          joinPath(field.name, error.propertyName),
          `the name ${lengthMessage(error)}`,
        );
      }
      return describe(field, path, error);
    });
}

function describe(field: Field, path: string, error: ErrorObject): Diagnostic {
  switch (error.keyword) {
    case "type":
      return typeFault(
        field,
        path,
        String((error.params as { readonly type?: unknown }).type),
        error.data,
      );
    case "anyOf":
      return textOrListFault(field, path, error.data);
    case "enum":
      return choiceFault(path, field, error.data);
    default: {
      const [rule, message] = boundFault(field, error);
      return errorDiagnostic(rule, path, message);
    }
  }
}

function boundFault(field: Field, error: ErrorObject): [rule: string, message: string] {
  const { limit } = error.params as { readonly limit?: unknown };
  switch (error.keyword) {
    case "minLength":
    case "maxLength":
      return ["property/length", lengthMessage(error)];
    case "minimum":
      return ["property/range", `must be at least ${String(limit)}`];
    case "maximum":
      return ["property/range", `must be at most ${String(limit)}`];
    case "pattern":
      return ["property/pattern", field.pattern?.[1] ?? "is not of the expected form"];
    default:
      return ["property/value", error.message ?? "is invalid"];
  }
}

function lengthMessage(error: ErrorObject): string {
  const limit = Number((error.params as { readonly limit?: unknown }).limit);
  if (error.keyword === "minLength") {
    return limit === 1 ? "must not be empty" : `must have at least ${limit} characters`;
  }
  const length = typeof error.data === "string" ? `; it has ${Array.from(error.data).length}` : "";
  return `must have at most ${limit} characters${length}`;
}

/** Numbers that JavaScript may have rounded: they may not be the ones that were written. */
function roundedNumbers({ name, kind }: Field, value: unknown): Diagnostic[] {
  const found: Diagnostic[] = [];
  eachLeaf(value, (leaf, path) => {
    if (typeof leaf === "number" && !isSafeNumber(leaf)) {
      found.push(
        errorDiagnostic(
          "property/range",
          joinPath(name, ...path),
          `must be a number of at most ${Number.MAX_SAFE_INTEGER}: JavaScript rounds larger whole numbers`,
          kind === "document"
            ? 'Write it as text, with every digit. Example: "12345678901234567890"'
            : undefined,
        ),
      );
    }
  });
  return found;
}

/** In a list, the error is the item's. */
function textOrListFault(field: Field, path: string, value: unknown): Diagnostic {
  const items: unknown[] = Array.isArray(value) ? value : [];
  const at = items.findIndex((item) => typeof item !== "string");
  return at < 0
    ? typeFault(field, path, "textOrList", value)
    : typeFault(field, `${path}[${at}]`, "string", items[at]);
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: "text",
  integer: "a whole number",
  object: "a map",
  array: "a list",
  textOrList: "text or a list of texts",
};

function typeFault(field: Field, path: string, wanted: string, value: unknown): Diagnostic {
  const message = `must be ${TYPE_NAMES[wanted] ?? wanted}, not ${typeName(value)}`;
  return errorDiagnostic("property/type", path, message, typeHint(field, path, wanted, value));
}

/** Proposes only what is valid. */
function typeHint(field: Field, path: string, wanted: string, value: unknown): string | undefined {
  if (wanted === "string" || wanted === "textOrList") {
    return typeof value === "number" || typeof value === "boolean"
      ? textHint(field, path, String(value))
      : undefined;
  }
  if (wanted === "integer" && typeof value === "string") {
    const isNumber = /^\s*\d+\s*$/.test(value) && isValidAt(field, path, Number(value));
    return isNumber ? "Write it without quotes" : undefined;
  }
  if (wanted === "object" && Array.isArray(value)) {
    return "Write name: value pairs instead of a list";
  }
  return undefined;
}

function textHint(field: Field, path: string, text: string): string {
  if (isSecretAt(field, path)) {
    return "Set it with `pulumi config set --secret key`, and refer to that key";
  }
  return isValidAt(field, path, text) ? "Write it in quotes" : exampleOf(field);
}

/** Whether a field accepts a value at a path: in a map or a list that holds nothing else. */
function isValidAt(field: Field, path: string, value: string | number): boolean {
  const steps = splitPath(path).slice(1);
  const whole = steps.reduceRight<unknown>(
    (inner, step) => (typeof step === "number" ? [inner] : { [step]: inner }),
    value,
  );
  return validateField(field, whole).length === 0;
}

function isSecretAt({ secret }: Field, path: string): boolean {
  return (
    secret === "always" ||
    (secret === "byName" &&
      splitPath(path).some((step) => typeof step === "string" && namesCredential(step)))
  );
}

function exampleOf({ name, example }: Field): string {
  return `Example: ${name}: ${JSON.stringify(example)}`;
}

function typeName(value: unknown): string {
  if (value === null) {
    return "null";
  }
  if (Array.isArray(value)) {
    return "a list";
  }
  if (typeof value === "number") {
    return Number.isInteger(value) ? "a number" : "a fraction";
  }
  const names: Readonly<Record<string, string>> = {
    string: "text",
    boolean: "true or false",
    object: "a map",
  };
  return names[typeof value] ?? typeof value;
}

function choiceFault(path: string, { values = [] }: Field, value: unknown): Diagnostic {
  const meant = typeof value === "string" ? suggest(value, values) : undefined;
  return errorDiagnostic(
    "property/choice",
    path,
    `must be one of ${values.join(", ")}`,
    meant === undefined ? undefined : `Did you mean ${meant}?`,
  );
}

function pointerParts(value: unknown, pointer: string): (string | number)[] {
  let at = value;
  return pointer
    .split("/")
    .slice(1)
    .map((part) => {
      const key = part.replace(/~1/g, "/").replace(/~0/g, "~");
      const isIndex = Array.isArray(at);
      at = isObject(at) || Array.isArray(at) ? (at as Record<string, unknown>)[key] : undefined;
      return isIndex ? Number(key) : key;
    });
}
