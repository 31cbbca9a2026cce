// From docs/testing.md; npm run generate writes this file.
import * as pulumi from "@pulumi/pulumi";

/** Answers for the connectors of a program as the vendors would, so far as the program can tell. */
export function setConnectorMocks(project: string, stack: string): Promise<void> {
  return pulumi.runtime.setMocks({ newResource, call: () => ({}) }, project, stack);
}

function newResource({
  type,
  name,
  id,
  inputs,
}: pulumi.runtime.MockResourceArgs): pulumi.runtime.MockResourceResult {
  const [, vendor, kind] = /:(Databar|Supermetrics)(Connector|Fleet)$/.exec(type) ?? [];
  const idOf = (number: number): string =>
    vendor === "Databar" ? `${number}` : `936506/C${number}`;
  if (kind === "Connector") {
    const decided =
      vendor === "Databar" ? { effectiveRateLimit: inputs.rateLimit } : { teamId: "936506" };
    return { id: id || idOf(17), state: { ...decided, ...inputs } };
  }
  if (kind === "Fleet") {
    // A map with a secret in it is secret as a whole.
    const connectors = Object.entries<{ rateLimit?: number }>(
      pulumi.runtime.unwrapRpcSecret(inputs.connectors),
    );
    const ids = Object.fromEntries(connectors.map(([key], index) => [key, idOf(index + 1)]));
    const computed = Object.fromEntries(
      connectors.map(([key, { rateLimit }]) => [key, { effectiveRateLimit: rateLimit }]),
    );
    return { id: `${name}-id`, state: { ...inputs, ids, computed } };
  }
  return { id: id || `${name}-id`, state: inputs };
}
