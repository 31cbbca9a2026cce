import { ConnectorError } from "../errors";
import { joined, type Message, own, ownText } from "../message";
import { adoptingField, type FieldTable } from "../model/field";
import { type CallContext, type Ref } from "./adapter";
import { shortList, type Workspace } from "./workspace";

/** A definition names a connector that another resource holds. */
export function heldByAnother(table: FieldTable, { key }: Ref, name: string): ConnectorError {
  const { vendor } = table;
  return new ConnectorError(
    "conflict",
    own`${ownText(vendor)} connector ${key}, which ${ownText(adoptingField(table))} of "${name}" names, is managed by another resource of this program. Nothing was written. Let only one resource name it`,
    { vendor },
  );
}

/** An import of a connector that another resource holds. */
export function importedBefore({ vendor }: FieldTable, { key }: Ref): ConnectorError {
  return new ConnectorError(
    "conflict",
    own`${ownText(vendor)} connector ${key} is managed by another resource of this program already. Import it once`,
    { vendor },
  );
}

/** The owner of a connector that a look-alike adopted has shown up. */
export function lostToOwner({ vendor }: FieldTable, { key }: Ref, name: string): ConnectorError {
  return new ConnectorError(
    "conflict",
    own`${ownText(vendor)} connector ${key} belongs to another resource of this program; "${name}" adopted it because it looks the same. Nothing was written. Run pulumi up again: "${name}" gets a connector of its own`,
    { vendor },
  );
}

export function goneWhileAdopted({ vendor }: FieldTable, { key }: Ref, name = ""): ConnectorError {
  return new ConnectorError(
    "not_found",
    own`${ownText(vendor)} connector "${name}" (id ${key}) was deleted while it was being adopted. Run pulumi up again`,
    { vendor, retryable: true },
  );
}

/** @param isNamed whether the definition names the id. */
export function reused(
  table: FieldTable,
  { key }: Ref,
  name: string,
  isNamed: boolean,
): ConnectorError {
  const { vendor } = table;
  const first = ownText(
    isNamed ? `Remove ${adoptingField(table)} from the definition, then run` : "Run",
  );
  return new ConnectorError(
    "not_found",
    own`${idWasReused(vendor, own`"${name}" (id ${key})`)} Nothing was written. ${first} pulumi refresh, then pulumi up: yours is created again`,
    { vendor },
  );
}

/**
 * What became of a connector whose id is another one's now.
 *
 * @param connector how the message names it, such as `"Scoring" (id 42)`
 */
export function idWasReused(vendor: string, connector: Message): Message {
  return own`${ownText(vendor)} connector ${connector} was deleted outside, and ${ownText(vendor)} gave its id to another connector.`;
}

/** @param keys of the connectors that a refresh looked up. */
export function allMissing(
  { vendor }: FieldTable,
  keys: readonly string[],
  workspace: Workspace | undefined,
): ConnectorError {
  const { text, settings } = workspace ?? {
    text: own`this workspace`,
    settings: own`the settings`,
  };
  const message = joined(
    [
      own`None of the ${keys.length} ${ownText(vendor)} connectors that were looked up exists in ${text} (ids ${shortList(keys)}). The refresh stops here: it would forget all of them, and the next pulumi up would create them a second time.`,
      own`  Check ${settings}: they may lead to another workspace, or to a sandbox that was restarted.`,
      own`  If the connectors were deleted on purpose, remove the resources from the state with \`pulumi state delete\`; pulumi up creates them again.`,
    ],
    "\n",
  );
  return new ConnectorError("not_found", message, { vendor, reason: "another_workspace" });
}

/** An internal error. Its text may hold anything, so it is not shown. */
export function stoppedHalfway(
  { vendor }: FieldTable,
  { key }: Ref,
  { verb, name = "" }: CallContext,
  cause: unknown,
): ConnectorError {
  const message = own`The ${ownText(`${verb} of ${vendor}`)} connector "${name}" (id ${key}) stopped half-way because of an internal error in pulumi-connectors. Please report it`;
  return new ConnectorError("unexpected_response", message, { vendor, cause });
}
