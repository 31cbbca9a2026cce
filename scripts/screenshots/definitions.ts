/** The definitions that the images show: a correct set, and one with typical mistakes. */

type Files = Readonly<Record<string, string>>;

const HUNTER = `connectors:
  hunter-email-finder:
    type: DatabarConnector
    properties:
      name: "Hunter: e-mail finder"
      connectorId: 1
      method: get
      url: https://api.hunter.io/v2/email-finder
      headers:
        Accept: application/json
        Authorization: Bearer \${config.hunterApiKey}
      parameters: { domain: "", first_name: "", last_name: "" }
      rateLimit: 60
  companies-house:
    type: DatabarConnector
    properties:
      name: Companies House
      method: get
      url: https://api.company-information.service.gov.uk/search/companies
      parameters: { q: "" }
`;

const PAGESPEED = `connectors:
  pagespeed:
    type: DatabarConnector
    properties:
      name: PageSpeed score
      method: get
      url: https://www.googleapis.com/pagespeedonline/v5/runPagespeed
      parameters: { url: "" }
`;

const AWIN = `connectors:
  awin:
    type: SupermetricsConnector
    properties:
      name: Awin
      description: Transactions per advertiser.
      connectorIdentifier: AWIN1
      configuration: { $file: ./awin.configuration.json }
`;

const AWIN_CONFIGURATION = `{
  "reporting": {
    "reportTypes": [
      {
        "id": "transactions",
        "title": "Transactions",
        "request": {
          "method": "GET",
          "url": "https://api.awin.com/publishers/{{account.id}}/transactions/"
        }
      }
    ]
  }
}
`;

/** Files by their path in a project. */
export const DEFINITIONS: Files = {
  "Pulumi.yaml": "name: connectors\nruntime: nodejs\n",
  "connectors/awin.configuration.json": AWIN_CONFIGURATION,
  "connectors/awin.yaml": AWIN,
  "connectors/hunter.yaml": HUNTER,
  "connectors/pagespeed.yaml": PAGESPEED,
};

/** The same with three faults. */
export const BROKEN_DEFINITIONS: Files = {
  ...DEFINITIONS,
  "connectors/awin.configuration.json": AWIN_CONFIGURATION.replace("account.id", "acount.id"),
  "connectors/hunter.yaml": HUNTER.replace(
    "${config.hunterApiKey}",
    "not-a-real-key-0123456789",
  ).replace("rateLimit", "ratelimit"),
};
