import { ConnectorError } from "../../errors";
import {
  type Adapter,
  type Listed,
  type Recorder,
  type Ref,
  type Reporter,
  type Subject,
} from "../../lifecycle/adapter";
import { differingPaths } from "../../model/differences";
import { type Json } from "../../json";
import { type NameValue } from "../../model/entries";
import { isMasked } from "../../model/equivalence";
import { UNSETTLED } from "../../lifecycle/partial-write";
import { projectFields } from "../../model/project";
import { compact, type Inputs, type Projection, type State } from "../../model/state";
import { type DatabarApi, type DatabarRemote, parseDatabarId, patch } from "./api";
import { databarFields } from "./fields";

/** A key's one workspace has no name of its own. */
const SCOPE = "";

/** Databar's part of the lifecycle: one PUT replaces everything, one list holds everything. */
export class DatabarAdapter implements Adapter<DatabarRemote> {
  readonly table = databarFields;

  constructor(
    private readonly api: DatabarApi,
    private readonly reporter: Reporter,
  ) {}

  scopeOf(): string {
    return SCOPE;
  }

  parseId(id: string): Ref {
    return parseDatabarId(id);
  }

  formatId({ key }: Ref): string {
    return key;
  }

  keyOf({ id }: DatabarRemote): string {
    return id;
  }

  nameOf({ name }: DatabarRemote): string {
    return name;
  }

  adopts(inputs: Inputs): string | undefined {
    const id = inputs["connectorId"];
    return typeof id === "number" ? String(id) : undefined;
  }

  async list(): Promise<Listed<DatabarRemote>> {
    const items = await this.api.list();
    return { items, complete: items.every(({ nameless }) => !nameless) };
  }

  get(ref: Ref, subject: Subject): Promise<DatabarRemote | undefined> {
    return this.api.get(ref, subject);
  }

  async complete(
    ref: Ref,
    remote: DatabarRemote,
    _needed: State,
    subject: Subject,
  ): Promise<DatabarRemote | undefined> {
    return remote.unreadable ? this.api.get(ref, subject) : remote;
  }

  async create(inputs: Inputs, subject: Subject): Promise<DatabarRemote> {
    const remote = await this.api.create(patch(inputs), subject);
    this.warnOfOthers(remote, this.differences(remote, inputs));
    return remote;
  }

  remove(ref: Ref, subject: Subject): Promise<void> {
    return this.api.remove(ref, subject);
  }

  /** One call creates all there is. */
  isUnfinished(): boolean {
    return false;
  }

  project(remote: DatabarRemote, _ref: Ref, written: State | undefined): Projection {
    const { rateLimit = written?.["rateLimit"], maxConcurrency = written?.["maxConcurrency"] } =
      remote;
    const inputs = projectFields(databarFields, { ...remote, rateLimit, maxConcurrency }, written);
    return { inputs, state: { ...inputs, ...computed(remote, written) } };
  }

  stateOf(inputs: Inputs): State {
    return inputs;
  }

  /**
   * Behind a mask there may be another value than the definition's: it is written. A limit lower than the definition's
   * may be the plan's doing, or nobody ever asked for more: it is asked for.
   */
  adoptedState(remote: DatabarRemote, ref: Ref, inputs: Inputs): State {
    const plain = (list: readonly NameValue[]): NameValue[] =>
      list.filter(({ value }) => !isMasked(value));
    const { headers, parameters, body, rateLimit, maxConcurrency } = remote;
    const { state } = this.project(
      { ...remote, headers: plain(headers), parameters: plain(parameters), body: plain(body) },
      ref,
      inputs,
    );
    return compact({
      ...state,
      ...(inputs["rateLimit"] !== undefined && { rateLimit: rateLimit ?? undefined }),
      ...(inputs["maxConcurrency"] !== undefined && {
        maxConcurrency: maxConcurrency ?? undefined,
      }),
    });
  }

  begunState(remote: DatabarRemote, inputs: Inputs): State {
    return { ...inputs, ...computed(remote, undefined) };
  }

  async sync(
    ref: Ref,
    inputs: Inputs,
    state: State,
    subject: Subject,
    record: Recorder,
  ): Promise<State> {
    const outputs = compact(
      Object.fromEntries(databarFields.computed.map(({ name }) => [name, state[name]])),
    );
    if (differingPaths(patch(state), patch(inputs)).length === 0) {
      return { ...outputs, ...inputs };
    }
    const remote = await this.replace(ref, inputs, state, subject, record);
    const stored = { ...inputs, ...computed(remote, state) };
    record({ ...stored, type: remote.type });
    this.verify(remote, inputs);
    return stored;
  }

  private async replace(
    ref: Ref,
    inputs: Inputs,
    state: State,
    subject: Subject,
    record: Recorder,
  ): Promise<DatabarRemote> {
    try {
      return await this.api.replace(ref, patch(inputs), subject);
    } catch (error) {
      if (error instanceof ConnectorError && error.outcomeUnknown) {
        record(unsettled(inputs, state));
      }
      throw error;
    }
  }

  /** That a PUT may change `type` is not documented; nor is what Databar does to other values. */
  private verify(remote: DatabarRemote, inputs: Inputs): void {
    const found = this.differences(remote, inputs);
    if (found.includes("type")) {
      const message = `${called(remote)} kept its type: Databar did not change it. Delete the connector and create it again, for example with pulumi up --replace`;
      throw new ConnectorError("unexpected_response", message, { vendor: "Databar" });
    }
    this.warnOfOthers(remote, found);
  }

  private differences(remote: DatabarRemote, inputs: Inputs): string[] {
    return differingPaths(
      inputs,
      this.project(remote, { scope: SCOPE, key: remote.id }, inputs).inputs,
    );
  }

  private warnOfOthers(remote: DatabarRemote, found: readonly string[]): void {
    if (found.length > 0) {
      this.reporter.warn(
        `${called(remote)}: Databar stored another value than the definition's for ${found.join(", ")}. The next refresh will show it.`,
      );
    }
  }
}

/**
 * The state after a PUT that may or may not have taken effect. The name alone makes the next update write; the rest is
 * for a refresh in between: behind a mask may be the old value or the new one, and of two limits only the lower one
 * tells a limit that the plan lowered from one that was raised.
 */
function unsettled(inputs: Inputs, state: State): State {
  const open = databarFields.fields.flatMap(
    ({ name, kind, cappedAs }): [string, Json | undefined][] => {
      if (differingPaths(state[name], inputs[name]).length === 0) {
        return [];
      }
      if (kind === "entries") {
        return [[name, undefined]];
      }
      return cappedAs === undefined ? [] : [[name, lower(state[name], inputs[name])]];
    },
  );
  return compact({ ...state, ...Object.fromEntries(open), name: UNSETTLED });
}

function lower(one: Json | undefined, other: Json | undefined): Json | undefined {
  const set = [one, other].filter((limit) => typeof limit === "number");
  return set.length === 0 ? undefined : Math.min(...set);
}

function called({ name, id }: DatabarRemote): string {
  return `Databar connector "${name}" (id ${id})`;
}

/** Outputs that Databar decides. What a later answer leaves out stays as it was; a limit that is null is none any more. */
function computed(remote: DatabarRemote, known: State | undefined): State {
  return compact({
    effectiveRateLimit:
      remote.rateLimit === undefined
        ? known?.["effectiveRateLimit"]
        : (remote.rateLimit ?? undefined),
    effectiveMaxConcurrency:
      remote.maxConcurrency === undefined
        ? known?.["effectiveMaxConcurrency"]
        : (remote.maxConcurrency ?? undefined),
    createdAt: known?.["createdAt"] ?? remote.createdAt ?? undefined,
  });
}
