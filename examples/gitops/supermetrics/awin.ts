import { SupermetricsConnector } from "pulumi-connectors";
import { SCHEMA, TOKEN_USER, field, fixed, jsonPath, pairs, tokenLogin } from "./vocabulary";

const headers = pairs({ Authorization: "Bearer {{user.access_token}}" });

/**
 * Awin for publishers: a token API with several accounts behind one token.
 *
 * https://help.awin.com/apidocs/returns-information-about-accounts-for-a-given-user
 * https://success.awin.com/articles/en_US/Knowledge/Publisher-API-GET-transactions-list
 * https://wiki.awin.com/index.php/Publisher_API
 */
export const awin = new SupermetricsConnector("awin", {
  name: "Awin (publisher)",
  description: "Transactions and performance by advertiser. Transactions: at most 31 days a query.",
  configuration: {
    $schema: SCHEMA,
    authentication: tokenLogin(
      "Create an API token at https://ui.awin.com/awin-api and paste it here.",
    ),
    dataSourceUser: TOKEN_USER,
    accounts: {
      fetchers: [
        {
          request: {
            method: "GET",
            url: "https://api.awin.com/accounts",
            parameters: pairs({ type: "publisher" }),
            headers,
            response: { dataRows: jsonPath("$.accounts.*") },
          },
          accountInfo: {
            id: jsonPath("$.accountId"),
            label: jsonPath("$.accountName"),
            group: fixed("Publishers"),
            properties: [
              { id: "account_type", ...jsonPath("$.accountType") },
              { id: "user_role", ...jsonPath("$.userRole") },
            ],
          },
        },
      ],
    },
    reporting: {
      reportTypes: [
        {
          id: "transactions",
          title: "Transactions",
          request: {
            method: "GET",
            url: "https://api.awin.com/publishers/{{account.id}}/transactions/",
            headers,
            parameters: pairs({
              startDate: "{{query.start_date.date}}T00:00:00",
              endDate: "{{query.end_date.date}}T23:59:59",
              timezone: "UTC",
              dateType: "transaction",
            }),
            response: { dataRows: jsonPath("$.*") },
          },
          fields: [
            field("transaction_id", "Transaction ID", "string.text.value", "$.id"),
            field("transaction_date", "Transaction date", "string.time.date", "$.transactionDate"),
            field("click_date", "Click date", "string.time.date", "$.clickDate"),
            field("advertiser_id", "Advertiser ID", "string.text.value", "$.advertiserId"),
            field("site_name", "Site", "string.text.value", "$.siteName"),
            field("campaign", "Campaign", "string.text.value", "$.campaign"),
            field(
              "commission_status",
              "Commission status",
              "string.text.value",
              "$.commissionStatus",
            ),
            field("commission", "Commission", "float.currency.value", "$.commissionAmount.amount"),
            field(
              "commission_currency",
              "Commission currency",
              "string.currency.code",
              "$.commissionAmount.currency",
            ),
            field("sale", "Sale", "float.currency.value", "$.saleAmount.amount"),
            field(
              "sale_currency",
              "Sale currency",
              "string.currency.code",
              "$.saleAmount.currency",
            ),
          ],
        },
        {
          id: "performance",
          title: "Performance by advertiser",
          request: {
            method: "GET",
            url: "https://api.awin.com/publishers/{{account.id}}/reports/advertiser",
            headers,
            parameters: pairs({
              startDate: "{{query.start_date.date}}",
              endDate: "{{query.end_date.date}}",
              region: "GB",
              timezone: "UTC",
            }),
            response: { dataRows: jsonPath("$.*") },
          },
          fields: [
            field("advertiser_id", "Advertiser ID", "string.text.value", "$.advertiserId"),
            field("advertiser_name", "Advertiser", "string.text.value", "$.advertiserName"),
            field("region", "Region", "string.text.value", "$.region"),
            field("currency", "Currency", "string.currency.code", "$.currency"),
            field("impressions", "Impressions", "int.number.value", "$.impressions"),
            field("clicks", "Clicks", "int.number.value", "$.clicks"),
            field("confirmed", "Confirmed transactions", "int.number.value", "$.confirmedNo"),
            field("confirmed_value", "Confirmed sales", "float.currency.value", "$.confirmedValue"),
            field(
              "confirmed_commission",
              "Confirmed commission",
              "float.currency.value",
              "$.confirmedComm",
            ),
            field("pending", "Pending transactions", "int.number.value", "$.pendingNo"),
            field("total_commission", "Total commission", "float.currency.value", "$.totalComm"),
          ],
        },
      ],
    },
  },
});
