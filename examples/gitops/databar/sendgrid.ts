import * as pulumi from "@pulumi/pulumi";
import { DatabarConnector } from "pulumi-connectors";
import { secret } from "../config";

const bodyTemplate = `{
  "contacts": [
    {
      "email": {{ email | tojson }},
      "first_name": {{ first_name | tojson }},
      "last_name": {{ last_name | tojson }},
      "country": {{ country | tojson }}
    }
  ]
}`;

/**
 * Creates or updates a marketing contact. SendGrid queues it and answers 202.
 *
 * https://www.twilio.com/docs/sendgrid/api-reference/contacts/add-or-update-a-contact
 */
export const sendgrid = new DatabarConnector("sendgrid-contacts", {
  name: "SendGrid: upsert marketing contact",
  type: "exporter",
  method: "put",
  url: "https://api.sendgrid.com/v3/marketing/contacts",
  headers: {
    Authorization: pulumi.interpolate`Bearer ${secret("sendgridApiKey")}`,
    "Content-Type": "application/json",
  },
  bodyTemplate,
  rateLimit: 60,
});
