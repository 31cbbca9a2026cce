import { CLAIM } from "../lifecycle/state";
import { boundaryError } from "./failure";
import { Session, type VendorRuntime } from "./session";
import { type StackConfig } from "./settings";
import { Single } from "./single";
import { type DynamicProvider, type Props } from "./verbs";

export type { VendorRuntime } from "./session";
export type { DynamicProvider } from "./verbs";

/** Makes the function that the stored provider text calls: configuration → verbs. One set of verbs per configuration. */
export function createRuntime<R>(vendor: VendorRuntime<R>): (config: StackConfig | undefined) => DynamicProvider {
  const providers = new WeakMap<StackConfig, DynamicProvider>();
  return (config) => {
    const key = config ?? NO_CONFIG;
    let provider = providers.get(key);
    if (!provider) providers.set(key, (provider = verbs(new Session(vendor, key))));
    return provider;
  };
}

const NO_CONFIG: StackConfig = { get: () => undefined };

function verbs<R>(session: Session<R>): DynamicProvider {
  const single = new Single(session);
  const guard = async <T>(props: readonly Props[], work: () => Promise<T>, reads = false): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Error && "reasons" in error) throw error;
      const stored = reads && props.some((each) => each[CLAIM] !== undefined);
      throw boundaryError(error, stored, single.hidden(props));
    }
  };
  return {
    check: (olds, news) => guard([news, olds], () => single.check(olds, news)),
    diff: (id, olds, news) => guard([news, olds], () => single.diff(id, olds, news)),
    create: (inputs) => guard([inputs], () => single.create(inputs)),
    read: (id, props) => guard([props], () => single.read(id, props), true),
    update: (id, olds, news) => guard([news, olds], () => single.update(id, olds, news)),
    delete: (id, props) => guard([props], () => single.delete(id, props), true),
  };
}
