import { VendorServer } from "../server";
import { VendorSandbox } from "../vendor-sandbox";
import { DatabarEmulator } from "./routes";
import { type DatabarSettings, databarSettings } from "./settings";
import { type DatabarConnectorObject, type DatabarSeed, DatabarStore } from "./store";

/** An emulated Databar. `startSandbox` starts it. */
export class DatabarSandbox extends VendorSandbox<DatabarSettings> {
  /** @internal */
  constructor(
    server: VendorServer,
    url: string,
    private readonly emulator: DatabarEmulator,
    private readonly store: DatabarStore,
    override readonly settings: DatabarSettings,
  ) {
    super(server, url);
  }

  /**
   * Copies of the stored connectors of all workspaces in order of creation, without the
   * normalization of reads.
   */
  get connectors(): DatabarConnectorObject[] {
    return this.store.list();
  }

  /** The connectors in the workspace of this key. */
  connectorsOf(key: string): DatabarConnectorObject[] {
    return this.store.list(this.emulator.workspaceOf(key));
  }

  /**
   * Adds a connector without an API call. Omitted fields get example values. `key` selects the
   * workspace if each key has its own.
   */
  seed(connector: DatabarSeed = {}, key?: string): DatabarConnectorObject {
    return this.store.seed(connector, this.emulator.workspaceOf(key));
  }

  /**
   * Changes fields without an API call, like a change in the web app. Throws if the connector does
   * not exist.
   */
  change(id: number | string, fields: DatabarSeed): DatabarConnectorObject {
    return this.store.change(Number(id), fields);
  }

  /** Removes a connector without an API call. Returns false if it does not exist. */
  remove(id: number | string): boolean {
    return this.store.remove(Number(id));
  }

  /** Makes a delete of this connector fail with 409 and this `detail`; null allows it again. */
  inUse(id: number | string, detail: string | null = `Connector ${id} is used by 2 tables`): void {
    this.store.setInUse(Number(id), detail ?? undefined);
  }

  protected override clearState(): void {
    this.store.clear();
  }

  protected override resetIds(): void {
    this.store.resetIds();
  }
}

/** Starts an emulated Databar on 127.0.0.1. Port 0 selects any free port. */
export async function startDatabar(
  port: number,
  options?: Partial<DatabarSettings>,
): Promise<DatabarSandbox> {
  const settings = databarSettings(options);
  const store = new DatabarStore(settings);
  const emulator = new DatabarEmulator(store, settings);
  const server = new VendorServer(emulator);
  return new DatabarSandbox(server, await server.listen(port), emulator, store, settings);
}
