/** The requests of a Supermetrics connector: login, user, accounts and report types. */
import { renderSupermetricsRequests } from "../../../../provider/vendors/supermetrics/request";

const properties = {
  configuration: {
    accounts: { fetchers: [{ request: { method: "GET", url: "https://api.example.com/me" } }] },
    reporting: {
      reportTypes: [
        {
          id: "orders",
          request: {
            method: "post",
            url: "https://api.example.com/{{account.id}}/orders",
            headers: [
              { name: "Authorization", value: "Bearer ${secrets.key}" },
              { name: "Content-Type", value: "application/json" },
            ],
            parameters: [{ name: "from", value: "{{ query.start_date.date }}" }],
            body: '{"limit": {{limit}}, "text": "$${x}"}',
          },
        },
        { id: "plain", request: { url: "https://api.example.com/plain" } },
        { id: "none" },
      ],
    },
  },
  secrets: { key: "sk-1" },
};

test("placeholders take values; what only Supermetrics computes stays, and is said", () => {
  expect(renderSupermetricsRequests(properties, { "account.id": "7" })).toEqual([
    {
      name: "accounts.fetchers.0",
      isPreparation: true,
      method: "GET",
      url: "https://api.example.com/me",
      headers: [],
      variables: [],
      faults: [],
      open: [],
    },
    {
      name: "orders",
      method: "POST",
      url: "https://api.example.com/7/orders?from={{ query.start_date.date }}",
      headers: [
        ["Authorization", "Bearer sk-1"],
        ["Content-Type", "application/json"],
      ],
      body: '{"limit": {{limit}}, "text": "${x}"}',
      variables: ["account.id", "query.start_date.date", "limit"],
      faults: [],
      open: ["query.start_date.date", "limit"],
    },
    {
      name: "plain",
      method: "GET",
      url: "https://api.example.com/plain",
      headers: [],
      variables: [],
      faults: [],
      open: [],
    },
  ]);
});
test("a value that no request uses is a fault of the row, whichever request is asked for", () => {
  const requests = renderSupermetricsRequests(properties, { "acount.id": "7" });
  const unused = {
    severity: "warning",
    message: "no request uses {{acount.id}}",
    hint: "Did you mean account.id?",
    isOfRow: true,
  };
  expect(requests.map(({ faults }) => faults)).toEqual([[unused], [unused], [unused]]);
});
test("the requests of an OAuth 2.0 login, with the client that the document names, in the order in which they are made", () => {
  const form = [{ name: "Content-Type", value: "application/x-www-form-urlencoded" }];
  const token = (body: Readonly<Record<string, string>>) => ({
    request: {
      method: "POST",
      url: "https://auth.example.com/token",
      headers: form,
      body: Object.entries(body).map(([name, value]) => ({ name, value })),
    },
  });
  const client = { client_id: "{{oauth2.client_id}}", client_secret: "{{oauth2.client_secret}}" };
  const requests = renderSupermetricsRequests(
    {
      secrets: { client_secret: "s3cret & more" },
      configuration: {
        reporting: { reportTypes: [{ id: "r", request: { url: "https://api.example.com/r" } }] },
        dataSourceUser: { request: { method: "GET", url: "https://api.example.com/me" } },
        authentication: {
          type: "oauth2",
          oauth2: {
            clientId: "app-1",
            clientSecret: "${secrets.client_secret}",
            authorization: {
              request: {
                url: "https://auth.example.com/authorize",
                parameters: [{ name: "client_id", value: "{{oauth2.client_id}}" }],
              },
            },
            tokenExchange: token({ ...client, code: "{{oauth2.code}}" }),
            refresh: token({ refresh_token: "{{oauth2.refresh_token}}" }),
          },
        },
        accounts: { fetchers: [{ request: { url: "https://api.example.com/accounts" } }] },
      },
    },
    { "oauth2.code": "c 1" },
  );
  expect(
    requests.map(({ name, isPreparation, method, url, body, open }) => [
      ...[name, isPreparation, `${method} ${url}`, body, open],
    ]),
  ).toEqual([
    [
      ...["authentication.oauth2.authorization", true],
      ...["GET https://auth.example.com/authorize?client_id=app-1", undefined, []],
    ],
    [
      ...["authentication.oauth2.tokenExchange", true, "POST https://auth.example.com/token"],
      ...["client_id=app-1&client_secret=s3cret+%26+more&code=c+1", []],
    ],
    [
      ...["authentication.oauth2.refresh", true, "POST https://auth.example.com/token"],
      ...["refresh_token={{oauth2.refresh_token}}", ["oauth2.refresh_token"]],
    ],
    ["dataSourceUser", true, "GET https://api.example.com/me", undefined, []],
    ["accounts.fetchers.0", true, "GET https://api.example.com/accounts", undefined, []],
    ["r", undefined, "GET https://api.example.com/r", undefined, []],
  ]);
});
test("a list of body fields is JSON where the header says so", () => {
  const request = {
    url: "https://api.example.com/",
    headers: [{ name: "content-type", value: "application/json" }],
    body: [{ name: "a", value: 'say "{{b}}"' }],
  };
  const configuration = { accounts: { fetchers: [{ request }] } };
  expect(renderSupermetricsRequests({ configuration }, { b: "x" })[0]?.body).toBe(
    '{"a":"say \\"x\\""}',
  );
});
test("a body that is not the JSON that its header promises is an error", () => {
  const request = renderSupermetricsRequests(properties, { limit: "many" })[1];
  expect(request?.faults).toEqual([
    {
      severity: "error",
      message: "the body is not JSON, although its header says so",
      line: 1,
      column: 11,
    },
  ]);
});
test.each([undefined, null, {}, { reporting: { reportTypes: "x" } }, { reporting: [] }])(
  "a configuration without requests has none: %j",
  (configuration) => expect(renderSupermetricsRequests({ configuration }, {})).toEqual([]),
);
