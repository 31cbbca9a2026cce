import { joinPath } from "../../../provider/diagnostics";
import { pack } from "../../../provider/model/document";
import { secretPaths, secretTexts, sensitiveTexts } from "../../../provider/model/secret-paths";
import { databarFields } from "../../../provider/vendors/databar/fields";
import { supermetricsFields } from "../../../provider/vendors/supermetrics/fields";

const databarPaths = (values: Record<string, unknown>): string[] =>
  secretPaths(databarFields, values).map((path) => joinPath(...path));
const supermetricsPaths = (values: Record<string, unknown>): string[] =>
  secretPaths(supermetricsFields, values).map((path) => joinPath(...path));

describe("places that are secret even if the program does not mark them", () => {
  test("entries of headers, parameters and body, name by name", () => {
    const values = {
      headers: { Authorization: "a", Accept: "b" },
      parameters: { api_key: "c", q: "d" },
      body: { token: "e", domain: "f" },
    };
    expect(databarPaths(values)).toEqual([
      "headers.Authorization",
      "parameters.api_key",
      "body.token",
    ]);
  });
  test("a URL that carries a credential, as a whole", () => {
    expect(databarPaths({ url: "https://example.com/?token=abc" })).toEqual(["url"]);
    expect(databarPaths({ url: "https://example.com/?q=abc" })).toEqual([]);
  });
  test("a template that holds a credential, as a whole", () => {
    expect(databarPaths({ bodyTemplate: '{"api_key": "abc"}' })).toEqual(["bodyTemplate"]);
    expect(databarPaths({ bodyTemplate: '{"api_key": "{{ key }}"}' })).toEqual([]);
  });
  test("nothing of fields that never hold a secret", () =>
    expect(
      databarPaths({
        name: "Bearer abc",
        type: "enrichment",
        rateLimit: 5,
        headers: null,
        body: undefined,
      }),
    ).toEqual([]));
  test("every secret of a connector, by name", () =>
    expect(supermetricsPaths({ secrets: { b: "1", "odd name": "2" } })).toEqual([
      "secrets.b",
      'secrets["odd name"]',
    ]));
  test("credentials in a document", () => {
    expect(supermetricsPaths({ configuration: { a: { clientSecret: "x", url: "y" } } })).toEqual([
      "configuration.a.clientSecret",
    ]);
  });
  test("the packed configuration in the state, and its digest, by which short secrets could be guessed", () => {
    expect(supermetricsPaths({ configurationSource: "packed", configurationDigest: "d" })).toEqual([
      "configurationSource",
      "configurationDigest",
    ]);
    expect(supermetricsPaths({ configurationDigest: "d" })).toEqual(["configurationDigest"]);
  });
  test("a list with a credential in it, as a whole: the engine marks no single item", () => {
    expect(
      supermetricsPaths({
        configuration: {
          headers: [
            { name: "Accept", value: "json" },
            { name: "Authorization", value: "Bearer abc" },
          ],
        },
      }),
    ).toEqual(["configuration.headers"]);
  });
});

describe("texts that must not be said", () => {
  test("are those at secret places, whole, trimmed and without their scheme word", () => {
    expect(
      secretTexts(databarFields, {
        headers: { Authorization: " Bearer k3y ", Accept: "application/json" },
      }).sort(),
    ).toEqual([" Bearer k3y ", "Bearer k3y", "k3y"]);
  });
  test("are the credentials inside a URL too, decoded", () => {
    expect(secretTexts(databarFields, { url: "https://example.com/?token=a%2Fb" })).toEqual([
      "https://example.com/?token=a%2Fb",
      "a/b",
      "a%2Fb",
    ]);
  });
  test("are never of one character, which would tear every message apart", () =>
    expect(secretTexts(databarFields, { headers: { Authorization: "x" } })).toEqual([]));
  test("of a document are its credentials, not their neighbours", () => {
    const configuration = {
      headers: [
        { name: "Accept", value: "application/json" },
        { name: "Authorization", value: "Bearer k3y-1" },
      ],
    };
    expect(secretTexts(supermetricsFields, { configuration })).toEqual(["Bearer k3y-1", "k3y-1"]);
  });

  test("of a state are the credentials of its packed configuration, too", () => {
    const configuration = { oauth: { clientSecret: "k3y-1" } };
    expect(
      sensitiveTexts(supermetricsFields, { configurationSource: pack(configuration) }),
    ).toContain("k3y-1");
  });

  describe("perhaps", () => {
    const said = sensitiveTexts(databarFields, {
      name: "Scoring API",
      headers: { "X-Custom": "s3cr3t-value", Accept: "json", Authorization: "abc" },
      bodyTemplate: "{{ domain }} long",
      url: "https://example.com/",
    });
    test("include any longer value of a field that can hold a secret: what the program marked is not known", () =>
      expect(said).toEqual(
        expect.arrayContaining(["s3cr3t-value", "{{ domain }} long", "https://example.com/"]),
      ));
    test("include short values only where the name says credential", () => {
      expect(said).toContain("abc");
      expect(said).not.toContain("json");
    });
    test("leave out fields that cannot hold a secret, such as the name that messages need", () =>
      expect(said).not.toContain("Scoring API"));
    test("a value of exactly six characters counts, spaces do not", () => {
      expect(
        sensitiveTexts(databarFields, { headers: { a: "123456", b: "12345", c: " 12345 " } }),
      ).toEqual(["123456"]);
    });
  });
});
