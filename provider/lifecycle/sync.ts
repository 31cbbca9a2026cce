import { ConnectorError } from "../errors";
import { type Request } from "../model/request";
import { type Inputs, makeState, type Stages, type State } from "../model/state";
import { type Adapter, type CallContext, type Ref, type Reporter } from "./adapter";

/** The surroundings of a sync. */
export interface SyncOptions<V extends Stages> {
  readonly adapter: Adapter<V>;
  readonly reporter: Reporter;
  readonly context: CallContext;
  /** Called with the state after each request that changed something, or may have. */
  readonly record: (state: State<V>) => void;
}

/**
 * Makes the vendor hold `inputs`, knowing that it holds `state`: sends what `patch` returns, request by request, and
 * asks it again after each, because an answer may change what is left to send. No difference, no call. Resolves with the
 * final state.
 */
export async function sync<V extends Stages>(
  { adapter, reporter, context, record }: SyncOptions<V>,
  ref: Ref,
  inputs: Inputs<V>,
  state: State<V>,
): Promise<State<V>> {
  const written = new Set<string>();
  let reached = state;
  for (;;) {
    const request = adapter.patch(inputs, reached).find(({ part }) => !written.has(part));
    if (request === undefined) {
      return adapter.finalState(ref, inputs, reached);
    }
    try {
      const answer = await adapter.send(ref, request, context);
      written.add(request.part);
      reached = adapter.answered(changed(reached, request.sets), inputs, answer);
      adapter.warningsOf(answer, inputs).forEach((message) => reporter.warn(message));
    } catch (error) {
      const changes = changesAfter(request, error);
      if (changes === undefined) {
        throw error;
      }
      reached = changed(reached, changes);
      if (isOutcomeUnknown(error)) {
        record(reached);
        throw error;
      }
    }
    if (!request.isLookup) {
      record(reached);
    }
  }
}

/** What a failed request says about the state; `undefined` when it had no effect. */
function changesAfter<S>(
  { isLookup, leavesOpen, ifGone }: Request<S>,
  error: unknown,
): Partial<S> | undefined {
  if (isLookup) {
    return undefined;
  }
  if (isOutcomeUnknown(error)) {
    return leavesOpen;
  }
  return error instanceof ConnectorError && error.code === "not_found" ? ifGone : undefined;
}

function isOutcomeUnknown(error: unknown): boolean {
  return error instanceof ConnectorError && error.outcomeUnknown;
}

function changed<V extends Stages>(state: State<V>, changes: Partial<V["state"]>): State<V> {
  return makeState<V>({ ...state, ...changes });
}
