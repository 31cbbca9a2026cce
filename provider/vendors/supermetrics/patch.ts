import { type JsonObject } from "../../json";
import { digest, readLeaves } from "../../model/document";
import { matches } from "../../model/equivalence";
import { UNKNOWN_TEXT } from "../../model/request";
import { type Inputs, type State } from "../../model/state";
import { type Placeholders, references, resolve, textsOf } from "./placeholders";
import { openSecrets, stateOf } from "./project";
import {
  type Supermetrics,
  type SupermetricsRequest,
  type SupermetricsState,
  type UpdateBlocks,
} from "./stages";

/**
 * Inputs and state → the requests to send. Pure. Only the blocks that changed, in this order:
 *
 * 1. Secrets. One is written when its value is not the one that the state holds, or when the configuration that is about
 *    to be sent names it and it has no placeholder yet. Where no placeholder is known, the secrets are listed first.
 * 2. Name and description, together: the vendor requires both. An unset description goes as `""`.
 * 3. In the same request, the configuration: as a whole, when its digest changed, or when a secret that it names gets a
 *    placeholder. `${secrets.x}` stands in it until the placeholder of x is known.
 * 4. The logo, when its content changed, not its path.
 * 5. The deletion of secrets that left the map: nothing names them any more.
 */
export function patch(
  inputs: Inputs<Supermetrics>,
  state: State<Supermetrics>,
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
  const obsolete = Object.keys(held).filter((name) => wanted[name] === undefined);
  const needsPlaceholders = toWrite.length > 0 || named.length > 0;
  return [
    ...(known === undefined && needsPlaceholders ? [LIST_SECRETS] : []),
    ...toWrite.map((name) => writeSecret(inputs, state, name, known ?? textsOf({}))),
    ...updateConnector(inputs, state, configuration, known ?? textsOf({})),
    ...setLogo(inputs, state),
    ...removeSecrets(state, obsolete, known),
  ];
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
  inputs: Inputs<Supermetrics>,
  state: State<Supermetrics>,
  configuration: JsonObject | undefined,
  known: Placeholders,
): SupermetricsRequest[] {
  const { name, description = "" } = inputs;
  const isRenamed = !matches(name, state.name) || !matches(description, state.description ?? "");
  if (!isRenamed && configuration === undefined) {
    return [];
  }
  const block = configuration ? configurationBlock(inputs, configuration, known) : NO_BLOCK;
  return [
    {
      operation: "updateConnector",
      part: "connector",
      body: { ...(isRenamed && { connector: { name, description } }), ...block.body },
      missing: block.missing,
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
  readonly missing: readonly string[];
  readonly sets: Partial<SupermetricsState>;
  readonly leavesOpen: Partial<SupermetricsState>;
}

const NO_BLOCK: ConfigurationBlock = { body: {}, missing: [], sets: {}, leavesOpen: {} };

function configurationBlock(
  inputs: Inputs<Supermetrics>,
  configuration: JsonObject,
  known: Placeholders,
): ConfigurationBlock {
  const { configurationDigest, configurationSource } = stateOf(inputs);
  const document = readLeaves(configuration, (leaf) => resolve(leaf, known));
  return {
    body: { configuration: { configuration_json: document } },
    missing: namesIn(configuration).filter((name) => known[name] === undefined),
    sets: { configurationDigest, configurationSource },
    leavesOpen: { configurationDigest: undefined },
  };
}

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
  state: State<Supermetrics>,
  obsolete: readonly string[],
  known: Placeholders | undefined,
): SupermetricsRequest[] {
  const held = textsOf(state.secrets);
  const mayBeThere = (name: string): boolean =>
    known === undefined || (known[name] === undefined && held[name] === UNKNOWN_TEXT);
  const there = Object.entries(known ?? {}).filter(([name]) => obsolete.includes(name));
  return [
    ...(obsolete.some(mayBeThere) ? [LIST_SECRETS] : []),
    ...there.map(([name, placeholder]): SupermetricsRequest => ({
      operation: "removeSecret",
      part: `secrets.${name}`,
      secret: { name, placeholder },
      sets: {
        secrets: lacking(state.secrets, name),
        secretPlaceholders: lacking(known, name),
      },
      leavesOpen: openSecrets(state, [name]),
    })),
  ];
}

function lacking(texts: Placeholders | undefined, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(texts ?? {}).filter(([each]) => each !== name));
}
