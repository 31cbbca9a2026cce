import { digest, pack, projectDocument, readLeaves, reshaped, unpack } from "../../model/document";
import { type JsonObject } from "../../json";
import { projectFields } from "../../model/project";
import { type Ref } from "../../lifecycle/adapter";
import { UNKNOWN_TEXT } from "../../model/request";
import { compact, type Inputs, makeState, type Projection, type State } from "../../model/state";
import { supermetricsFields } from "./fields";
import { type Placeholders, references, resolve, textsOf, unresolve } from "./placeholders";
import { type RemoteSecret, type SupermetricsRemote } from "./remote";
import { type Supermetrics, type SupermetricsAnswer, type SupermetricsState } from "./stage-types";
import { type SupermetricsInputs } from "./types";
import { needsMoreCalls, unfinishedMarker } from "./unfinished";

/**
 * Remote → inputs and state. Besides the rules of `projectFields`:
 *
 * 1. The configuration is compared leaf by leaf with what the program last wrote, which the state
 *    keeps packed; `${secrets.x}` counts as its placeholder, in both directions, also when the
 *    secret itself is gone: that shows as the secret, and the reference to it has not changed.
 * 2. A secret whose name is there counts as unchanged: its value cannot be read. One whose name is
 *    gone is drift; so is one under another placeholder than the known one, which was deleted and
 *    created again outside: its value is open. Secrets that the program did not write stay out.
 * 3. A name or description that the answer does not carry counts as unchanged.
 * 4. The logo is known by its address, less the query; another address is drift.
 */
export function project(
  remote: SupermetricsRemote,
  ref: Ref,
  written: State<Supermetrics> | undefined,
): Projection<Supermetrics> {
  const placeholders = placeholdersOf(remote.secrets, written);
  const secrets = projectSecrets(remote, written);
  const values = {
    name: remote.name ?? written?.name,
    description: remote.description ?? written?.description,
    teamId: ref.scope,
  };
  const inputs: Partial<SupermetricsInputs> = compact({
    ...projectFields<SupermetricsInputs>(supermetricsFields, values, written),
    teamId: ref.scope,
    configuration: projectConfiguration(remote, written, {
      ...written?.secretPlaceholders,
      ...placeholders,
    }),
    secrets:
      secrets &&
      Object.fromEntries(Object.entries(secrets).filter(([, value]) => value !== UNKNOWN_TEXT)),
    logo: projectLogo(remote, written),
  });
  return {
    inputs,
    state: makeState<Supermetrics>({
      ...observedState(inputs, written),
      ...(secrets && { secrets }),
      ...computedState(remote, placeholders, written),
    }),
  };
}

function projectConfiguration(
  remote: SupermetricsRemote,
  written: State<Supermetrics> | undefined,
  placeholders: Placeholders,
): JsonObject | undefined {
  const read = (leaf: string): string => unresolve(leaf, placeholders);
  if (written === undefined) {
    return remote.configuration && readLeaves(remote.configuration, read);
  }
  const source = sourceOf(written);
  if (source === undefined || remote.configuration === undefined) {
    return source;
  }
  return projectDocument(source, remote.configuration, read, (leaf) => resolve(leaf, placeholders));
}

/** The secrets as the state holds them: one that is there with an unknown value is open. */
function projectSecrets(
  remote: SupermetricsRemote,
  written: State<Supermetrics> | undefined,
): Record<string, string> | undefined {
  if (written?.secrets === undefined || remote.secrets === undefined) {
    return written?.secrets;
  }
  const known = textsOf(written.secretPlaceholders);
  const listed = new Map(remote.secrets.map(({ name, placeholder }) => [name, placeholder]));
  const there = Object.entries(written.secrets).filter(([name]) => listed.has(name));
  return Object.fromEntries(
    there.map(([name, value]) => [
      name,
      known[name] === undefined || known[name] === listed.get(name) ? value : UNKNOWN_TEXT,
    ]),
  );
}

function projectLogo(
  { logoUrl }: SupermetricsRemote,
  written: State<Supermetrics> | undefined,
): SupermetricsState["logo"] {
  const { logo, logoUrl: known } = written ?? {};
  if (
    logo === undefined ||
    known === undefined ||
    logoUrl === undefined ||
    address(known) === address(logoUrl)
  ) {
    return logo;
  }
  return { ...logo, sha256: CHANGED_OUTSIDE };
}

/** Stands for the digest of a logo that was changed outside: its content cannot be read. */
const CHANGED_OUTSIDE = "changed outside";

function address(url: string): string {
  return url.replace(/[?#].*$/, "");
}

/**
 * What the state holds of inputs: everything, but the configuration as a digest and, packed, as it
 * was written, as far as it is still there.
 */
function observedState(
  inputs: Partial<SupermetricsInputs>,
  written: State<Supermetrics> | undefined,
): SupermetricsState {
  if (written === undefined) {
    return inputs;
  }
  const { configuration, ...rest } = inputs;
  if (configuration === undefined) {
    return rest;
  }
  const configurationDigest = digest(configuration);
  const { configurationSource } = written;
  const source = sourceOf(written);
  return {
    ...rest,
    configurationDigest,
    configurationSource:
      source === undefined || configurationDigest === written.configurationDigest
        ? configurationSource
        : pack(reshaped(source, configuration)),
  };
}

/** The state of a connector that holds exactly these inputs. */
export function stateOf(inputs: Inputs<Supermetrics>): State<Supermetrics> {
  const { configuration, ...rest } = inputs;
  return makeState<Supermetrics>({
    ...rest,
    ...(configuration !== undefined && {
      configurationDigest: digest(configuration),
      configurationSource: pack(configuration),
    }),
  });
}

/** The configuration that the program last wrote; `undefined` when it wrote none. */
export function sourceOf({ configurationSource }: SupermetricsState): JsonObject | undefined {
  return configurationSource === undefined
    ? undefined
    : (unpack(configurationSource) as JsonObject);
}

function computedState(
  { logoUrl, createdAt, updatedAt, configurationVersion }: SupermetricsRemote,
  placeholders: Placeholders,
  written: State<Supermetrics> | undefined,
): Partial<SupermetricsState> {
  return {
    logoUrl,
    createdAt: written?.createdAt ?? createdAt,
    updatedAt,
    configurationVersion,
    secretPlaceholders:
      written === undefined ? unlessEmpty(placeholders) : managed(placeholders, written.secrets),
  };
}

/** The placeholders of secrets that are managed. */
function managed(
  placeholders: Placeholders | undefined,
  secrets: Readonly<Record<string, string>> | undefined,
): Record<string, string> | undefined {
  const names = textsOf(secrets);
  return unlessEmpty(
    Object.fromEntries(
      Object.entries(placeholders ?? {}).filter(([name]) => names[name] !== undefined),
    ),
  );
}

function unlessEmpty(placeholders: Placeholders): Record<string, string> | undefined {
  return Object.keys(placeholders).length === 0 ? undefined : placeholders;
}

function placeholdersOf(
  secrets: readonly RemoteSecret[] | undefined,
  state: State<Supermetrics> | undefined,
): Placeholders {
  return secrets === undefined
    ? (state?.secretPlaceholders ?? {})
    : Object.fromEntries(secrets.map(({ name, placeholder }) => [name, placeholder]));
}

/** Secret values and the logo's content cannot be read: they are written once. */
export function adoptedState(
  remote: SupermetricsRemote,
  ref: Ref,
  inputs: Inputs<Supermetrics>,
): State<Supermetrics> {
  const { state } = project(remote, ref, stateOf(inputs));
  return makeState<Supermetrics>({ ...state, secrets: undefined, logo: undefined });
}

/** What the create call puts there. A copy may have secrets; a new connector has none. */
export function createdState(
  { logoUrl, createdAt }: SupermetricsRemote,
  inputs: Inputs<Supermetrics>,
): State<Supermetrics> {
  const { name, teamId, connectorIdentifier, duplicateOf, onConflict } = inputs;
  return makeState<Supermetrics>({
    name,
    description: needsMoreCalls(inputs) ? unfinishedMarker(inputs) : inputs.description,
    ...{ teamId, connectorIdentifier, duplicateOf, onConflict },
    secretPlaceholders: duplicateOf !== undefined ? undefined : {},
    logoUrl,
    createdAt,
  });
}

/** The state with what an answer says. */
export function answered(
  state: State<Supermetrics>,
  inputs: Inputs<Supermetrics>,
  { secrets, logo }: SupermetricsAnswer,
): State<Supermetrics> {
  return makeState<Supermetrics>({
    ...state,
    ...(secrets && listed(state, inputs, secrets)),
    ...(logo && { logoUrl: logo.url }),
  });
}

/**
 * What a list of secrets says. One that is gone, or has another placeholder than before, was
 * changed outside: its value is open. A configuration that names it, or one whose placeholder was
 * not known before, has to be sent again.
 */
function listed(
  state: State<Supermetrics>,
  { secrets, configuration }: Inputs<Supermetrics>,
  list: readonly RemoteSecret[],
): Partial<SupermetricsState> {
  const now = textsOf(Object.fromEntries(list.map(({ name, placeholder }) => [name, placeholder])));
  const before = textsOf(state.secretPlaceholders);
  const [wanted, held] = [textsOf(secrets), textsOf(state.secrets)];
  const named = references(configuration).map(({ name }) => name);
  const relevant = new Set([...named, ...Object.keys(held), ...Object.keys(wanted)]);
  const changed = Object.keys(held).filter(
    (name) => before[name] !== undefined && before[name] !== now[name],
  );
  const isStale = named.some(
    (name) => changed.includes(name) || (before[name] === undefined && held[name] !== wanted[name]),
  );
  return {
    secretPlaceholders: Object.fromEntries(
      Object.entries(now).filter(([name]) => relevant.has(name)),
    ),
    ...(changed.length > 0 && openSecrets(state, changed)),
    ...(isStale && { configurationDigest: undefined }),
  };
}

/** Secrets of unknown value. */
export function openSecrets(
  { secrets }: SupermetricsState,
  names: readonly string[],
): Pick<SupermetricsState, "secrets"> {
  return {
    secrets: { ...secrets, ...Object.fromEntries(names.map((name) => [name, UNKNOWN_TEXT])) },
  };
}

/** Nothing is left to send: the inputs as written, and what Supermetrics decides. */
export function finalState(
  _ref: Ref,
  inputs: Inputs<Supermetrics>,
  state: State<Supermetrics>,
): State<Supermetrics> {
  return makeState<Supermetrics>({
    ...state,
    description: undefined,
    secrets: undefined,
    logo: undefined,
    configurationDigest: undefined,
    configurationSource: undefined,
    ...stateOf(inputs),
    secretPlaceholders: managed(state.secretPlaceholders, inputs.secrets),
  });
}
