/** Which names and values say credential. Each entry of the table has its row here. */
import {
  credentialEntries,
  credentialLeaves,
  isReference,
  looksLikeCredential,
  namesCredential,
  urlHoldsCredential,
} from "../../../provider/model/credential-detection";
import { joinPath } from "../../../provider/diagnostics";

describe("namesCredential", () => {
  test.each([
    "Authorization",
    "authorization",
    "AUTHORIZATION",
    " Authorization ",
    "Proxy-Authorization",
    "ProxyAuthorization",
    "Cookie",
    "Set-Cookie",
    "Cookie2",
    "Set-Cookie2",
    "X-Api-Key",
    "x-apikey",
    "api_key",
    "apiKey",
    "api.key",
    "APIKEY",
    "my-api-key-2",
    "app_key",
    "appkey",
    "access-key",
    "auth-key",
    "account_key",
    "client-key",
    "consumer_key",
    "developer-key",
    "license_key",
    "private-key",
    "secret_key",
    "service-key",
    "session.key",
    "shared-key",
    "subscription-key",
    "Ocp-Apim-Subscription-Key",
    "key",
    "X-Key",
    "aws_access_key_id",
    "aws-secret-access-key",
    "signing_key",
    "encryption-key-v2",
    "x-shared-key-2",
    "token",
    "access_token",
    "refreshToken",
    "X-Auth-Token",
    "csrf-token",
    "PRIVATE-TOKEN",
    "secret",
    "client_secret",
    "X-Secret-Thing",
    "password",
    "passwd",
    "user_password",
    "passphrase",
    "key-passphrase",
    "pwd",
    "pass",
    "pat",
    "jwt",
    "otp",
    "pin",
    "sig",
    "auth",
    "credential",
    "credentials",
    "aws_credential",
    "X-Signature",
    "signature",
    "bearer",
    "x-bearer-x",
    "X-Auth",
    "x_auth_user",
    "xauthid",
    "session_id",
    "sessionid",
    "csrf-id",
    "xsrf_id",
    "php-session-id",
    "connection_string",
    "ConnectionString",
    "db.connection-string",
    "DD-APPLICATION-KEY",
    "application_key",
    "x-functions-key",
    "X-Mashape-Key",
    "X-User-Key",
    "user_key",
    "X-Master-Key",
    "write_key",
    "writeKey",
    "appid",
    "api_pass",
    "apiPass",
    "page_token",
    "max_refresh_token",
    "tokens",
    "input_tokens",
    "x-token-counter",
  ])("%s does", (name) => expect(namesCredential(name)).toBe(true));

  test.each([
    "Accept",
    "Content-Type",
    "User-Agent",
    "Host",
    "domain",
    "company_domain",
    "email",
    "name",
    "id",
    "url",
    "query",
    "",
    "author",
    "monkey",
    "keyboard",
    "keyword",
    "primary_key",
    "sort_key",
    "x-request-id",
    "x-keystone",
    "passport",
    "compass",
    "bypass",
    "pinned",
    "pattern",
    "path",
    "signal",
    "designation",
    "spin",
    "account",
    "client",
    "service",
    "private",
    "shared",
    "cookies_enabled",
    "authorized",
    "connection",
    "string",
    "session",
    "id_session",
    "max_tokens",
    "maxTokens",
    "max_output_tokens",
    "max-completion-tokens",
    "min_tokens",
    "total_tokens",
    "page_token_count",
    "tokenCount",
    "token_limit",
    "application",
    "app_id",
    "users_key",
    "write",
  ])("%j does not", (name) => expect(namesCredential(name)).toBe(false));
});

describe("looksLikeCredential", () => {
  test.each([
    "Bearer abc",
    "bearer abc",
    " Basic dXNlcjpwYXNz",
    "Digest x",
    "Token abc",
    "ApiKey abc",
    "Api-Key abc",
    "Negotiate abc",
  ])("%s does", (value) => expect(looksLikeCredential(value)).toBe(true));
  test.each([
    "Bearer",
    "Bearer ",
    "application/json",
    "",
    "The Bearer abc",
    "Basically fine",
    "Bearer ${secrets.a}",
    "Bearer {{ user.access_token }}",
  ])("%j does not", (value) => expect(looksLikeCredential(value)).toBe(false));
});

describe("isReference: a text without a value of its own", () => {
  test.each([
    "",
    " ",
    "${secrets.a}",
    "{{ token }}",
    " ${a} {{b}} ",
    "${a}${b}",
    "Bearer  {{ token }}",
    "access-token={{ token }}",
    "token = {{ token }}",
    "token  =  {{ token }}",
  ])("%j is one", (value) => expect(isReference(value)).toBe(true));
  test.each(["abc", "x${a}-real-value-1", "${a", "{{a}", "{a}"])("%j is none", (value) =>
    expect(isReference(value)).toBe(false),
  );
});

describe("credentialEntries", () => {
  test("takes the names that say credential and the values that look like one", () => {
    expect(
      credentialEntries({ Authorization: "x", Accept: "json", "X-Other": "Bearer abc" }),
    ).toEqual([["Authorization"], ["X-Other"]]);
  });
  test("a value without a value of its own is none", () =>
    expect(
      credentialEntries({ api_key: "", token: "{{ token }}", secret: "${secrets.a}" }),
    ).toEqual([]));
  test("a list counts as a whole, if one of its texts is a credential", () => {
    expect(
      credentialEntries({
        Cookie: ["", "a=b"],
        Accept: ["json", "Token abc"],
        token: ["", "{{t}}"],
      }),
    ).toEqual([["Cookie"], ["Accept"]]);
  });
  test.each([undefined, null, "text", ["list"], 5])("%j has none", (value) =>
    expect(credentialEntries(value)).toEqual([]),
  );
  test("values that are no text are none", () =>
    expect(credentialEntries({ token: 5, secret: null })).toEqual([]));
});

describe("credentialLeaves", () => {
  const paths = (document: unknown): string[] =>
    credentialLeaves(document).map((path) => joinPath(...path));

  test.each([
    "authorization",
    "cookie",
    "token",
    "accessToken",
    "refresh_token",
    "clientSecret",
    "client-secret",
    "password",
    "passphrase",
    "passwd",
    "credential",
    "credentials",
    "apiKey",
    "api_key",
    "access-key",
    "privateKey",
    "secret_key",
    "signingKey",
    "encryptionKey",
    "secrets",
  ])("a text under %s is one", (key) =>
    expect(paths({ a: { [key]: "v" } })).toEqual([joinPath("a", key)]),
  );
  test.each([
    "tokenJsonPath",
    "tokenLifetime",
    "passwordLabel",
    "secretName",
    "key",
    "id",
    "value",
    "apiKeyLabel",
    "accessTokenUrl",
    "broken",
  ])("a text under %s is none", (key) => expect(paths({ a: { [key]: "v" } })).toEqual([]));

  test("references, template variables and empty texts are none", () =>
    expect(paths({ token: "${secrets.a}", secret: "{{ x }}", password: "" })).toEqual([]));
  test("any text that looks like a credential is one", () =>
    expect(paths({ note: "Bearer abc" })).toEqual(["note"]));
  test("items of a list stand under its key", () =>
    expect(paths({ tokens: ["a", "${secrets.b}", "c"] })).toEqual(["tokens[0]", "tokens[2]"]));
  test("numbers and nulls are none", () =>
    expect(paths({ token: 5, secret: null, password: true })).toEqual([]));

  describe("the value of a pair", () => {
    test.each([
      ["named like a credential", { name: "Authorization", value: "v" }],
      ["whose id says so", { id: "api_key", value: "v" }],
      ["of class secret", { id: "k", classification: "secret", source: "encrypted", value: "v" }],
    ])("%s is one", (_, pair) => expect(paths({ list: [pair] })).toEqual(["list[0].value"]));
    test.each([
      ["named otherwise", { name: "Accept", value: "v" }],
      ["of class public", { id: "k", classification: "public", source: "static", value: "v" }],
      ["that the user gives", { source: "userInput", value: "api_key" }],
      ["that is found in an answer", { source: "jsonPath", value: "$.token" }],
      ["without a name", { value: "v" }],
    ])("%s is none", (_, pair) => expect(paths({ list: [pair] })).toEqual([]));
    test("a pair stands for the key that it is under", () => {
      expect(
        paths({
          apiKey: { value: "v" },
          secrets: [
            { name: "a", value: "v" },
            { id: "b", value: "${secrets.b}" },
          ],
          page: { value: "v" },
        }),
      ).toEqual(["apiKey.value", "secrets[0].value"]);
    });
    test("a static value source stands for the key that it is under", () => {
      expect(
        paths({
          accessToken: { source: "static", value: "v" },
          label: { source: "static", value: "v" },
        }),
      ).toEqual(["accessToken.value"]);
    });
    test("a user's input under a credential's key is none", () =>
      expect(paths({ accessToken: { source: "userInput", value: "api_key" } })).toEqual([]));
    test("only value stands for the pair", () =>
      expect(paths({ list: [{ name: "Authorization", note: "v" }] })).toEqual([]));
  });
});

describe("urlHoldsCredential", () => {
  test.each([
    "https://user:pass@example.com/",
    "https://example.com/?api_key=abc",
    "https://example.com/?a=1&token=abc",
    "example.com?api_key=abc",
    "{{host}}/x?a=1&access_token=abc",
  ])("%s does", (url) => expect(urlHoldsCredential(url)).toBe(true));
  test.each([
    "https://example.com/",
    "https://example.com/?q=abc",
    "https://example.com/token/x",
    "https://example.com/?api_key={{key}}",
    "https://example.com/?api_key=",
    "example.com?q=abc",
    "{{host}}/x?api_key={{key}}",
    "?q=1",
  ])("%s does not", (url) => expect(urlHoldsCredential(url)).toBe(false));
});
