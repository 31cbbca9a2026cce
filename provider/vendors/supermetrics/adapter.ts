import { ConnectorError } from "../../errors";
import { type Message, own } from "../../message";
import {
  type Adapter,
  type Addressing,
  type CallContext,
  type Listed,
  type Ref,
} from "../../lifecycle/adapter";
import { matches } from "../../model/equivalence";
import { type Inputs, type State } from "../../model/state";
import { parseSupermetricsId, type SupermetricsApi } from "./api";
import { supermetricsFields } from "./fields";
import { changed, patch } from "./patch";
import { adoptedState, answered, createdState, finalState, project, stateOf } from "./project";
import { type SupermetricsRemote } from "./remote";
import { send } from "./send";
import {
  type Supermetrics,
  type SupermetricsAnswer,
  type SupermetricsRequest,
} from "./stage-types";
import { needsMoreCalls, unfinishedMarker } from "./unfinished";

/** A connector belongs to a team. */
export const supermetricsAddressing: Addressing<Supermetrics> = {
  scopeOf: ({ teamId }) => teamId,
  adopts: ({ connectorIdentifier }) => connectorIdentifier,
  formatId: ({ scope, key }) => `${scope}/${key}`,
};

/**
 * Supermetrics' part of the lifecycle: create, then secrets, then one PUT with the blocks that
 * changed, then the logo.
 */
export class SupermetricsAdapter implements Adapter<Supermetrics> {
  readonly table = supermetricsFields;
  readonly addressing = supermetricsAddressing;
  /** A deletion keeps the connector's place. */
  readonly mayReuseIds = false;
  readonly project = project;
  readonly stateOf = stateOf;
  readonly adoptedState = adoptedState;
  readonly createdState = createdState;
  readonly patch = patch;
  readonly changed = changed;
  readonly answered = answered;
  readonly finalState = finalState;

  /** @param team the team of the configuration, for an id that names none. */
  constructor(
    private readonly api: SupermetricsApi,
    private readonly team: string | undefined,
  ) {}

  parseId(id: string): Ref {
    return parseSupermetricsId(id, this.team);
  }

  keyOf({ identifier }: SupermetricsRemote): string {
    return identifier;
  }

  nameOf({ name }: SupermetricsRemote): string {
    return name ?? "";
  }

  createdAtOf({ createdAt }: SupermetricsRemote): string | undefined {
    return createdAt;
  }

  /** A connector without a name may be a namesake of any: such a list proves no absence. */
  async list(team: string, purpose: "names" | "content"): Promise<Listed<SupermetricsRemote>> {
    const { items, complete } = await this.api.list(team, purpose === "content");
    return { items, complete: complete && items.every(({ name }) => name !== undefined) };
  }

  get(ref: Ref, context: CallContext): Promise<SupermetricsRemote | undefined> {
    return this.api.get(ref, context);
  }

  /**
   * Fetches the configuration and the names of the secrets where `needed` compares them, and
   * everything for a plain read.
   */
  async complete(
    ref: Ref,
    remote: SupermetricsRemote,
    needed: State<Supermetrics> | undefined,
    context: CallContext,
  ): Promise<SupermetricsRemote | undefined> {
    const needsConfiguration = needed === undefined || needed.configurationSource !== undefined;
    const full =
      needsConfiguration && remote.configuration === undefined
        ? await this.api.get(ref, context)
        : remote;
    if (full === undefined) {
      return undefined;
    }
    if (needed?.configurationSource !== undefined) {
      this.requireConfiguration(full, context, ref, own`so drift cannot be detected`);
    }
    const needsSecrets = needed === undefined || Object.keys(needed.secrets ?? {}).length > 0;
    if (full.secrets !== undefined || !needsSecrets) {
      return full;
    }
    const secrets = await this.api.listSecrets(ref, context);
    return secrets ? { ...full, secrets } : this.withoutSecrets(ref, context);
  }

  /**
   * A 404 on the secrets may mean that the connector is gone, but only a 404 on the connector
   * itself says so.
   */
  private async withoutSecrets(ref: Ref, context: CallContext): Promise<undefined> {
    const remote = await this.api.get(ref, context);
    if (remote === undefined) {
      return undefined;
    }
    const message = own`Supermetrics has connector "${this.nameOf(remote)}" (id ${ref.key}), but does not list its secrets [HTTP 404], so drift cannot be detected. Run pulumi again later`;
    throw new ConnectorError("unexpected_response", message, {
      vendor: "Supermetrics",
      statusCode: 404,
    });
  }

  private requireConfiguration(
    remote: SupermetricsRemote,
    context: CallContext,
    ref: Ref,
    effect: Message,
  ): void {
    if (remote.configuration !== undefined) {
      return;
    }
    const message = own`Supermetrics answered connector "${context.name ?? this.nameOf(remote)}" (id ${ref.key}) without a readable configuration, ${effect}. Run pulumi again later`;
    throw new ConnectorError("unexpected_response", message, { vendor: "Supermetrics" });
  }

  /** Lists rarely carry configurations, and those of a whole team are large. */
  async observe(
    ref: Ref,
    _listed: () => Promise<SupermetricsRemote | undefined>,
    context: CallContext,
  ): Promise<SupermetricsRemote> {
    const remote = await this.api.require(ref, context);
    this.requireConfiguration(remote, context, ref, own`so it is not known what to leave in it`);
    return remote;
  }

  create(inputs: Inputs<Supermetrics>, context: CallContext): Promise<SupermetricsRemote> {
    const { teamId, name, duplicateOf } = inputs;
    const description = needsMoreCalls(inputs) ? unfinishedMarker(inputs) : inputs.description;
    const form = {
      title: name,
      ...(description !== undefined && description !== "" && { description }),
      ...(duplicateOf !== undefined && { duplicateOf }),
    };
    return this.api.create(teamId, form, context);
  }

  send(ref: Ref, request: SupermetricsRequest, context: CallContext): Promise<SupermetricsAnswer> {
    return send(this.api, ref, request, context);
  }

  remove(ref: Ref, context: CallContext): Promise<void> {
    return this.api.remove(ref, context);
  }

  isUnfinished(remote: SupermetricsRemote, inputs: Inputs<Supermetrics>): boolean {
    return (
      needsMoreCalls(inputs) &&
      matches(inputs.name, remote.name) &&
      remote.description?.trim() === unfinishedMarker(inputs)
    );
  }

  /** No answer to a request repeats what was written. */
  warningsOf(): readonly string[] {
    return [];
  }
}
