import { ConnectorError } from "../../errors";
import { type Ref } from "../../lifecycle/adapter";

/**
 * Splits `teamId/connectorIdentifier`; an identifier alone belongs to `team`, the configured one. Throws `invalid` when
 * it is neither.
 */
export function parseSupermetricsId(id: string, team: string | undefined): Ref {
  const [, scope = team, key] = /^(?:(\d{1,19})\/)?([A-Za-z0-9_-]{1,100})$/.exec(id) ?? [];
  if (scope !== undefined && key !== undefined) return { scope, key };
  throw new ConnectorError("invalid", "A Supermetrics connector id is teamId/connectorIdentifier, for example 936506/T3S70", { vendor: "Supermetrics" });
}
