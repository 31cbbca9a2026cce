import { SupermetricsConnector } from "pulumi-connectors";

const rates = new SupermetricsConnector("exchange-rates", {
  name: "Exchange rates",
  configuration: {
    $schema: "https://api.supermetrics.com/cc/v1/schema/connector",
    reporting: {
      reportTypes: [
        {
          id: "rates",
          title: "Daily rates",
          request: {
            method: "GET",
            url: "https://api.frankfurter.dev/v2/rates",
            parameters: [
              { name: "from", value: "{{query.start_date.date}}" },
              { name: "to", value: "{{query.end_date.date}}" },
            ],
            response: { dataRows: { source: "jsonPath", value: "$.*" } },
          },
          fields: [
            {
              id: "date",
              label: "Date",
              dataType: "string.time.date",
              value: { source: "jsonPath", value: "$.date" },
            },
            {
              id: "quote",
              label: "Currency",
              dataType: "string.currency.code",
              value: { source: "jsonPath", value: "$.quote" },
            },
            {
              id: "rate",
              label: "Rate",
              dataType: "float.number.value",
              value: { source: "jsonPath", value: "$.rate" },
            },
          ],
        },
      ],
    },
  },
});

export const connectorIdentifier = rates.connectorIdentifier;
