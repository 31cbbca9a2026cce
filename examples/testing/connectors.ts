import * as pulumi from "@pulumi/pulumi";
import { DatabarConnector, SupermetricsConnector } from "pulumi-connectors";

/** Settings that differ between stacks. */
export interface Settings {
  readonly stack: string;
  readonly leadsKey: pulumi.Input<string>;
}

/** Limits are calls per minute in production. leads.example.com allows 300 in total. */
const ENRICHMENTS = {
  score: { title: "Lead score", limit: 200 },
  company: { title: "Company facts", limit: 75 },
};

/** Enrichments of leads in Databar, and a report on them in Supermetrics. */
export function declareConnectors({ stack, leadsKey }: Settings): {
  enrichments: Record<string, DatabarConnector>;
  report: SupermetricsConnector;
} {
  // All stacks share one workspace.
  const named = (title: string): string => (stack === "prod" ? title : `${title} (${stack})`);
  const enrichments = Object.entries(ENRICHMENTS).map(([key, { title, limit }]) => {
    const connector = new DatabarConnector(key, {
      name: named(title),
      method: "post",
      url: `https://leads.example.com/v1/${key}`,
      headers: {
        Authorization: pulumi.interpolate`Bearer ${leadsKey}`,
        Accept: "application/json",
      },
      body: { domain: "" },
      rateLimit: stack === "prod" ? limit : 3,
    });
    return [key, connector] as const;
  });
  const report = new SupermetricsConnector("report", {
    name: named("Leads"),
    description: "Leads per day and source.",
  });
  return { enrichments: Object.fromEntries(enrichments), report };
}
