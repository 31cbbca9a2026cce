/** The request of each report type of a Supermetrics connector. */
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
test("a value that no request uses is said once", () => {
  const requests = renderSupermetricsRequests(properties, { "acount.id": "7" });
  expect(requests.map(({ faults }) => faults)).toEqual([
    [
      {
        severity: "warning",
        message: "no request uses {{acount.id}}",
        hint: "Did you mean account.id?",
      },
    ],
    [],
  ]);
});
test("a body that is not the JSON that its header promises is an error", () => {
  const [request] = renderSupermetricsRequests(properties, { limit: "many" });
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
  "a configuration without report types has no requests: %j",
  (configuration) => expect(renderSupermetricsRequests({ configuration }, {})).toEqual([]),
);
