import { createHash } from "node:crypto";
import { ConnectorError } from "../../errors";
import {
  type Adapter,
  type Listed,
  type Recorder,
  type Ref,
  type Subject,
} from "../../lifecycle/adapter";
import { digest } from "../../model/document";
import { isEmpty, matches } from "../../model/equivalence";
import { compact, type Inputs, type Projection, type State } from "../../model/state";
import { parseSupermetricsId, type SupermetricsApi } from "./api";
import { supermetricsFields } from "./fields";
import { textsOf } from "./patch";
import { project, stateOf } from "./project";
import { type SupermetricsRemote } from "./remote";
import { Sync } from "./sync";

/** Supermetrics' part of the lifecycle: create, then secrets, then one PUT with the blocks that changed, then the logo. */
export class SupermetricsAdapter implements Adapter<SupermetricsRemote> {
  readonly table = supermetricsFields;

  /** @param team the team of the configuration, for an id that names none. */
  constructor(
    private readonly api: SupermetricsApi,
    private readonly team: string | undefined,
  ) {}

  scopeOf(inputs: Inputs): string {
    return inputs["teamId"] as string;
  }

  parseId(id: string): Ref {
    return parseSupermetricsId(id, this.team);
  }

  formatId({ scope, key }: Ref): string {
    return `${scope}/${key}`;
  }

  keyOf({ identifier }: SupermetricsRemote): string {
    return identifier;
  }

  nameOf({ name }: SupermetricsRemote): string {
    return name ?? "";
  }

  adopts(inputs: Inputs): string | undefined {
    const identifier = inputs["connectorIdentifier"];
    return typeof identifier === "string" ? identifier : undefined;
  }

  /** Who has no name may be anybody's namesake: such a list proves no absence. */
  async list(team: string, purpose: "names" | "content"): Promise<Listed<SupermetricsRemote>> {
    const { items, complete } = await this.api.list(team, purpose === "content");
    return { items, complete: complete && items.every(({ name }) => name !== undefined) };
  }

  get(ref: Ref, subject: Subject): Promise<SupermetricsRemote | undefined> {
    return this.api.get(ref, subject);
  }

  /** Fetches the configuration and the names of the secrets where `needed` compares them, and everything for a plain read. */
  async complete(
    ref: Ref,
    remote: SupermetricsRemote,
    needed: State,
    subject: Subject,
  ): Promise<SupermetricsRemote | undefined> {
    const everything = needed["name"] === undefined;
    const wantsConfiguration =
      (everything || needed["configurationSource"] !== undefined) &&
      remote.configuration === undefined;
    const full = wantsConfiguration ? await this.api.get(ref, subject) : remote;
    if (full === undefined) {
      return undefined;
    }
    this.requireConfiguration(full, needed, subject, ref);
    if (
      full.secrets !== undefined ||
      (!everything && Object.keys(textsOf(needed["secrets"])).length === 0)
    ) {
      return full;
    }
    const secrets = await this.api.listSecrets(ref, subject);
    return secrets ? { ...full, secrets } : this.withoutSecrets(ref, subject);
  }

  /** A 404 on the secrets may mean that the connector is gone, but only a 404 on the connector itself says so. */
  private async withoutSecrets(ref: Ref, subject: Subject): Promise<undefined> {
    const remote = await this.api.get(ref, subject);
    if (remote === undefined) {
      return undefined;
    }
    const message = `Supermetrics has connector "${this.nameOf(remote)}" (id ${ref.key}), but does not list its secrets [HTTP 404], so drift cannot be told. Run pulumi again later`;
    throw new ConnectorError("unexpected_response", message, {
      vendor: "Supermetrics",
      statusCode: 404,
    });
  }

  private requireConfiguration(
    remote: SupermetricsRemote,
    needed: State,
    subject: Subject,
    ref: Ref,
  ): void {
    if (needed["configurationSource"] === undefined || remote.configuration !== undefined) {
      return;
    }
    const message = `Supermetrics answered connector "${subject.name ?? this.nameOf(remote)}" (id ${ref.key}) without a readable configuration, so drift cannot be told. Run pulumi again later`;
    throw new ConnectorError("unexpected_response", message, { vendor: "Supermetrics" });
  }

  create(inputs: Inputs, subject: Subject): Promise<SupermetricsRemote> {
    const description = describe(inputs);
    const { duplicateOf } = inputs;
    const form = {
      title: inputs["name"] as string,
      ...(description !== "" && { description }),
      ...(typeof duplicateOf === "string" && { duplicateOf }),
    };
    return this.api.create(this.scopeOf(inputs), form, subject);
  }

  remove(ref: Ref, subject: Subject): Promise<void> {
    return this.api.remove(ref, subject);
  }

  isUnfinished(remote: SupermetricsRemote, inputs: Inputs): boolean {
    return (
      needsMore(inputs) &&
      matches(inputs["name"], remote.name) &&
      remote.description?.trim() === unfinishedMark(inputs)
    );
  }

  project(remote: SupermetricsRemote, ref: Ref, written: State | undefined): Projection {
    return project(remote, ref, written);
  }

  stateOf(inputs: Inputs): State {
    return stateOf(inputs);
  }

  /** Secret values and the logo's content cannot be read: they are written once. */
  adoptedState(remote: SupermetricsRemote, ref: Ref, inputs: Inputs): State {
    const { state } = project(remote, ref, stateOf(inputs));
    return compact({ ...state, secrets: undefined, logo: undefined });
  }

  /** What the create call puts there. A copy brings secrets along, or not; a fresh connector has none. */
  begunState(remote: SupermetricsRemote, inputs: Inputs): State {
    const { teamId, connectorIdentifier, duplicateOf, onConflict } = inputs;
    return compact({
      name: inputs["name"],
      description: needsMore(inputs) ? unfinishedMark(inputs) : inputs["description"],
      ...{ teamId, connectorIdentifier, duplicateOf, onConflict },
      secretPlaceholders: duplicateOf !== undefined ? undefined : {},
      logoUrl: remote.logoUrl,
      createdAt: remote.createdAt,
    });
  }

  sync(ref: Ref, inputs: Inputs, state: State, subject: Subject, record: Recorder): Promise<State> {
    return new Sync(this.api, ref, inputs, state, subject, record).run();
  }
}

/** True when the create call alone does not make the connector what the inputs say. */
function needsMore(inputs: Inputs): boolean {
  return (
    inputs["configuration"] !== undefined ||
    !isEmpty(inputs["secrets"]) ||
    inputs["logo"] !== undefined ||
    inputs["duplicateOf"] !== undefined
  );
}

/** The description for the create call. */
function describe(inputs: Inputs): string {
  return needsMore(inputs) ? unfinishedMark(inputs) : ((inputs["description"] ?? "") as string);
}

/**
 * A connector's description from the create call until the PUT that completes it. If the deployment is killed in
 * between, the next one knows its own half-done connector by it, and people see that it is not ready.
 */
export function unfinishedMark(inputs: Inputs): string {
  const { teamId, name, description, duplicateOf, configuration } = inputs;
  const definition = [
    teamId,
    name,
    description,
    duplicateOf,
    configuration === undefined ? undefined : digest(configuration),
    Object.keys(textsOf(inputs["secrets"])),
  ];
  const mark = createHash("sha256").update(JSON.stringify(definition)).digest("hex").slice(0, 12);
  return `Being created by Pulumi (pulumi-connectors ${mark}); not ready for use.`;
}
