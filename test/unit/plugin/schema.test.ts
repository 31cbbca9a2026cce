/**
 * What Pulumi's YAML and its code generators need of the package schemas. On the Pulumi CLI,
 * test/e2e/native-sdks.test.ts checks them by Pulumi's own rules.
 */
import { isObject } from "../../../provider/json";
import { packageSchema } from "../../../provider/plugin/serve";
import { VENDOR_NAMES } from "../../../provider/vendors/index";

type Schema = Readonly<Record<string, unknown>>;

/** Every object of a schema, with the path to it. */
function partsOf(value: unknown, path = ""): [path: string, part: Schema][] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => partsOf(item, `${path}/${index}`));
  }
  return isObject(value)
    ? [
        [path, value],
        ...Object.entries(value).flatMap(([key, item]) => partsOf(item, `${path}/${key}`)),
      ]
    : [];
}

/** The parts that describe the values of a property, or the items of one. */
function valuesOf(schema: Schema): [path: string, part: Schema][] {
  return partsOf(schema).filter(([path]) =>
    /\/(properties|inputProperties|variables)\/\w+$|\/(additionalProperties|items)$/.test(path),
  );
}

describe.each(VENDOR_NAMES)("the package schema of %s", (vendor) => {
  const schema = JSON.parse(packageSchema(vendor)) as Schema;
  const types = schema["types"] as Schema;
  const pathsOf = (isWrong: (part: Schema) => boolean): string[] =>
    valuesOf(schema)
      .filter(([, part]) => isWrong(part))
      .map(([path]) => path);

  test("has values of one type each, or references to types that it has", () => {
    expect(valuesOf(schema).length).toBeGreaterThan(50);
    const known: unknown[] = [
      "pulumi.json#/Any",
      ...Object.keys(types).map((type) => `#/types/${type}`),
    ];
    const isType = ({ type, $ref, items, additionalProperties }: Schema): boolean =>
      $ref === undefined
        ? ["string", "number", "integer", "boolean"].includes(String(type)) ||
          (type === "array" && items !== undefined) ||
          (type === "object" && additionalProperties !== undefined)
        : type === undefined && known.includes($ref);
    expect(pathsOf((part) => !isType(part))).toEqual([]);
  });

  test("has no value that may be a text or a list: Pulumi's SDK for Python cannot send it", () =>
    expect(partsOf(schema).filter(([, part]) => "oneOf" in part)).toEqual([]));

  test("has no map that is secret as a whole: its keys would show no differences", () =>
    expect(pathsOf(({ secret, type }) => secret === true && type !== "string")).toEqual([]));

  test("has no id that is an integer: in some languages it has 32 bits", () => {
    const ids = valuesOf(schema).filter(([path]) => /Id$/.test(path));
    expect(ids.length).toBeGreaterThan(0);
    expect(ids.filter(([, { type }]) => type === "integer")).toEqual([]);
  });

  test("requires what it describes, and describes everything", () => {
    const parts = partsOf(schema).map(([, part]) => part);
    for (const [required, described] of [
      ["required", "properties"],
      ["requiredInputs", "inputProperties"],
    ] as const) {
      const wrong = parts.flatMap((part) =>
        ((part[required] ?? []) as string[]).filter(
          (name) => !isObject(part[described]) || !(name in part[described]),
        ),
      );
      expect(wrong).toEqual([]);
    }
    const unsaid = valuesOf(schema).filter(
      ([path, { description }]) => /\/\w*[pP]roperties\/\w+$/.test(path) && !description,
    );
    expect(unsaid.map(([path]) => path)).toEqual([]);
  });
});
