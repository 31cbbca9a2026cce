import { SupermetricsConnector } from "pulumi-connectors";
import {
  SCHEMA,
  field,
  fixed,
  jsonPath,
  linkHeader,
  pairs,
  resilient,
  tokenLogin,
  userInput,
} from "./vocabulary";

const headers = pairs({
  Authorization: "Bearer {{user.access_token}}",
  Accept: "application/vnd.github+json",
  "X-GitHub-Api-Version": "2022-11-28",
});

/** A list of one repository's traffic. GitHub keeps 14 days and accepts no dates. */
function traffic(
  id: string,
  title: string,
  path: string,
  rows: string,
  fields: ReturnType<typeof field>[],
) {
  return {
    id,
    title,
    request: {
      method: "GET",
      url: `https://api.github.com/repos/{{account.id}}/traffic/${path}`,
      headers,
      response: { dataRows: jsonPath(rows) },
    },
    fields,
  };
}

/**
 * Traffic of GitHub repositories.
 *
 * https://docs.github.com/en/rest/metrics/traffic
 * https://docs.github.com/en/rest/repos/repos#list-repositories-for-the-authenticated-user
 */
export const github = new SupermetricsConnector("github-traffic", {
  name: "GitHub repository traffic",
  description: "Views, clones and referrers of the last 14 days.",
  configuration: {
    $schema: SCHEMA,
    authentication: tokenLogin(
      "A fine-grained token with read access to the repositories' administration.",
    ),
    dataSourceUser: {
      request: { method: "GET", url: "https://api.github.com/user", headers },
      userInfo: {
        id: jsonPath("$.id"),
        label: jsonPath("$.login"),
        accessToken: userInput("api_token"),
      },
    },
    accounts: {
      fetchers: [
        {
          request: {
            method: "GET",
            url: "https://api.github.com/user/repos",
            parameters: pairs({ per_page: "100", affiliation: "owner,organization_member" }),
            headers,
            pagination: linkHeader(),
            response: { dataRows: jsonPath("$.*") },
          },
          accountInfo: {
            id: jsonPath("$.full_name"),
            label: jsonPath("$.full_name"),
            group: fixed("Repositories"),
            properties: [{ id: "can_push", ...jsonPath("$.permissions.push") }],
          },
        },
      ],
      // Only users with push access can read the traffic.
      filter: [{ value: jsonPath("$.permissions.push"), operator: "equals", compareTo: true }],
    },
    reporting: {
      reportTypes: [
        traffic("views", "Views", "views", "$.views.*", [
          field("date", "Date", "string.time.date", "$.timestamp"),
          field("views", "Views", "int.number.value", "$.count"),
          field("visitors", "Unique visitors", "int.number.value", "$.uniques"),
        ]),
        traffic("clones", "Clones", "clones", "$.clones.*", [
          field("date", "Date", "string.time.date", "$.timestamp"),
          field("clones", "Clones", "int.number.value", "$.count"),
          field("cloners", "Unique cloners", "int.number.value", "$.uniques"),
        ]),
        traffic("referrers", "Top referrers", "popular/referrers", "$.*", [
          field("referrer", "Referrer", "string.text.value", "$.referrer"),
          field("views", "Views", "int.number.value", "$.count"),
          field("visitors", "Unique visitors", "int.number.value", "$.uniques"),
        ]),
      ],
    },
    defaultResponseHandler: resilient("$.message"),
  },
});
