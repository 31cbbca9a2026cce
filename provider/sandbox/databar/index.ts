import { VendorServer } from "../server";
import { VendorSandbox } from "../vendor-sandbox";
import { DatabarEmulator } from "./routes";
import { type DatabarSettings, databarSettings } from "./settings";
import { type DatabarConnectorObject, type DatabarSeed, DatabarStore } from "./store";

/** An emulated Databar. Start one with `startSandbox`. */
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

  /** Copies of all connectors as stored, of all workspaces, in creation order; read-time normalisation is not applied. */
  get connectors(): DatabarConnectorObject[] {
    return this.store.list();
  }

  /** Connectors in the workspace of this key. */
  connectorsOf(key: string): DatabarConnectorObject[] {
    return this.store.list(this.emulator.workspaceOf(key));
  }

  /** Puts a connector there directly; fields left out take example values. `key` names the workspace when each key has its own. */
  seed(connector: DatabarSeed = {}, key?: string): DatabarConnectorObject {
    return this.store.seed(connector, this.emulator.workspaceOf(key));
  }

  /** Changes fields directly, as someone does in the web page. Throws when there is no such connector. */
  change(id: number | string, fields: DatabarSeed): DatabarConnectorObject {
    return this.store.change(Number(id), fields);
  }

  /** Removes a connector directly; false when there was none. */
  remove(id: number | string): boolean {
    return this.store.remove(Number(id));
  }

  /** Makes a delete of this connector fail with 409 and this `detail`; null lets it go again. */
  inUse(id: number | string, detail: string | null = `Connector ${id} is used by 2 tables`): void {
    this.store.setUse(Number(id), detail ?? undefined);
  }

  protected override clearState(): void {
    this.store.clear();
  }
}

/** Starts an emulated Databar on 127.0.0.1; port 0 takes any free one. */
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
