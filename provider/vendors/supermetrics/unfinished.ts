import { createHash } from "node:crypto";
import { digest, shapeOf } from "../../model/document";
import { isEmpty } from "../../model/equivalence";
import { type SupermetricsInputs } from "./types";

/** True when the create call alone does not make the connector what the inputs say. */
export function needsMoreCalls(inputs: SupermetricsInputs): boolean {
  const { configuration, secrets, logo, duplicateOf } = inputs;
  return (
    configuration !== undefined ||
    !isEmpty(secrets) ||
    logo !== undefined ||
    duplicateOf !== undefined
  );
}

/** Whether a description is the unfinished marker of any inputs. */
export function isUnfinishedMarker(description: string | undefined): boolean {
  return /^Being created by Pulumi \(pulumi-connectors [0-9a-f]{12}\)/.test(description ?? "");
}

/**
 * A connector's description from the create call until the PUT that completes it. If the deployment
 * is killed in between, the next one knows its own half-done connector by it, and people see that
 * it is not ready. Of the configuration it depends on the shape only: by a digest of the values,
 * short secrets among them could be guessed.
 */
export function unfinishedMarker(inputs: SupermetricsInputs): string {
  const { teamId, name, description, duplicateOf, configuration, secrets = {} } = inputs;
  const definition = [
    teamId,
    name,
    description,
    duplicateOf,
    configuration === undefined ? undefined : digest(shapeOf(configuration)),
    Object.keys(secrets),
  ];
  const hash = createHash("sha256").update(JSON.stringify(definition)).digest("hex").slice(0, 12);
  return `Being created by Pulumi (pulumi-connectors ${hash}); not ready for use.`;
}
