import * as pulumi from "@pulumi/pulumi";
import { DatabarConnector } from "pulumi-connectors";
import { secret } from "../config";

// Basic authentication with the key as the user name and no password. A value derived from a secret
// is also secret.
const credentials = secret("companiesHouseApiKey").apply((key) =>
  Buffer.from(`${key}:`).toString("base64"),
);

/**
 * Registered companies of the United Kingdom by name.
 *
 * https://developer-specs.company-information.service.gov.uk/companies-house-public-data-api/reference/search/search-companies
 */
export const companiesHouse = new DatabarConnector("companies-house-search", {
  name: "Companies House: company search",
  method: "get",
  url: "https://api.company-information.service.gov.uk/search/companies",
  headers: { Authorization: pulumi.interpolate`Basic ${credentials}` },
  parameters: { q: "", items_per_page: "5" },
  rateLimit: 120, // 600 requests in five minutes
});
