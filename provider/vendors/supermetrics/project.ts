import { digest, pack, projectDocument, readLeaves, unpack } from "../../model/document";
import { isObject, type Json, type JsonObject } from "../../json";
import { projectFields } from "../../model/project";
import { type Ref } from "../../lifecycle/adapter";
import { UNSETTLED } from "../../lifecycle/partial-write";
import { compact, type Inputs, type Projection, type State } from "../../model/state";
import { supermetricsFields } from "./fields";
import { type Placeholders, resolve, unresolve } from "./placeholders";
import { type RemoteSecret, type SupermetricsRemote } from "./remote";

/**
 * Remote → inputs and state. Besides the rules of `projectFields`:
 *
 * 1. The configuration is compared leaf by leaf with what the program last wrote, which the state keeps packed;
 *    `${secrets.x}` counts as its placeholder, in both directions, also when the
 *    secret itself is gone: that shows as the secret, and the reference to it has not changed.
 * 2. A secret whose name is there counts as unchanged: its value cannot be read. One whose name is gone is drift; so is
 *    one under another placeholder than the known one, which somebody deleted and created again: its value is unsettled.
 *    Secrets that the program did not write stay out.
 * 3. A name or description that the answer does not carry counts as unchanged.
 * 4. The logo is known by its address, less the query; another address is drift.
 */
export function project(
  remote: SupermetricsRemote,
  ref: Ref,
  written: State | undefined,
): Projection {
  const placeholders = placeholdersOf(remote.secrets, written);
  const secrets = projectSecrets(remote, written);
  const values = {
    name: remote.name ?? written?.["name"],
    description: remote.description ?? written?.["description"],
    teamId: ref.scope,
  };
  const inputs = compact({
    ...projectFields(supermetricsFields, values, written),
    teamId: ref.scope,
    configuration: projectConfiguration(remote, written, {
      ...knownPlaceholders(written),
      ...placeholders,
    }),
    secrets:
      secrets &&
      Object.fromEntries(Object.entries(secrets).filter(([, value]) => value !== UNSETTLED)),
    logo: projectLogo(remote, written),
  });
  return {
    inputs,
    state: compact({
      ...observedState(inputs, written),
      ...(secrets && { secrets }),
      ...computedState(remote, placeholders, written),
    }),
  };
}

function projectConfiguration(
  remote: SupermetricsRemote,
  written: State | undefined,
  placeholders: Placeholders,
): Json | undefined {
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

/** The secrets as the state holds them: one that is there with an unknown value is unsettled. */
function projectSecrets(
  remote: SupermetricsRemote,
  written: State | undefined,
): JsonObject | undefined {
  const secrets = written?.["secrets"];
  if (!isObject(secrets)) {
    return undefined;
  }
  if (remote.secrets === undefined) {
    return secrets;
  }
  const known = knownPlaceholders(written);
  const listed = new Map(remote.secrets.map(({ name, placeholder }) => [name, placeholder]));
  const there = Object.entries(secrets).filter(([name]) => listed.has(name));
  return Object.fromEntries(
    there.map(([name, value]) => [
      name,
      !Object.hasOwn(known, name) || known[name] === listed.get(name) ? value : UNSETTLED,
    ]),
  );
}

function projectLogo(remote: SupermetricsRemote, written: State | undefined): Json | undefined {
  const logo = written?.["logo"];
  const known = written?.["logoUrl"];
  if (
    !isObject(logo) ||
    typeof known !== "string" ||
    remote.logoUrl === undefined ||
    address(known) === address(remote.logoUrl)
  ) {
    return logo;
  }
  return { ...logo, sha256: CHANGED_OUTSIDE };
}

/** Stands for the digest of a logo that somebody changed: its content cannot be read. */
const CHANGED_OUTSIDE = "changed outside";

function address(url: string): string {
  return url.replace(/[?#].*$/, "");
}

/** What the state holds of inputs: everything, but the configuration as a mark and, packed, as it was written. */
function observedState(inputs: Inputs, written: State | undefined): State {
  if (written === undefined) {
    return inputs;
  }
  const { configuration, ...rest } = inputs;
  return compact({
    ...rest,
    configurationDigest: configuration === undefined ? undefined : digest(configuration),
    configurationSource: written["configurationSource"],
  });
}

/** The state of a connector that holds exactly these inputs. */
export function stateOf(inputs: Inputs, known: State = {}): State {
  const { configuration, ...rest } = inputs;
  if (configuration === undefined) {
    return rest;
  }
  const configurationDigest = digest(configuration);
  const source = known["configurationSource"];
  const isKnown = known["configurationDigest"] === configurationDigest;
  return {
    ...rest,
    configurationDigest,
    configurationSource: isKnown && source !== undefined ? source : pack(configuration),
  };
}

/** The configuration that the program last wrote; `undefined` when it wrote none. */
export function sourceOf(state: State): Json | undefined {
  const packed = state["configurationSource"];
  return typeof packed === "string" ? unpack(packed) : undefined;
}

function computedState(
  remote: SupermetricsRemote,
  placeholders: Placeholders,
  written: State | undefined,
): State {
  const managed = written?.["secrets"];
  const shown =
    written === undefined
      ? placeholders
      : Object.fromEntries(
          Object.entries(placeholders).filter(
            ([name]) => isObject(managed) && Object.hasOwn(managed, name),
          ),
        );
  return compact({
    logoUrl: remote.logoUrl,
    createdAt: written?.["createdAt"] ?? remote.createdAt,
    updatedAt: remote.updatedAt,
    configurationVersion: remote.configurationVersion,
    secretPlaceholders: Object.keys(shown).length === 0 ? undefined : shown,
  });
}

function placeholdersOf(
  secrets: readonly RemoteSecret[] | undefined,
  state: State | undefined,
): Placeholders {
  if (secrets !== undefined) {
    return Object.fromEntries(secrets.map(({ name, placeholder }) => [name, placeholder]));
  }
  return knownPlaceholders(state);
}

function knownPlaceholders(state: State | undefined): Placeholders {
  const known = state?.["secretPlaceholders"];
  return isObject(known) ? (known as Placeholders) : {};
}
