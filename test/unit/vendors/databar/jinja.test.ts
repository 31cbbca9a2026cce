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
    "{% for i in range(9999) %}{{ 5 in range(100000) }}{% endfor %}",
    "{{ range(100000)|select('in', range(100000)|list)|list }}",
    "{{ range(100000)|map('center', 100000)|list }}",
    "{% set n = namespace(x=[1]) %}{% for i in range(40) %}{% set n.x = n.x + n.x %}{% endfor %}",
    "{% set n = namespace(x=[]) %}{% for i in range(99) %}{% set n.x = [n.x, n.x] %}{% endfor %}",
    "{% set n = namespace(x='ab') %}{% for i in range(40) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
    "{% set n = namespace(x=7) %}{% for i in range(60) %}{% set n.x = n.x * n.x %}{% endfor %}",
    "{% set l = [] %}{{ l.append(l) }}{{ l }}",
    "{{ 'x'|center(500000000) }}",
    "{{ 'x'.ljust(500000000) }}",
    "{{ '%0500000000d' % 1 }}",
    "{{ 'a\nb'|indent(500000000) }}",
    "{{ [1]|tojson(indent=500000000) }}",
    "{{ [1]|batch(500000000, 'x')|list }}",
    "{{ ('a' * 9999)|replace('a', 'b' * 99999) }}",
    "{{ ('a' * 9999).replace('a', 'b' * 99999) }}",
    "{{ ('b' * 99999).join(['a'] * 9999) }}",
    "{{ (['a'] * 9999)|join('b' * 99999) }}",
  ])("a template that would run for long is not rendered: %s", (template) =>
    expect(renderTemplate(template, {}).kind).toBe("notRendered"),
  );

  test.each([
    ["{{ range(100000)|unique|list|length }}", "100000"],
    ["{{ [1, 1.0, true, 'a', 'A']|unique|list }}", "[1, 'a']"],
    ["{{ ('<' * 100000)|striptags|length }}", "100000"],
    ["{{ ('<!--' * 20000 ~ '<b>x')|striptags|length }}", "1"],
    ["{{ 'a <!-- > --> b<!-->c<i\n>d < e'|striptags }}", "a bcd < e"],
    ["{{ (' ' * 99990 ~ 'x').rstrip()|length }}", "99991"],
    ["{{ (' ' * 99990 ~ 'x' ~ ' ' * 9).strip() }}", "x"],
    ["{{ '-]a-^b]'.strip('^]-') }}{{ 'xxax'.lstrip('x') }}{{ 'xx'.lstrip('x') }}", "a-^bax"],
    ["{{ ('1' * 99999 ~ 'x')|float }}", "0.0"],
    ["{{ 'ab'.replace('', '-') }}", "-a-b-"],
  ])("a template renders in a time that its size bounds: %s", (template, text) =>
    expect(renderTemplate(template, {})).toMatchObject({ kind: "rendered", text }),
  );
  test.each([
    ["brackets", `{{ ${"(".repeat(99_999)}1${")".repeat(99_999)} }}`],
    ["operators", `{{ ${"a + ".repeat(99_999)}a }}`],
    ["signs", `{{ ${"-".repeat(99_999)}1 }}`],
    ["members", `{{ a${".b".repeat(99_999)} }}`],
    ["filters", `{{ a${"|upper".repeat(99_999)} }}`],
    ["blocks", `${"{% if a %}".repeat(99_999)}${"{% endif %}".repeat(99_999)}`],
  ])("a template whose %s nest too deep has a fault", (_, template) => {
    expect(readTemplate(template).fault).toEqual({
      message: "its brackets, operators or blocks nest too deep",
      line: 1,
      column: 1,
    });
    expect(renderTemplate(template, {}).kind).not.toBe("rendered");
  });
});
