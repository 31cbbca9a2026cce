import { ConnectorError } from "../../errors";
import { own } from "../../message";
import { type Ref } from "../../lifecycle/adapter";
import { differingPaths } from "../../model/differences";
import { type NameValue } from "../../model/entries";
import { isMasked, matches } from "../../model/equivalence";
import { isAnother } from "../../model/identity";
import { computedOutputs, projectFields } from "../../model/project";
import { type Inputs, makeState, type Projection, type State } from "../../model/state";
import { databarFields } from "./fields";
import { type DatabarRemote } from "./remote";
import { type Databar, type DatabarState } from "./stage-types";

/**
 * Remote → inputs and state, by the rules of `projectFields`. What an answer leaves out counts as
 * unchanged.
 */
export function project(
  remote: DatabarRemote,
  written: State<Databar> | undefined,
): Projection<Databar> {
  const { rateLimit = written?.rateLimit, maxConcurrency = written?.maxConcurrency } = remote;
  const values = { ...remote, rateLimit, maxConcurrency };
  const inputs = projectFields(databarFields, values, written);
  return { inputs, state: makeState<Databar>({ ...inputs, ...computed(remote, written) }) };
}

/**
 * Behind a mask there may be another value than the definition's: it is written. A limit lower than
 * the definition's may be the plan's doing, or was never asked for: it is asked for.
 */
export function adoptedState(remote: DatabarRemote, inputs: Inputs<Databar>): State<Databar> {
  const plain = (list: readonly NameValue[]): NameValue[] =>
    list.filter(({ value }) => !isMasked(value));
  const { headers, parameters, body, rateLimit, maxConcurrency } = remote;
  const { state } = project(
    { ...remote, headers: plain(headers), parameters: plain(parameters), body: plain(body) },
    stateOf(inputs),
  );
  return makeState<Databar>({
    ...state,
    ...(inputs.rateLimit !== undefined && { rateLimit: rateLimit ?? undefined }),
    ...(inputs.maxConcurrency !== undefined && { maxConcurrency: maxConcurrency ?? undefined }),
  });
}

/** The state of a connector that holds exactly these inputs. */
export function stateOf(inputs: Inputs<Databar>): State<Databar> {
  return makeState<Databar>({ ...inputs });
}

/** The state right after the create call. */
export function createdState(remote: DatabarRemote, inputs: Inputs<Databar>): State<Databar> {
  return makeState<Databar>({ ...inputs, ...computed(remote, undefined) });
}

/** That a PUT may change `type` is not documented: the state holds the one that is there. */
export function answered(state: State<Databar>, remote: DatabarRemote): State<Databar> {
  if (isAnother(state, remote.createdAt ?? undefined)) {
    const message = own`Databar gave the id ${remote.id} to another connector after yours was deleted outside; this update has overwritten it. Restore it in Databar, then run pulumi refresh and pulumi up, which creates yours again`;
    throw new ConnectorError("conflict", message, { vendor: "Databar" });
  }
  const type = remote.type as DatabarState["type"];
  return makeState<Databar>({ ...state, ...computed(remote, state), type });
}

/** The state of a connector to which nothing is left to send. */
export function finalState(
  { key }: Ref,
  inputs: Inputs<Databar>,
  state: State<Databar>,
): State<Databar> {
  if (!isOfType(inputs, state.type)) {
    const message = own`Databar connector "${inputs.name}" (id ${key}) kept its type: Databar did not change it. To replace the connector, write onConflict: "create" and run pulumi up --replace`;
    throw new ConnectorError("unexpected_response", message, { vendor: "Databar" });
  }
  return makeState<Databar>({ ...computedOutputs(databarFields, state), ...inputs });
}

/** Whether a connector has the type that the inputs ask for. */
export function isOfType(
  { type = DEFAULT_TYPE }: Inputs<Databar>,
  actual: string = DEFAULT_TYPE,
): boolean {
  return matches(type, actual);
}

const DEFAULT_TYPE = "enrichment";

/** What Databar does to other values is not documented either. */
export function warningsOf(remote: DatabarRemote, inputs: Inputs<Databar>): string[] {
  const found = differingPaths(inputs, project(remote, stateOf(inputs)).inputs);
  return found.length === 0
    ? []
    : [
        `Databar connector "${remote.name}" (id ${remote.id}): Databar stored another value than the definition's for ${found.join(", ")}. The next refresh will show it.`,
      ];
}

/**
 * Outputs that Databar decides. What a later answer leaves out stays as it was; a limit that is
 * null is none any more.
 */
function computed(
  { rateLimit, maxConcurrency, createdAt }: DatabarRemote,
  known: State<Databar> | undefined,
): Partial<DatabarState> {
  return {
    effectiveRateLimit:
      rateLimit === undefined ? known?.effectiveRateLimit : (rateLimit ?? undefined),
    effectiveMaxConcurrency:
      maxConcurrency === undefined ? known?.effectiveMaxConcurrency : (maxConcurrency ?? undefined),
    createdAt: known?.createdAt ?? createdAt ?? undefined,
  };
}
