import { SupermetricsConnector } from "pulumi-connectors";
import { secret } from "../config";
import { SCHEMA, cursor, field, jsonPath, pairs, resilient } from "./vocabulary";

const headers = pairs({ Authorization: "Bearer {{user.access_token}}" });

/** A request to HubSpot's token endpoint, which accepts a form. */
function tokenRequest(grant: Record<string, string>) {
  return {
    request: {
      method: "POST",
      url: "https://api.hubapi.com/oauth/v3/token",
      headers: pairs({ "Content-Type": "application/x-www-form-urlencoded" }),
      body: pairs({
        ...grant,
        client_id: "{{oauth2.client_id}}",
        client_secret: "{{oauth2.client_secret}}",
      }),
    },
  };
}

/** A list from HubSpot: all lists have the same pagination and envelope. */
function list(path: string, parameters: Record<string, string> = {}) {
  return {
    method: "GET",
    url: `https://api.hubapi.com/crm/v3/${path}`,
    headers,
    parameters: pairs({ limit: "100", ...parameters }),
    pagination: cursor("after", "$.paging.next.after"),
    response: { dataRows: jsonPath("$.results.*") },
  };
}

/**
 * Deals with their owners, and contacts: OAuth2, paging, a join and error handling.
 *
 * https://developers.hubspot.com/docs/api-reference/auth-oauth-v3/guide
 * https://developers.hubspot.com/docs/guides/api/crm/objects/deals
 * https://developers.hubspot.com/docs/guides/api/crm/owners
 */
export const hubspot = new SupermetricsConnector("hubspot-crm", {
  name: "HubSpot CRM",
  description: "Deals with their owners, and contacts by lifecycle stage.",
  secrets: { client_id: secret("hubspotClientId"), client_secret: secret("hubspotClientSecret") },
  configuration: {
    $schema: SCHEMA,
    authentication: {
      type: "oauth2",
      description: "Connect the HubSpot account to report on.",
      oauth2: {
        clientId: "${secrets.client_id}",
        clientSecret: "${secrets.client_secret}",
        tokenLifetime: 1800, // seconds
        tokenJsonPath: "$.access_token",
        authorization: {
          request: {
            url: "https://app.hubspot.com/oauth/authorize",
            parameters: pairs({
              client_id: "{{oauth2.client_id}}",
              redirect_uri: "https://supermetrics.com/login-complete",
              scope:
                "oauth crm.objects.deals.read crm.objects.contacts.read crm.objects.owners.read",
            }),
          },
        },
        tokenExchange: tokenRequest({
          grant_type: "authorization_code",
          code: "{{oauth2.code}}",
          redirect_uri: "https://supermetrics.com/login-complete",
        }),
        refresh: tokenRequest({
          grant_type: "refresh_token",
          refresh_token: "{{oauth2.refresh_token}}",
        }),
      },
    },
    dataSourceUser: {
      request: { method: "GET", url: "https://api.hubapi.com/account-info/v3/details", headers },
      userInfo: {
        id: jsonPath("$.portalId"),
        label: jsonPath("$.uiDomain"),
        accessToken: { source: "static", value: "{{oauth2.access_token}}" },
      },
    },
    reporting: {
      reportTypes: [
        {
          id: "deals",
          title: "Deals",
          request: list("objects/deals", {
            properties:
              "dealname,amount,deal_currency_code,pipeline,dealstage,closedate,createdate,hubspot_owner_id",
          }),
          decoration: {
            relations: [
              {
                reportTypeId: "owners",
                type: "normal",
                link: { parent: "owner_id", child: "owner_id" },
              },
            ],
          },
          fields: [
            field("deal_id", "Deal ID", "string.text.value", "$.id"),
            field("name", "Deal", "string.text.value", "$.properties.dealname"),
            field("amount", "Amount", "float.currency.value", "$.properties.amount"),
            field(
              "currency",
              "Currency",
              "string.currency.code",
              "$.properties.deal_currency_code",
            ),
            field("pipeline", "Pipeline", "string.text.value", "$.properties.pipeline"),
            field("stage", "Stage", "string.text.value", "$.properties.dealstage"),
            field("created", "Created", "string.time.date", "$.properties.createdate"),
            field("closed", "Close date", "string.time.date", "$.properties.closedate"),
            field("owner_id", "Owner ID", "string.text.value", "$.properties.hubspot_owner_id"),
          ],
        },
        {
          id: "owners",
          title: "Owners",
          hidden: true, // used only for the join
          request: list("owners"),
          fields: [
            field("owner_id", "Owner ID", "string.text.value", "$.id"),
            field("owner_first_name", "Owner first name", "string.text.value", "$.firstName"),
            field("owner_last_name", "Owner last name", "string.text.value", "$.lastName"),
          ],
        },
        {
          id: "contacts",
          title: "Contacts",
          request: list("objects/contacts", {
            properties: "lifecyclestage,hs_analytics_source,country,createdate",
          }),
          fields: [
            field("contact_id", "Contact ID", "string.text.value", "$.id"),
            field(
              "lifecycle_stage",
              "Lifecycle stage",
              "string.text.value",
              "$.properties.lifecyclestage",
            ),
            field(
              "source",
              "Original source",
              "string.text.value",
              "$.properties.hs_analytics_source",
            ),
            field("country", "Country", "string.text.value", "$.properties.country"),
            field("created", "Created", "string.time.date", "$.properties.createdate"),
          ],
        },
      ],
    },
    defaultResponseHandler: resilient("$.message"),
    secrets: {
      items: [
        {
          id: "client_id",
          classification: "secret",
          source: "encrypted",
          value: "${secrets.client_id}",
        },
        {
          id: "client_secret",
          classification: "secret",
          source: "encrypted",
          value: "${secrets.client_secret}",
        },
      ],
    },
  },
});
