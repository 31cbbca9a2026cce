/** Templates, judged and rendered by jinja2 itself: see scripts/jinja/vectors.ts. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  readTemplate,
  type Rendering,
  renderTemplate,
} from "../../../../provider/vendors/databar/jinja/index";

/** What jinja2 says about a template. */
interface Vector {
  readonly name: string;
  readonly template: string;
  readonly context: Readonly<Record<string, unknown>>;
  readonly valid: boolean;
  /** The line of the fault. */
  readonly line?: number;
  readonly variables?: readonly string[];
  readonly rendered?: string;
  /** The error that jinja2 raises with the context. */
  readonly fails?: string;
}

const vectors = JSON.parse(
  readFileSync(join(__dirname, "../../../fixtures/jinja/vectors.json"), "utf8"),
) as readonly Vector[];

const valid = vectors.filter((vector) => vector.valid);
const rendered = ({ template, context }: Vector): Rendering => renderTemplate(template, context);

/** Templates that jinja2 renders and this package does not: it says so, and shows no text. */
const NOT_RENDERED: readonly string[] = [
  "expressions: variable as a key",
  "filters: filter with a variable",
  "filters: filesizeformat",
  "filters: groupby",
  "filters: xmlattr",
  "statements: autoescape",
];

describe("of jinja2's vectors", () => {
  test("there are enough, of each kind", () => {
    expect(valid.length).toBeGreaterThan(250);
    expect(vectors.length - valid.length).toBeGreaterThan(40);
    expect(valid.filter(({ fails }) => fails !== undefined).length).toBeGreaterThan(5);
  });
  test.each(vectors)("the verdict: $name", ({ template, valid: isValid, line }) => {
    const { fault, unknown } = readTemplate(template);
    expect([fault === undefined && unknown.length === 0, fault?.line]).toEqual([
      isValid,
      // jinja2 says that it lacks a filter at the line of its use; this package gives no line.
      fault ? line : undefined,
    ]);
  });
  test.each(valid)("the variables: $name", ({ template, variables }) =>
    expect([...readTemplate(template).variables].sort()).toEqual(variables),
  );
  test.each(valid.filter(({ name }) => !NOT_RENDERED.includes(name)))(
    "the rendering: $name",
    (vector) => {
      const result = rendered(vector);
      if (vector.rendered === undefined) {
        expect(result.kind).not.toBe("rendered");
      } else {
        expect(result).toMatchObject({ kind: "rendered", text: vector.rendered });
      }
    },
  );
  test("what is not rendered is said, never guessed", () => {
    const silent = valid.filter(
      (vector) => vector.rendered !== undefined && rendered(vector).kind === "notRendered",
    );
    expect(silent.map(({ name }) => name).sort()).toEqual([...NOT_RENDERED].sort());
  });
});

describe("beyond jinja2", () => {
  test("a name that every branch sets does not come from outside", () =>
    expect(
      readTemplate("{% if a %}{% set y = 1 %}{% else %}{% set y = 2 %}{% endif %}{{ y }}")
        .variables,
    ).toEqual(["a"]));
  test("an unknown filter is no fault, because Databar may bring it", () =>
    expect(readTemplate("{{ x|slugify }}{{ x is company }}")).toEqual({
      variables: ["x"],
      unknown: ["filter slugify", "test company"],
    }));
  test("values have places in the text, and say what has none", () => {
    expect(renderTemplate('{"a": "{{ a }}", "b": "{{ b.c }}"}', { a: "x", b: {} })).toEqual({
      kind: "rendered",
      text: '{"a": "x", "b": ""}',
      printed: [
        { label: "a", start: 7, length: 1, hasValue: true },
        { label: "b.c", start: 17, length: 0, hasValue: false },
      ],
    });
    expect(renderTemplate("-{% for i in l %}{{ i }},{% endfor %}", { l: ["ab", "c"] })).toEqual({
      kind: "rendered",
      text: "-ab,c,",
      printed: [
        { label: "i", start: 1, length: 2, hasValue: true },
        { label: "i", start: 4, length: 1, hasValue: true },
      ],
    });
  });
  test.each([
    "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
    "{{ range(1000000)|list }}",
    "{{ 'x' * 100000000 }}",
    "{{ 2 ** 100000 }}",
    "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
  ])("a template that would run for long is not rendered: %s", (template) =>
    expect(renderTemplate(template, {}).kind).toBe("notRendered"),
  );
});
