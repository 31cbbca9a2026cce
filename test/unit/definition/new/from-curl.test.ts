/** What curl would send. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { requestOfCurl } from "../../../../provider/definition/new/from-curl";
import { type WrittenRequest } from "../../../../provider/model/written-request";
import { folderOf, removeFolders } from "../../../../harness/definition-folder";

afterEach(removeFolders);

const URL = "https://api.example.com/v1";
const FORM = ["Content-Type", "application/x-www-form-urlencoded"] as const;
const JSON_TYPE = ["Content-Type", "application/json"] as const;

test.each<[string, Partial<WrittenRequest>]>([
  [`curl ${URL}`, { method: "GET", url: URL, parameters: [], headers: [] }],
  ["curl api.example.com/v1", { url: URL }],
  [`$ curl -sSL --compressed '${URL}' -o out.json | jq .`, { method: "GET", url: URL }],
  [`/usr/bin/curl --url ${URL} > out.json`, { url: URL }],
  [`KEY=1 curl -XPUT ${URL} -H'Accept: a'`, { method: "PUT", headers: [["Accept", "a"]] }],
  [`curl \\\n  --request PATCH \\\n  "${URL}"`, { method: "PATCH" }],
  [
    `curl '${URL}?a=1&b=x%20y&c=a+b&a=2&d'`,
    {
      url: URL,
      parameters: [
        ["a", "1"],
        ["b", "x y"],
        ["c", "a b"],
        ["a", "2"],
        ["d", ""],
      ],
    },
  ],
  [`curl '${URL}?d={{domain}}'`, { parameters: [["d", "{{domain}}"]] }],
  [
    `curl ${URL} -H 'Host: x' -H 'X-A:  b: c ' -H 'Content-Length: 3' -H broken`,
    { headers: [["X-A", "b: c"]] },
  ],
  [
    `curl ${URL} -d a=1 -d 'b=x+y'`,
    {
      method: "POST",
      headers: [FORM],
      body: {
        kind: "form",
        fields: [
          ["a", "1"],
          ["b", "x y"],
        ],
      },
    },
  ],
  [
    `curl ${URL} --data-urlencode 'name=Jenny & Co'`,
    { body: { kind: "form", fields: [["name", "Jenny & Co"]] } },
  ],
  [
    `curl -G ${URL} -d a=1 --data-urlencode 'b=c d'`,
    {
      method: "GET",
      parameters: [
        ["a", "1"],
        ["b", "c d"],
      ],
      headers: [],
    },
  ],
  [
    `curl ${URL} -d '{"a": "it'\\''s", "b": [1, null]}'`,
    { headers: [JSON_TYPE], body: { kind: "json", value: { a: "it's", b: [1, null] } } },
  ],
  [
    `curl ${URL} -H 'content-type: application/vnd.api+json' --data-raw $'{"a": "\\u00e9\\n"}'`.replace(
      "\\n",
      "\\\\n",
    ),
    {
      headers: [["content-type", "application/vnd.api+json"]],
      body: { kind: "json", value: { a: "é\n" } },
    },
  ],
  [
    `curl ${URL} --json '{"limit": {{limit}}, "l": [{{x}}]}'`,
    {
      method: "POST",
      headers: [JSON_TYPE, ["Accept", "application/json"]],
      body: { kind: "json", value: { limit: "{{limit}}", l: ["{{x}}"] } },
    },
  ],
  [
    `curl ${URL} -H 'Content-Type: text/xml' -d '<a>{{b}}</a>'`,
    { headers: [["Content-Type", "text/xml"]], body: { kind: "text", text: "<a>{{b}}</a>" } },
  ],
  [
    `curl ${URL} -u user:pass`,
    { headers: [["Authorization", `Basic ${Buffer.from("user:pass").toString("base64")}`]] },
  ],
  [
    `curl ${URL} --oauth2-bearer t -A agent -e https://a.example -b 'a=b'`,
    {
      headers: [
        ["Authorization", "Bearer t"],
        ["User-Agent", "agent"],
        ["Referer", "https://a.example"],
        ["Cookie", "a=b"],
      ],
    },
  ],
])("%s", (command, expected) => expect(requestOfCurl(command)).toMatchObject(expected));

test("a file is read where it is there", () => {
  const file = join(folderOf({}), "body.json");
  writeFileSync(file, '{"a":\n1}\n');
  expect(requestOfCurl(`curl ${URL} -d @${file}`).body).toEqual({ kind: "json", value: { a: 1 } });
});

test.each<[string, RegExp]>([
  ["wget https://a.example", /does not start with curl/],
  ["curl", /has no URL/],
  ["curl 'https://a.example", /a quote that is not closed/],
  [
    "curl https://a.example x y",
    /has 3 URLs\. Put a text with spaces, such as a header, in quotes/,
  ],
  ["curl https://a.example --fancy", /not known here: --fancy/],
  ["curl https://a.example -F file=@x", /uploads a file or a form/],
  ["curl https://a.example -d @none.json", /none\.json, which cannot be read here/],
])("%s is refused in words", (command, message) =>
  expect(() => requestOfCurl(command)).toThrow(message),
);
