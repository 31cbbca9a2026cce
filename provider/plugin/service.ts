import { suggest } from "../diagnostics";
import { ConnectorError } from "../errors";
import { type JsonObject } from "../json";
import { ownText } from "../message";
import { adoptingField } from "../model/field";
import { type Notifier } from "../observe/index";
import {
  CHANGES,
  type CheckRequest,
  type CheckResponse,
  type ConfigureRequest,
  type ConfigureResponse,
  type CreateRequest,
  type CreateResponse,
  type DeleteRequest,
  DIFF_KIND,
  type DiffRequest,
  type DiffResponse,
  type HandshakeResponse,
  type MessageOf,
  type PluginInfo,
  type ReadRequest,
  type ReadResponse,
  type SchemaRequest,
  type SchemaResponse,
  type UpdateRequest,
  type UpdateResponse,
} from "../pulumi/protocol/messages";
import { type Packed } from "../pulumi/protocol/message";
import { type Part, type Values } from "../pulumi/protocol/struct";
import { about } from "../pulumi/provider/engine-log";
import { type NativeProvider, openProvider, type VendorRuntime } from "../pulumi/provider/runtime";
import { FLEET, resourceTypes } from "../vendors/native-types";
import { packageVersion } from "../version";
import { checkConfiguration, configOf } from "./configuration";
import { type Change, changesBetween } from "./detailed-diff";
import { Marked, outputsOf } from "./marks";
import { Operations } from "./operations";

type Request<C> = MessageOf<C>;
type Response<C> = Promise<Partial<MessageOf<C>>>;

/** What this provider understands of secrets, resources and outputs in values. */
const UNDERSTANDS = { acceptSecrets: true, acceptResources: false, acceptOutputs: false } as const;

/**
 * A vendor's package as the engine calls it, over the verbs that serve dynamic resources too. Knows
 * messages, not gRPC. One instance serves one provider of one deployment.
 */
export class PluginService {
  private hasHandshake = false;
  private opened: NativeProvider | undefined;
  private readonly operations = new Operations();

  constructor(
    private readonly vendor: VendorRuntime,
    private readonly schema: () => string,
    private readonly notifier?: Notifier,
  ) {}

  handshake(): Response<typeof HandshakeResponse> {
    this.hasHandshake = true;
    return Promise.resolve(UNDERSTANDS);
  }

  getPluginInfo(): Response<typeof PluginInfo> {
    return Promise.resolve({ version: packageVersion() });
  }

  getSchema({
    version,
    subpackageName,
  }: Request<typeof SchemaRequest>): Response<typeof SchemaResponse> {
    if (version !== 0 || subpackageName !== "") {
      const wanted =
        subpackageName === "" ? `version ${version} of the schema's form` : subpackageName;
      throw this.refusal(
        `The package has no ${wanted}. Use a Pulumi CLI and a pulumi-connectors of the same time`,
      );
    }
    return Promise.resolve({ schema: this.schema() });
  }

  checkConfig({ urn, news }: Request<typeof CheckRequest>): Response<typeof CheckResponse> {
    const given = news?.() ?? {};
    const { inputs, failures } = checkConfiguration(this.vendor, urn, given);
    // With a property, the engine would print its value.
    return Promise.resolve({
      inputs: () => inputs,
      failures: failures.map((reason) => ({ property: "", reason })),
    });
  }

  /** A provider is never replaced: its connectors stay, wherever the settings lead. */
  diffConfig({
    oldInputs,
    olds,
    news,
  }: Request<typeof DiffRequest>): Response<typeof DiffResponse> {
    const changes = changesBetween((oldInputs ?? olds)?.() ?? {}, news?.() ?? {});
    return Promise.resolve(answerOf(changes, []));
  }

  configure({ urn, args }: Request<typeof ConfigureRequest>): Response<typeof ConfigureResponse> {
    if (!this.hasHandshake) {
      throw this.refusal(
        "This Pulumi CLI is too old for native providers of pulumi-connectors. Install Pulumi 3.216 or later",
      );
    }
    const { values } = Marked.open(args?.() ?? {});
    const config = configOf(this.vendor.names.namespace, urn, values);
    this.opened = openProvider(this.vendor, config, this.notifier);
    return Promise.resolve({ ...UNDERSTANDS, supportsPreview: true });
  }

  check({ urn, olds, news }: Request<typeof CheckRequest>): Response<typeof CheckResponse> {
    return this.serve(urn, async (verbs) => {
      const given = open(news);
      const { inputs, failures } = await verbs.check(open(olds, SURFACE).values, given.values);
      return { inputs: () => given.mark(inputs), failures };
    });
  }

  diff({
    id,
    urn,
    olds,
    oldInputs,
    news,
  }: Request<typeof DiffRequest>): Response<typeof DiffResponse> {
    return this.serve(urn, async (verbs, type) => {
      const inputs = open(news).values;
      const { changes, replaces } = await verbs.diff(id, stateIn(olds, type), inputs);
      const found = changes === false ? [] : changesBetween(open(oldInputs).values, inputs);
      return answerOf(found, replaces, changes);
    });
  }

  /** The engine calls it when its user cancels the deployment. */
  cancel(): Promise<object> {
    this.operations.cancel();
    return Promise.resolve({});
  }

  /** Resolves when no operation runs. */
  idle(): Promise<void> {
    return this.operations.idle();
  }

  create({
    urn,
    properties,
    preview,
    timeout,
  }: Request<typeof CreateRequest>): Response<typeof CreateResponse> {
    return this.operate(urn, timeout, async (verbs) => {
      const given = open(properties);
      if (preview) {
        const { id = "", outs } = await verbs.previewCreate(given.values);
        return { id, properties: () => outputsOf(given.mark(outs)) };
      }
      const { id, outs } = await verbs.create(given.values).catch(recorded(given));
      return { id, properties: () => outputsOf(given.mark(outs)) };
    });
  }

  update({
    id,
    urn,
    olds,
    news,
    preview,
    timeout,
  }: Request<typeof UpdateRequest>): Response<typeof UpdateResponse> {
    return this.operate(urn, timeout, async (verbs, type) => {
      const given = open(news);
      const { outs } = preview
        ? await verbs.previewUpdate(id, stateIn(olds, type), given.values)
        : await verbs.update(id, stateIn(olds, type), given.values).catch(recorded(given));
      return { properties: () => outputsOf(given.mark(outs)) };
    });
  }

  /** Without properties, the engine imports: also an empty program of `get` sends some. */
  read({
    id,
    urn,
    properties,
    inputs,
    timeout,
  }: Request<typeof ReadRequest>): Response<typeof ReadResponse> {
    return this.operate(urn, timeout, async (verbs, type) => {
      if (properties === undefined) {
        return this.import(verbs, type, id);
      }
      const [state, written] = [open(properties), open(inputs)];
      const found = await verbs.read(id, state.values);
      if (found.id === "") {
        return {};
      }
      const { props, inputs: now } = found;
      return {
        id: found.id,
        properties: () => outputsOf(state.mark(props)),
        ...(now && { inputs: () => written.mark(now) }),
      };
    });
  }

  private async import(
    verbs: NativeProvider,
    type: string,
    id: string,
  ): Response<typeof ReadResponse> {
    const { names, table } = this.vendor;
    if (type.endsWith(FLEET)) {
      throw this.refusal(
        `A fleet is no connector of ${names.vendor} and cannot be imported. Import each connector as a resource of its own, or write ${adoptingField(table)} into the definitions of a new fleet`,
      );
    }
    const imported = await verbs.import(id);
    return {
      id: imported.id,
      properties: () => outputsOf(imported.props),
      inputs: () => imported.inputs,
    };
  }

  delete({ id, urn, properties, timeout }: Request<typeof DeleteRequest>): Promise<object> {
    return this.operate(urn, timeout, async (verbs, type) => {
      await verbs.delete(id, stateIn(properties, type));
      return {};
    });
  }

  /** As `serve`, for what calls the vendor. @param timeout in seconds; 0: none. */
  private operate<T>(
    urn: string,
    timeout: number,
    work: (verbs: NativeProvider, type: string) => Promise<T>,
  ): Promise<T> {
    const { vendor } = this.vendor.names;
    return this.serve(urn, (verbs, type) =>
      this.operations.run(vendor, timeout, () => work(verbs, type)),
    );
  }

  private serve<T>(
    urn: string,
    work: (verbs: NativeProvider, type: string) => Promise<T>,
  ): Promise<T> {
    const verbs = this.opened;
    if (verbs === undefined) {
      throw this.refusal("The provider was called before it was configured");
    }
    const type = typeIn(urn);
    const types = resourceTypes(this.vendor.names.namespace);
    if (!types.includes(type)) {
      const meant = suggest(type, types);
      throw this.refusal(
        `${type} is not a resource of ${this.vendor.names.namespace}. ${meant === undefined ? `Use ${types.join(" or ")}` : `Did you mean ${meant}?`}`,
      );
    }
    return about(urn, () => work(verbs, type));
  }

  private refusal(message: string): ConnectorError {
    const text = ownText(`${message}${message.endsWith("?") ? "" : "."}`);
    return new ConnectorError("invalid", text, { vendor: this.vendor.names.vendor });
  }
}

/** What a check reads of the last inputs: which connectors a fleet had, and single values. */
const SURFACE: Part = { depth: 3 };

/** Of a fleet, what its state shows in clear, which only a read needs. */
const SHOWN: Part = { without: "connectors" };

function open(sent: Packed | undefined, part?: Part): Marked {
  return Marked.open(sent?.(part) ?? {});
}

/** A state, for any verb but read. */
function stateIn(sent: Packed | undefined, type: string): Values {
  return open(sent, type.endsWith(FLEET) ? SHOWN : undefined).values;
}

/** The type of the resource itself, without those of its parents. */
function typeIn(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/** What was recorded of a write that stopped half-way is marked as the whole would be. */
function recorded(given: Marked): (error: unknown) => never {
  return (error) => {
    if (error instanceof Error && "properties" in error) {
      Object.assign(error, { properties: outputsOf(given.mark(error.properties as JsonObject)) });
    }
    throw error;
  };
}

/** @param changes what the verb says; `undefined` leaves it to the inputs. */
function answerOf(
  found: readonly Change[],
  replaces: readonly string[],
  changes?: boolean,
): Partial<MessageOf<typeof DiffResponse>> {
  const isChanged = changes ?? found.length > 0;
  const kindOf = ({ kind, property }: Change): keyof typeof DIFF_KIND =>
    replaces.includes(property) ? `${kind}-replace` : kind;
  return {
    changes: isChanged ? CHANGES.some : CHANGES.none,
    replaces: isChanged ? replaces : [],
    diffs: [...new Set(found.map(({ property }) => property))],
    detailedDiff: found.map((change) => ({
      key: change.path,
      value: { kind: DIFF_KIND[kindOf(change)], inputDiff: true },
    })),
    hasDetailedDiff: true,
  };
}
