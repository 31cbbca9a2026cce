import { joinPath } from "../../diagnostics";
import { type JsonObject } from "../../json";
import { type KeyPath } from "../../model/credential-detection";
import { digest, lostKeys, mergeDocument, pack, unionOf } from "../../model/document";
import { matches } from "../../model/equivalence";
import { UNKNOWN_TEXT } from "../../model/request";
import { type Inputs, type State } from "../../model/state";
import { holdsPlaceholder, type Placeholders, references, resolve, textsOf } from "./placeholders";
import { openSecrets, sourceOf, stateOf } from "./project";
import { type SupermetricsRemote } from "./remote";
import {
  type Supermetrics,
  type SupermetricsRequest,
  type SupermetricsState,
  type UpdateBlocks,
} from "./stage-types";
import { isUnfinishedMarker } from "./unfinished";

/**
 * Inputs and state → the requests to send. Pure. Only the blocks that changed, in this order:
 *
 * 1. Secrets. One is written when its value is not the one that the state holds, or when the
 *    configuration that is about to be sent names it and it has no placeholder yet. Where no
 *    placeholder is known, the secrets are listed first.
 * 2. Name and description, together: the vendor requires both. An unset description goes as `""`.
 * 3. In the same request, the configuration: as a whole, when its digest changed, or when a secret
 *    that it names gets a placeholder. `${secrets.x}` stands in it until the placeholder of x is
 *    known. Keys that no definition wrote go out as the vendor holds them (see `mergeDocument`).
 * 4. The logo, when its content changed, not its path.
 * 5. The deletion of secrets that left the map, unless what the configuration still holds names
 *    them. A map that is missing says nothing about secrets.
 */
export function patch(
  inputs: Inputs<Supermetrics>,
  state: State<Supermetrics>,
  remote: SupermetricsRemote | undefined,
): SupermetricsRequest[] {
  const known = state.secretPlaceholders && textsOf(state.secretPlaceholders);
  const changed = changedSecrets(inputs, state);
  const configuration = configurationToSend(inputs, state, changed, known ?? textsOf({}));
  const named = configuration === undefined ? [] : namesIn(configuration);
  const [wanted, held] = [textsOf(inputs.secrets), textsOf(state.secrets)];
  const unresolved = named.filter(
    (name) => wanted[name] !== undefined && known && known[name] === undefined,
  );
  const toWrite = Object.keys(wanted).filter(
    (name) => changed.includes(name) || unresolved.includes(name),
  );
  const obsolete = inputs.secrets
    ? Object.keys(held).filter((name) => wanted[name] === undefined)
    : [];
  const needsPlaceholders = toWrite.length > 0 || named.length > 0;
  return [
    ...(known === undefined && needsPlaceholders ? [LIST_SECRETS] : []),
    ...toWrite.map((name) => writeSecret(inputs, state, name, known ?? textsOf({}))),
    ...updateConnector({ inputs, state, remote, known: known ?? textsOf({}) }, configuration),
    ...setLogo(inputs, state),
    ...removeSecrets(inputs, state, obsolete, known, remote),
  ];
}

/** The connector after a request that succeeded. */
export function changed(
  remote: SupermetricsRemote,
  request: SupermetricsRequest,
): SupermetricsRemote {
  const document =
    request.operation === "updateConnector"
      ? request.body.configuration?.configuration_json
      : undefined;
  return document === undefined ? remote : { ...remote, configuration: document };
}

/** What an update is made of. */
interface Update {
  readonly inputs: Inputs<Supermetrics>;
  readonly state: State<Supermetrics>;
  readonly remote: SupermetricsRemote | undefined;
  readonly known: Placeholders;
}

const LIST_SECRETS: SupermetricsRequest = {
  operation: "listSecrets",
  part: "list of secrets",
  isLookup: true,
  sets: {},
  leavesOpen: {},
};

/** Names of secrets whose value is not the one that the state holds. */
function changedSecrets(inputs: Inputs<Supermetrics>, state: State<Supermetrics>): string[] {
  const held = textsOf(state.secrets);
  return Object.entries(textsOf(inputs.secrets))
    .filter(([name, value]) => held[name] !== value)
    .map(([name]) => name);
}

function configurationToSend(
  { configuration }: Inputs<Supermetrics>,
  { configurationDigest }: State<Supermetrics>,
  changed: readonly string[],
  known: Placeholders,
): JsonObject | undefined {
  if (configuration === undefined) {
    return undefined;
  }
  const getsPlaceholder = (name: string): boolean =>
    changed.includes(name) && known[name] === undefined;
  const isSent =
    digest(configuration) !== configurationDigest || namesIn(configuration).some(getsPlaceholder);
  return isSent ? configuration : undefined;
}

function namesIn(configuration: JsonObject): string[] {
  return [...new Set(references(configuration).map(({ name }) => name))];
}

function writeSecret(
  { secrets, configuration }: Inputs<Supermetrics>,
  state: State<Supermetrics>,
  name: string,
  known: Placeholders,
): SupermetricsRequest {
  const value = textsOf(secrets)[name] ?? "";
  const placeholder = known[name];
  const part = `secrets.${name}`;
  const sets = { secrets: { ...state.secrets, [name]: value } };
  const leavesOpen = openSecrets(state, [name]);
  if (placeholder === undefined) {
    const isNamed = configuration !== undefined && namesIn(configuration).includes(name);
    return {
      operation: "createSecret",
      part,
      body: { secret_name: name, secret_value: value },
      // The configuration that the vendor holds does not have the new placeholder.
      sets: { ...sets, ...(isNamed && { configurationDigest: undefined }) },
      leavesOpen,
    };
  }
  const others = Object.entries(known).filter(([other]) => other !== name);
  return {
    operation: "setSecret",
    part,
    secret: { name, placeholder },
    body: { secret_value: value },
    sets,
    leavesOpen,
    ifGone: {
      secretPlaceholders: Object.fromEntries(others),
      configurationDigest: undefined,
    },
  };
}

function updateConnector(
  update: Update,
  configuration: JsonObject | undefined,
): SupermetricsRequest[] {
  const { inputs, state } = update;
  const { name, description = "" } = inputs;
  const isRenamed = !matches(name, state.name) || !matches(description, state.description ?? "");
  if (!isRenamed && configuration === undefined) {
    return [];
  }
  const block = configuration ? configurationBlock(update, configuration) : NO_BLOCK;
  return [
    {
      operation: "updateConnector",
      part: "connector",
      body: { ...(isRenamed && { connector: { name, description } }), ...block.body },
      missing: block.missing,
      ...block.depends,
      sets: {
        ...(isRenamed && { name, description: inputs.description }),
        ...block.sets,
        updatedAt: undefined,
        configurationVersion: undefined,
      },
      leavesOpen: { ...(isRenamed && { name: UNKNOWN_TEXT }), ...block.leavesOpen },
    },
  ];
}

/** What a configuration adds to an update. */
interface ConfigurationBlock {
  readonly body: UpdateBlocks;
  readonly depends: Pick<SupermetricsRequest, "needsRemote" | "warnings">;
  readonly missing: readonly string[];
  readonly sets: Partial<SupermetricsState>;
  readonly leavesOpen: Partial<SupermetricsState>;
}

const NO_BLOCK: ConfigurationBlock = {
  body: {},
  depends: {},
  missing: [],
  sets: {},
  leavesOpen: {},
};

function configurationBlock(
  { inputs, state, remote, known }: Update,
  configuration: JsonObject,
): ConfigurationBlock {
  const { configurationDigest, configurationSource } = stateOf(inputs);
  const written = sourceOf(state);
  const write = (leaf: string): string => resolve(leaf, known);
  // Until the first configuration is written, there is only what the vendor put there.
  const isNew = isUnfinishedMarker(state.description);
  const isFirst = written === undefined && remote?.isFirstConfiguration === true;
  const there = isNew || isFirst ? undefined : remote?.configuration;
  const document = mergeDocument(configuration, written, there ?? {}, write);
  const lost = lostKeys(written ?? configuration, there, document);
  return {
    body: { configuration: { configuration_json: document } },
    depends: {
      ...(!isNew && { needsRemote: true }),
      ...(lost.length > 0 && { warnings: [lossWarning(inputs.name, lost)] }),
    },
    missing: namesIn(configuration).filter((name) => known[name] === undefined),
    sets: { configurationDigest, configurationSource },
    // A key that may have been written is no foreign one, should the next definition lack it.
    leavesOpen: {
      configurationDigest: undefined,
      ...(written && { configurationSource: pack(unionOf(written, configuration)) }),
    },
  };
}

function lossWarning(name: string, lost: readonly KeyPath[]): string {
  const paths = lost.slice(0, MOST_NAMED).map((path) => joinPath("configuration", ...path));
  const more = lost.length > paths.length ? ` and ${lost.length - paths.length} more` : "";
  return `Supermetrics connector "${name}": the update removed keys that no definition wrote, because the definition changed the list or removed the key around them: ${paths.join(", ")}${more}.`;
}

const MOST_NAMED = 10;

function setLogo(
  { logo }: Inputs<Supermetrics>,
  state: State<Supermetrics>,
): SupermetricsRequest[] {
  if (logo === undefined || logo.sha256 === state.logo?.sha256) {
    return [];
  }
  const leavesOpen = { logo: undefined };
  return [{ operation: "setLogo", part: "logo", logo, sets: { logo }, leavesOpen }];
}

/** A secret whose creation ended with an unknown outcome may be there without being known. */
function removeSecrets(
  { name: connector }: Inputs<Supermetrics>,
  state: State<Supermetrics>,
  obsolete: readonly string[],
  known: Placeholders | undefined,
  remote: SupermetricsRemote | undefined,
): SupermetricsRequest[] {
  const held = textsOf(state.secrets);
  const mayBeThere = (name: string): boolean =>
    known === undefined || (known[name] === undefined && held[name] === UNKNOWN_TEXT);
  const there = Object.entries(known ?? {}).filter(([name]) => obsolete.includes(name));
  return [
    ...(obsolete.some(mayBeThere) ? [LIST_SECRETS] : []),
    ...there.map(([name, placeholder]): SupermetricsRequest => {
      const rest = {
        part: `secrets.${name}`,
        sets: {
          secrets: lacking(state.secrets, name),
          secretPlaceholders: lacking(known, name),
        },
        leavesOpen: openSecrets(state, [name]),
      };
      return holdsPlaceholder(remote?.configuration, placeholder)
        ? { ...rest, operation: "leaveSecret", warnings: [stayWarning(connector, name)] }
        : { ...rest, operation: "removeSecret", secret: { name, placeholder }, needsRemote: true };
    }),
  ];
}

function stayWarning(connector: string, name: string): string {
  return `Supermetrics connector "${connector}": the secret ${name} stays, because the connector's configuration still names it at a place that the definition does not manage. It is no longer managed; delete it in Supermetrics when nothing needs it.`;
}

function lacking(texts: Placeholders | undefined, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(texts ?? {}).filter(([each]) => each !== name));
}
