import { DatabarConnector } from "pulumi-connectors";

/**
 * Mail servers of a domain: who hosts a company's e-mail. Needs no key.
 *
 * https://developers.google.com/speed/public-dns/docs/doh/json
 */
export const googleDns = new DatabarConnector("google-dns-mx", {
  name: "Google Public DNS: mail servers",
  method: "get",
  url: "https://dns.google/resolve",
  parameters: { name: "", type: "MX" },
  rateLimit: 600,
});
