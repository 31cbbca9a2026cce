import * as pulumi from "@pulumi/pulumi";
import { DatabarConnector } from "pulumi-connectors";
import { secret } from "../config";

// HubSpot's fields are nested, which a flat `body` cannot express.
const bodyTemplate = `{
  "inputs": [
    {
      "idProperty": "email",
      "id": {{ email | tojson }},
      "properties": {
        "email": {{ email | tojson }},
        "firstname": {{ first_name | tojson }},
        "lastname": {{ last_name | tojson }},
        "company": {{ company | tojson }},
        "jobtitle": {{ job_title | tojson }}
      }
    }
  ]
}`;

/**
 * Creates a contact or updates the one with the same e-mail address, so that a repeated export does
 * no harm.
 *
 * https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/batch/post-crm-v3-objects-contacts-batch-upsert
 */
export const hubspot = new DatabarConnector("hubspot-contacts", {
  name: "HubSpot: upsert contact",
  type: "exporter",
  method: "post",
  url: "https://api.hubapi.com/crm/v3/objects/contacts/batch/upsert",
  headers: {
    Authorization: pulumi.interpolate`Bearer ${secret("hubspotAccessToken")}`,
    "Content-Type": "application/json",
  },
  bodyTemplate,
  rateLimit: 600, // 100 requests in ten seconds for a private app
  maxConcurrency: 5,
});
