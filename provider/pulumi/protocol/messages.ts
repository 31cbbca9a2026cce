/**
 * The messages of Pulumi's protocol that are used here, by the field numbers of its provider.proto,
 * plugin.proto and engine.proto.
 */
import {
  bytes,
  type Codec,
  count,
  double,
  flag,
  message,
  nested,
  repeated,
  struct,
  text,
} from "./message";

export const Empty = message({});

export const HandshakeResponse = message({
  acceptSecrets: flag(1),
  acceptResources: flag(2),
  acceptOutputs: flag(3),
});

export const SchemaRequest = message({ version: count(1), subpackageName: text(2) });

export const SchemaResponse = message({ schema: text(1) });

export const PluginInfo = message({ version: text(1) });

export const CheckRequest = message({ urn: text(1), olds: struct(2), news: struct(3) });

export const CheckResponse = message({
  inputs: struct(1),
  failures: repeated(nested(2, { property: text(1), reason: text(2) })),
});

export const ConfigureRequest = message({ args: struct(2), urn: text(8) });

export const ConfigureResponse = message({
  acceptSecrets: flag(1),
  supportsPreview: flag(2),
  acceptResources: flag(3),
  acceptOutputs: flag(4),
});

export const DiffRequest = message({
  id: text(1),
  urn: text(2),
  olds: struct(3),
  news: struct(4),
  ignoreChanges: repeated(text(5)),
  oldInputs: struct(6),
});

/** Of `PropertyDiff`: what became of a property, in place or by a replacement. */
export const DIFF_KIND = {
  add: 0,
  "add-replace": 1,
  delete: 2,
  "delete-replace": 3,
  update: 4,
  "update-replace": 5,
} as const;

/** Of `DiffResponse`. */
export const CHANGES = { unknown: 0, none: 1, some: 2 } as const;

export const DiffResponse = message({
  replaces: repeated(text(1)),
  deleteBeforeReplace: flag(3),
  changes: count(4),
  diffs: repeated(text(5)),
  detailedDiff: repeated(
    nested(6, { key: text(1), value: nested(2, { kind: count(1), inputDiff: flag(2) }) }),
  ),
  hasDetailedDiff: flag(7),
});

export const CreateRequest = message({
  urn: text(1),
  properties: struct(2),
  timeout: double(3),
  preview: flag(4),
});

export const CreateResponse = message({ id: text(1), properties: struct(2) });

export const ReadRequest = message({
  id: text(1),
  urn: text(2),
  properties: struct(3),
  inputs: struct(4),
  timeout: double(10),
});

export const ReadResponse = message({ id: text(1), properties: struct(2), inputs: struct(3) });

export const UpdateRequest = message({
  id: text(1),
  urn: text(2),
  olds: struct(3),
  news: struct(4),
  timeout: double(5),
  preview: flag(7),
  oldInputs: struct(8),
});

export const UpdateResponse = message({ properties: struct(1) });

export const DeleteRequest = message({
  id: text(1),
  urn: text(2),
  properties: struct(3),
  timeout: double(4),
});

/** What the status of a create or update carries that stopped half-way. */
export const InitFailed = message({
  id: text(1),
  properties: struct(2),
  reasons: repeated(text(3)),
});

/** Of `pulumirpc.Engine`: a message for the person at the deployment. */
export const LogRequest = message({
  severity: count(1),
  message: text(2),
  urn: text(3),
  ephemeral: flag(5),
});

/** `google.rpc.Status`. */
export const Status = message({
  code: count(1),
  message: text(2),
  details: repeated(nested(3, { typeUrl: text(1), value: bytes(2) })),
});

/** What a codec reads and writes. */
export type MessageOf<C> = C extends Codec<infer T> ? T : never;
