/** Credentials inside longer texts: templates and URLs. */
import {
  isReference,
  textCredentials,
  urlCredentials,
} from "../../../provider/model/credential-detection";

describe("textCredentials: in a template", () => {
  test.each([
    ['{"api_key": "abc", "domain": "x"}', ["abc"]],
    ["{'clientSecret': 'abc def'}", ["abc def"]],
    ["token=abc&q=1", ["abc"]],
    ["password: abc\nuser: me", ["abc"]],
    ['{"token": "one", "secret": "two"}', ["one", "two"]],
    ["Bearer abc", ["Bearer abc"]],
    // As it stands in the template, and as a server that has read it repeats it.
    ['{"token": "a\\"b c", "domain": "x"}', ['a\\"b c', 'a"b c']],
    ["--pwd=abc 5token=def", ["abc", "def"]],
  ])("%s holds %j", (text, found) => expect(textCredentials(text)).toEqual(found));
  test.each([
    '{"api_key": "{{ key }}"}',
    '{"token": "${secrets.k}"}',
    '{"max_tokens": 500, "use_token": true, "secret": null, "password": none}',
    '{"token": ""}',
    '{"tokenType": "abc", "token_url": "abc"}',
    '{"domain": "{{ domain }}"}',
    "",
    "no pairs at all",
  ])("%s holds none", (text) => expect(textCredentials(text)).toEqual([]));
});

describe("a long text takes no longer than it is long", () => {
  test.each(["a", "a1", "a-", "${", "{{", "a ", '"a', "1"])("of nothing but %j", (part) => {
    const text = part.repeat(100_000 / part.length);
    const start = performance.now();
    expect([textCredentials(text), isReference(text)]).toEqual([[], false]);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});

describe("urlCredentials: in a URL, decoded as a server repeats them", () => {
  test.each([
    ["https://user:p%40ss@example.com/", ["user", "p@ss"]],
    ["https://sk_live@example.com/", ["sk_live"]],
    ["https://example.com/?token=a%20b&q=1&key=c", ["a b", "c"]],
    ["example.com/x?api_key=abc", ["abc"]],
    ["https://user:100%25%@example.com/", ["user", "100%25%"]],
  ])("%s holds %j", (url, found) => expect(urlCredentials(url)).toEqual(found));
  test.each([
    "https://example.com/",
    "https://example.com/?q=abc",
    "https://example.com/?token={{ token }}",
    "https://example.com/?token=",
    "a sentence? token=abc",
    "token=abc",
    "plain",
  ])("%s holds none", (url) => expect(urlCredentials(url)).toEqual([]));
});
