import { FleetFailure } from "../../lifecycle/fleet";
import { CLAIM, type Stages } from "../../model/state";
import { type Notifier } from "../../observe/index";
import {
  boundaryError,
  engineErrorCode,
  fresh,
  isFresh,
  storedConfiguration,
} from "./engine-errors";
import { isFleet } from "./fleet-state";
import { FleetVerbs } from "./fleet-verbs";
import { engineReporter } from "./engine-log";
import { orphan } from "./orphan";
import { Session, type VendorRuntime } from "./session";
import { type StackConfig } from "./stack-settings";
import { ConnectorVerbs } from "./connector-verbs";
import { withOwnForms } from "./native-forms";
import { traced } from "./tracing";
import { type DynamicProvider, type NativeProvider, type Props, type Verbs } from "./verbs";

export type { UsableSettings, VendorRuntime } from "./session";
export type { DynamicProvider, NativeProvider } from "./verbs";

/**
 * Makes the function that the stored provider text calls: configuration → verbs. One set of verbs
 * per configuration.
 *
 * @param notifier shows warnings and progress. Default: the log of the engine.
 * @param mostRecorded see `Session`.
 */
export function createRuntime<V extends Stages>(
  vendor: VendorRuntime<V>,
  notifier?: Notifier,
  mostRecorded?: number,
): (config: StackConfig | undefined) => DynamicProvider {
  orphan.watch();
  const providers = new WeakMap<StackConfig, DynamicProvider>();
  return (config) => {
    const key = config ?? NO_CONFIG;
    let provider = providers.get(key);
    if (!provider) {
      const session = new Session(vendor, key, notifier ?? engineReporter(), mostRecorded);
      providers.set(key, (provider = verbs(session)));
    }
    return provider;
  };
}

/** The verbs of a native provider with this configuration. */
export function openProvider<V extends Stages>(
  vendor: VendorRuntime<V>,
  config: StackConfig,
  notifier: Notifier = engineReporter(undefined, false),
): NativeProvider {
  const session = new Session(vendor, config, notifier);
  return withOwnForms(session, verbs(session));
}

const NO_CONFIG: StackConfig = { get: () => undefined };

/** One stored provider serves both connectors and fleets; the input keys tell which. */
function verbs<V extends Stages>(session: Session<V>): NativeProvider {
  const single = new ConnectorVerbs(session);
  const fleet = new FleetVerbs(session);
  const guard = async <T>(
    props: readonly Props[],
    work: (verbs: Verbs) => Promise<T>,
    isSaidOnce = false,
  ): Promise<T> => {
    const isOfFleet = props.some(isFleet);
    const called = isOfFleet ? fleet : single;
    try {
      return await orphan.during(() => work(called));
    } catch (error) {
      if (isFresh(error)) {
        throw error;
      }
      if (error instanceof FleetFailure) {
        throw fresh(fleet.failure(error, props[0] ?? {}));
      }
      const failure = boundaryError(error, called.hidden(props));
      if (!isSaidOnce) {
        throw failure;
      }
      const isStored = props.some((each) => isOfFleet || each[CLAIM] !== undefined);
      throw reportedOnce(session, failure, isStored ? storedConfiguration(error) : "");
    }
  };
  const { namespace } = session.vendor.names;
  const spanned = <T>(
    verb: string,
    id: string | undefined,
    props: Props,
    work: () => Promise<T>,
  ): Promise<T> => {
    if (verb !== "read") {
      session.notice.dismiss();
    }
    const secrets = (): readonly string[] => single.hidden([props]).secret;
    return traced({ namespace, verb, id, props, secrets }, work);
  };
  return {
    check: (olds, news) => guard([news, olds], (of) => of.check(olds, news)),
    diff: (id, olds, news) => guard([news, olds], (of) => of.diff(id, olds, news)),
    create: (inputs) =>
      spanned("create", undefined, inputs, () => guard([inputs], (of) => of.create(inputs))),
    read: (id, props) =>
      spanned("read", id, props, () => guard([props], (of) => of.read(id, props), true)),
    update: (id, olds, news) =>
      spanned("update", id, news, () => guard([news, olds], (of) => of.update(id, olds, news))),
    delete: (id, props) =>
      spanned("delete", id, props, () => guard([props], (of) => of.delete(id, props), true)),
    previewCreate: (inputs) => guard([inputs], (of) => of.previewCreate(inputs)),
    previewUpdate: (id, olds, news) =>
      guard([news, olds], (of) => of.previewUpdate(id, olds, news)),
    import: (id) => spanned("read", id, {}, () => guard([], () => single.import(id))),
  };
}

/**
 * A list that fails fails the read of every connector: the first error is the whole message, the
 * others are one line. A hint is printed once.
 */
function reportedOnce<V extends Stages>(session: Session<V>, failure: Error, hint: string): Error {
  const code = engineErrorCode(failure);
  if (code !== undefined && session.once([failure.message]).length === 0) {
    return fresh(`[${code}] ${SAME_FAILURE}`, code);
  }
  return fresh(`${failure.message}${session.once([hint]).join("")}`, code);
}

const SAME_FAILURE =
  "The same error as for another resource of this deployment, which has the whole message.";
