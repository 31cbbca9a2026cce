/** The request that Databar makes for a row. */
import { type RenderedRequest, type Row } from "../../../../provider/model/rendered-request";
import { renderDatabarRequest } from "../../../../provider/vendors/databar/request";

const json = { "Content-Type": "application/json" };

function render(properties: Readonly<Record<string, unknown>>, row: Row = {}): RenderedRequest {
  const [request] = renderDatabarRequest(
    { name: "A", method: "post", url: "https://api.example.com/v1", ...properties },
    row,
  );
  return request!;
}

const messages = ({ faults }: RenderedRequest): string[] =>
  faults.map(({ severity, message }) => `${severity}: ${message}`);

test("an empty header, parameter or body field takes the row's value; others are constants", () => {
  const request = render(
    {
      headers: { "X-Account": "", Accept: "a" },
      parameters: { q: "", lang: "en" },
      body: { domain: "", kind: "full" },
    },
    { "X-Account": "7", q: "a&b", domain: "acme.com" },
  );
  expect(request).toEqual({
    method: "POST",
    url: "https://api.example.com/v1?q=a%26b&lang=en",
    headers: [
      ["X-Account", "7"],
      ["Accept", "a"],
    ],
    body: '{"domain":"acme.com","kind":"full"}',
    variables: ["q", "X-Account", "domain"],
    faults: [],
    open: [],
  });
});
test.each<[string, string]>([
  ["https://a.example/x", "https://a.example/x?q=1"],
  ["https://a.example/x?", "https://a.example/x?q=1"],
  ["https://a.example/x?b=2", "https://a.example/x?b=2&q=1"],
  ["https://a.example/x#top", "https://a.example/x?q=1#top"],
])("parameters go into the query of %s", (url, expected) =>
  expect(render({ url, parameters: { q: "1" } }).url).toBe(expected),
);
test("a list is sent once per value", () =>
  expect(render({ headers: { Accept: ["a", "b"] }, parameters: { f: ["x", "y"] } })).toMatchObject({
    headers: [
      ["Accept", "a"],
      ["Accept", "b"],
    ],
    url: "https://api.example.com/v1?f=x&f=y",
  }));
test("values of a JSON row keep their type in body fields, and are a form where a header says so", () => {
  const body = { n: "", list: "", on: "", text: "x y" };
  const row = { n: 3, list: [1], on: true };
  expect(render({ body }, row).body).toBe('{"n":3,"list":[1],"on":true,"text":"x y"}');
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  expect(render({ body, headers }, row).body).toBe("n=3&list=%5B1%5D&on=true&text=x+y");
});
test("a get request has no body", () =>
  expect(render({ method: "get", body: { a: "b" }, bodyTemplate: "x" }).body).toBeUndefined());
test("a template takes the place of the body fields", () =>
  expect(
    render({ body: { domain: "constant" }, bodyTemplate: "<{{ domain }}>" }, { domain: "acme.com" })
      .body,
  ).toBe("<acme.com>"));

describe("what is wrong is said", () => {
  test("a variable, a parameter and a header without a value", () => {
    const request = render({
      parameters: { q: "" },
      headers: { "X-A": "" },
      bodyTemplate: "{{ domain }}{{ domain }}{{ x|default('y') }}",
    });
    expect(messages(request)).toEqual([
      "warning: q has no value",
      "warning: X-A has no value",
      "warning: domain has no value",
    ]);
  });
  test("a value that the request does not use", () =>
    expect(render({ parameters: { domain: "" } }, { domian: "x" }).faults).toContainEqual({
      severity: "warning",
      message: "the request does not use domian",
      hint: "Did you mean domain?",
    }));
  test.each<[string, Row, string, string | undefined]>([
    [
      '{"a": "{{ a }}"}',
      { a: 'say "hi"' },
      "the value of a holds quotes, backslashes or line breaks",
      "Write {{ a | tojson }}, without quotes around it",
    ],
    ['{"a": "{{ a.b }}"}', { a: { b: "one\ntwo" } }, "the value of a.b holds", undefined],
    ['{"a": {{ a }}}', { a: false }, "its header says so", "Write {{ a | tojson }}"],
    ['{"a": {{ a }} }', {}, "its header says so", "Write {{ a | tojson }}"],
    ['[{% for i in l %}"{{ i }}",{% endfor %}]', { l: ["x"] }, "its header says so", undefined],
  ])(
    "a body that is not the JSON that its header promises: %s",
    (bodyTemplate, row, message, hint) => {
      const fault = render({ headers: json, bodyTemplate }, row).faults.find(
        ({ severity }) => severity === "error",
      );
      expect(fault?.message).toContain(message);
      expect(fault?.line).toBeGreaterThan(0);
      if (hint !== undefined) {
        expect(fault?.hint).toContain(hint);
      }
    },
  );
  test("not of a body without such a header, nor of JSON with quotes that are escaped", () => {
    expect(render({ bodyTemplate: "{{ a }}" }, { a: 'x"' }).faults).toEqual([]);
    expect(
      render({ headers: json, bodyTemplate: '{"a": {{ a | tojson }}}' }, { a: 'x"\n' }),
    ).toMatchObject({ faults: [], body: '{"a": "x\\"\\n"}' });
  });
  test("a template that fails, and one that is not rendered here", () => {
    expect(messages(render({ bodyTemplate: "{{ a.b.c }}" }))).toEqual([
      "error: bodyTemplate fails: a has no value, so it has no b",
    ]);
    const request = render({ bodyTemplate: "{{ 5|filesizeformat }}", headers: json });
    expect(messages(request)).toEqual([
      "warning: the body is not rendered here, because bodyTemplate uses the filter filesizeformat",
    ]);
    expect(request.body).toBe("{{ 5|filesizeformat }}");
  });
  test("a line break in a header", () =>
    expect(messages(render({ headers: { "X-A": "" } }, { "X-A": "a\r\nB: c" }))).toEqual([
      "error: the header X-A holds a line break or a control character",
    ]));
});
