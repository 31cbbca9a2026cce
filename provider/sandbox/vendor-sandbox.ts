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

  /**
   * Adds a fault. Faults are checked in the order they were added; the first match takes the
   * request.
   */
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

  /** Removes connectors, logged requests and faults; keeps settings. Ids do not start again. */
  reset(): void {
    this.clearState();
    this.clearLog();
    this.clearFaults();
  }

  /**
   * Behaves like a restart of the vendor: closes all connections, removes everything like
   * {@link reset}, and lets ids start again. Keeps the URL and the settings.
   */
  restart(): void {
    this.server.closeConnections();
    this.reset();
    this.resetIds();
  }

  /**
   * Serves the same vendor at an additional URL, like a new host name. Port 0 selects any free
   * port.
   */
  addUrl(port = 0): Promise<string> {
    return this.server.listen(port);
  }

  /** Removes everything that the vendor stores. */
  protected abstract clearState(): void;

  /** Lets ids start again. */
  protected abstract resetIds(): void;

  /** Stops this vendor immediately and closes its connections; later connections are refused. */
  close(): Promise<void> {
    return this.server.close();
  }
}
