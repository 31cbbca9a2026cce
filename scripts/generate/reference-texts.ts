/**
 * Texts of the reference pages that are not in the field tables. The programs and definitions are
 * tested too.
 */

/** The texts of one resource. */
export interface ReferenceTexts {
  /** A program with one connector of this kind. */
  readonly typescript: string;
  /** The same connector in a definition file. */
  readonly yaml: string;
  /** The form of Pulumi's id. */
  readonly id: string;
  /** Paragraphs about ids, in Markdown. */
  readonly notes: readonly string[];
}

const DATABAR_TS = `import * as pulumi from "@pulumi/pulumi";
import { DatabarConnector } from "pulumi-connectors";

const config = new pulumi.Config();

export const scoring = new DatabarConnector("scoring", {
  name: "My Scoring API",
  type: "enrichment",
  method: "post",
  url: "https://api.example.com/v1/score",
  headers: { Authorization: pulumi.interpolate\`Bearer \${config.requireSecret("scoringKey")}\`, Accept: ["application/json", "text/plain"] },
  parameters: { company_domain: "" },
  body: { domain: "", depth: "full" },
  rateLimit: 60,
  maxConcurrency: 5,
});
`;

const DATABAR_YAML = `connectors:
  scoring:
    type: DatabarConnector
    properties:
      name: My Scoring API
      type: enrichment
      method: post
      url: https://api.example.com/v1/score
      headers:
        Authorization: Bearer \${config.scoringKey}
        Accept: [application/json, text/plain]
      parameters: { company_domain: "" }
      body: { domain: "", depth: full }
      rateLimit: 60
      maxConcurrency: 5
`;

const SUPERMETRICS_TS = `import * as pulumi from "@pulumi/pulumi";
import { SupermetricsConnector } from "pulumi-connectors";

const config = new pulumi.Config();

export const awin = new SupermetricsConnector("awin", {
  name: "Awin",
  description: "Clicks and commissions per publisher.",
  secrets: { api_key: config.requireSecret("awinKey") },
  configuration: {
    $schema: "https://api.supermetrics.com/cc/v1/schema/connector",
    secrets: { items: [{ id: "api_key", classification: "secret", source: "encrypted", value: "\${secrets.api_key}" }] },
  },
});
`;

const SUPERMETRICS_YAML = `connectors:
  awin:
    type: SupermetricsConnector
    properties:
      name: Awin
      description: Clicks and commissions per publisher.
      secrets:
        api_key: \${config.awinKey}
      configuration:
        $schema: https://api.supermetrics.com/cc/v1/schema/connector
        secrets:
          items:
            - { id: api_key, classification: secret, source: encrypted, value: "\${secrets.api_key}" }
`;

export const databarTexts: ReferenceTexts = {
  typescript: DATABAR_TS,
  yaml: DATABAR_YAML,
  id: "Databar's id as text, for example `42`",
  notes: [
    "`DatabarConnector.get(name, id)` reads a connector without managing it; it fails the deployment when there is none. `pulumi import` does not work for dynamic resources: `connectorId` takes an existing connector over.",
    "`connectorId` is an input and an output. Written, it adopts that connector; not written, it is the id of the connector that was created.",
  ],
};

export const supermetricsTexts: ReferenceTexts = {
  typescript: SUPERMETRICS_TS,
  yaml: SUPERMETRICS_YAML,
  id: "team and identifier, for example `936506/T3S70`",
  notes: [
    "`SupermetricsConnector.get(name, id)` reads a connector without managing it; an identifier alone belongs to the configured team. It fails the deployment when there is none. `pulumi import` does not work for dynamic resources: `connectorIdentifier` takes an existing connector over.",
    "`connectorIdentifier` is an input and an output. Written, it adopts that connector; not written, it is the identifier of the connector that was created.",
    "Until everything of a new connector is written, its description is `Being created by Pulumi (pulumi-connectors …); not ready for use.` The next deployment finishes what an interrupted one left so.",
  ],
};
