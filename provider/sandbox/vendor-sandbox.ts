import { type FaultHandle, type FaultOptions } from "./faults";
import { type RequestLogEntry } from "./request-log";
import { type VendorServer } from "./server";

/** What the emulators of all vendors offer to a test. */
export abstract class VendorSandbox<Settings> {
  /** How the vendor behaves. Assign to change it while it runs; the next request sees it. */
  abstract readonly settings: Settings;

  /** @internal */
  protected constructor(
    /** @internal */
    protected readonly server: VendorServer,
    /** Origin, for example `http://127.0.0.1:4010`; what `baseUrl` is set to. */
    readonly url: string,
  ) {}

  /** Copies of all requests since the start or the last {@link clearLog}, in arrival order. */
  get log(): RequestLogEntry[] {
    return this.server.log.entries;
  }

  /** Forgets the requests so far. */
  clearLog(): void {
    this.server.log.clear();
  }

  /** Sets a fault. Faults are tried in the order they were set; the first that meets a request takes it. */
  fault(options: FaultOptions): FaultHandle {
    return this.server.faults.add(options);
  }

  /** How many requests have met a fault since the start. */
  get faultsMet(): number {
    return this.server.faults.met;
  }

  /** Removes all faults of this vendor. */
  clearFaults(): void {
    this.server.faults.clear();
  }

  /** Forgets connectors, requests and faults; settings stay. Ids are not used again. */
  reset(): void {
    this.clearState();
    this.clearLog();
    this.clearFaults();
  }

  /** Forgets what the vendor keeps. */
  protected abstract clearState(): void;

  /** Stops this vendor alone, at once: connections break, later ones are refused. */
  close(): Promise<void> {
    return this.server.close();
  }
}
