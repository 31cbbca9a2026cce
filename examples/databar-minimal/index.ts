import { DatabarConnector } from "pulumi-connectors";

const mailServers = new DatabarConnector("mail-servers", {
  name: "Mail servers of a domain",
  method: "get",
  url: "https://dns.google/resolve",
  parameters: { name: "", type: "MX" }, // an empty value is filled for each row
});

export const connectorId = mailServers.connectorId;
