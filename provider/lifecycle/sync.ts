import { ConnectorError } from "../errors";
import { type Request } from "../model/request";
import { type Inputs, makeState, type Stages, type State } from "../model/state";
import { type Adapter, type CallContext, type Ref, type Reporter } from "./adapter";

/** The surroundings of a sync. */
export interface SyncOptions<V extends Stages> {
  readonly adapter: Adapter<V>;
  readonly reporter: Reporter;
  readonly context: CallContext;
  /** Looks the connector up. Called once at most, and only where a request needs it. */
  readonly observe: () => Promise<V["remote"]>;
  /** Called before each request that may change something. */
  readonly willWrite: () => void;
  /** Called with the state after each request that changed something, or may have. */
  readonly record: (state: State<V>) => void;
}

/**
 * Makes the vendor hold `inputs`, knowing that it holds `state`: sends what `patch` returns,
 * request by request, and asks it again after each, because an answer may change what is left to
 * send. No difference, no call. Resolves with the final state.
 *
 * @param known the connector, where it has just been looked up.
 */
export async function sync<V extends Stages>(
  options: SyncOptions<V>,
  ref: Ref,
  inputs: Inputs<V>,
  state: State<V>,
  known?: V["remote"],
): Promise<State<V>> {
  const { adapter, observe, record } = options;
  const written = new Set<string>();
  let reached = state;
  let remote = known;
  for (;;) {
    const request = adapter.patch(inputs, reached, remote).find(({ part }) => !written.has(part));
    if (request === undefined) {
      return adapter.finalState(ref, inputs, reached);
    }
    if (request.needsRemote && remote === undefined) {
      remote = await observe();
      continue;
    }
    const outcome = await send(options, ref, inputs, reached, request);
    reached = outcome.state;
    if (outcome.isWritten) {
      written.add(request.part);
      remote = remote && adapter.changed(remote, request);
    }
    if (!request.isLookup) {
      record(reached);
    }
  }
}

/** Sends a request. Rejects when it fails, unless it is to be sent in another form then. */
async function send<V extends Stages>(
  { adapter, reporter, context, willWrite, record }: SyncOptions<V>,
  ref: Ref,
  inputs: Inputs<V>,
  state: State<V>,
  request: V["request"],
): Promise<{ readonly state: State<V>; readonly isWritten: boolean }> {
  if (!request.isLookup) {
    willWrite();
  }
  try {
    const answer = await adapter.send(ref, request, context);
    const warnings = [...adapter.warningsOf(answer, inputs), ...(request.warnings ?? [])];
    warnings.forEach((message) => reporter.warn(message));
    return {
      state: adapter.answered(changed(state, request.sets), inputs, answer),
      isWritten: true,
    };
  } catch (error) {
    const changes = changesAfter(request, error);
    if (changes === undefined) {
      throw error;
    }
    const next = changed(state, changes);
    if (isOutcomeUnknown(error)) {
      record(next);
      throw error;
    }
    return { state: next, isWritten: false };
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
