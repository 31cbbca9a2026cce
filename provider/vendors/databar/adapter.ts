import {
  type Adapter,
  type Addressing,
  type CallContext,
  type Listed,
  type Ref,
  type Reporter,
} from "../../lifecycle/adapter";
import { type Inputs, type Projection, type State } from "../../model/state";
import { type DatabarApi, parseDatabarId } from "./api";
import { databarFields } from "./fields";
import { bodyOf, patch } from "./patch";
import {
  adoptedState,
  answered,
  createdState,
  finalState,
  isOfType,
  project,
  stateOf,
  warningsOf,
} from "./project";
import { type DatabarRemote } from "./remote";
import { type Databar, type DatabarRequest } from "./stage-types";

/** A key's one workspace has no name of its own. */
export const databarAddressing: Addressing<Databar> = {
  scopeOf: () => "",
  adopts: ({ connectorId }) => connectorId?.toString(),
  formatId: ({ key }) => key,
};

/** Databar's part of the lifecycle: one PUT replaces everything, one list holds everything. */
export class DatabarAdapter implements Adapter<Databar> {
  readonly table = databarFields;
  readonly addressing = databarAddressing;
  /** Its documentation does not rule it out. */
  readonly mayReuseIds = true;
  readonly parseId = parseDatabarId;
  readonly stateOf = stateOf;
  readonly createdState = createdState;
  readonly patch = patch;
  readonly finalState = finalState;

  constructor(
    private readonly api: DatabarApi,
    private readonly reporter: Reporter,
  ) {}

  keyOf({ id }: DatabarRemote): string {
    return id;
  }

  nameOf({ name }: DatabarRemote): string {
    return name;
  }

  createdAtOf({ createdAt }: DatabarRemote): string | undefined {
    return createdAt ?? undefined;
  }

  async list(): Promise<Listed<DatabarRemote>> {
    const items = await this.api.list();
    return { items, complete: items.every(({ nameless }) => !nameless) };
  }

  get(ref: Ref, context: CallContext): Promise<DatabarRemote | undefined> {
    return this.api.get(ref, context);
  }

  async complete(
    ref: Ref,
    remote: DatabarRemote,
    _needed: State<Databar> | undefined,
    context: CallContext,
  ): Promise<DatabarRemote | undefined> {
    return remote.unreadable ? this.api.get(ref, context) : remote;
  }

  /** One list knows the limits of all connectors. */
  async observe(
    ref: Ref,
    listed: () => Promise<DatabarRemote | undefined>,
    context: CallContext,
  ): Promise<DatabarRemote> {
    const remote = await listed();
    return remote === undefined || remote.unreadable ? this.api.require(ref, context) : remote;
  }

  async create(inputs: Inputs<Databar>, context: CallContext): Promise<DatabarRemote> {
    const remote = await this.api.create(bodyOf(inputs), context);
    warningsOf(remote, inputs).forEach((message) => this.reporter.warn(message));
    return remote;
  }

  send(ref: Ref, { body }: DatabarRequest, context: CallContext): Promise<DatabarRemote> {
    return this.api.replace(ref, body, context);
  }

  remove(ref: Ref, context: CallContext): Promise<void> {
    return this.api.remove(ref, context);
  }

  /** One call creates all there is. */
  isUnfinished(): boolean {
    return false;
  }

  /** Its one request leaves nothing to be sent. */
  changed(remote: DatabarRemote): DatabarRemote {
    return remote;
  }

  project(
    remote: DatabarRemote,
    _ref: Ref,
    written: State<Databar> | undefined,
  ): Projection<Databar> {
    return project(remote, written);
  }

  adoptedState(remote: DatabarRemote, _ref: Ref, inputs: Inputs<Databar>): State<Databar> {
    return adoptedState(remote, inputs);
  }

  answered(state: State<Databar>, _inputs: Inputs<Databar>, answer: DatabarRemote): State<Databar> {
    return answered(state, answer);
  }

  /** A type that stayed as it was is a failure instead; see `finalState`. */
  warningsOf(answer: DatabarRemote, inputs: Inputs<Databar>): readonly string[] {
    return isOfType(inputs, answer.type) ? warningsOf(answer, inputs) : [];
  }
}
