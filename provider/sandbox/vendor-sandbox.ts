import { type FaultHandle, type FaultOptions } from "./faults";
import { type RequestLogEntry } from "./request-log";
import { type VendorServer } from "./server";

/** The controls that all emulated vendors have in common. */
export abstract class VendorSandbox<Settings> {
  /** The vendor's behavior. An assignment takes effect with the next request. */
  abstract readonly settings: Settings;

  /** @internal */
  protected constructor(
    /** @internal */
    protected readonly server: VendorServer,
    /** Origin, for example `http://127.0.0.1:4010`: the value for `baseUrl`. */
    readonly url: string,
  ) {}

  /** Copies of all requests since the start or the last {@link clearLog}, in order of arrival. */
  get log(): RequestLogEntry[] {
    return this.server.log.entries;
  }

  /** Clears the request log. */
  clearLog(): void {
    this.server.log.clear();
  }

  /** Adds a fault. Faults are checked in the order they were added; the first match takes the request. */
  fault(options: FaultOptions): FaultHandle {
    return this.server.faults.add(options);
  }

  /** How many requests faults have affected since the start. */
  get faultsMet(): number {
    return this.server.faults.met;
  }

  /** Removes all faults of this vendor. */
  clearFaults(): void {
    this.server.faults.clear();
  }

  /** Removes connectors, logged requests and faults; keeps settings. Ids are not reused. */
  reset(): void {
    this.clearState();
    this.clearLog();
    this.clearFaults();
  }

  /** Removes everything that the vendor stores. */
  protected abstract clearState(): void;

  /** Stops this vendor immediately and closes its connections; later connections are refused. */
  close(): Promise<void> {
    return this.server.close();
  }
}
