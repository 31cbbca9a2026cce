import { ConnectorError } from "../../errors";
import { type Recorder, type Ref, type Subject } from "../../lifecycle/adapter";
import { readLeaves } from "../../lifecycle/document";
import { isEmpty, matches } from "../../lifecycle/equal";
import { isObject, type JsonObject } from "../../lifecycle/json";
import { compact, type Inputs, type State, without } from "../../lifecycle/state";
import { type SupermetricsApi, type UpdateBlocks } from "./api";
import { readLogo } from "./logo";
import { references, resolve } from "./placeholders";
import { stateOf } from "./project";
import { type RemoteSecret } from "./remote";

/** Which calls make the vendor hold the inputs. */
export interface Patch {
  /** Secrets to create or set, by name. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Names of secrets to delete, once nothing references them. */
  readonly obsolete: readonly string[];
  readonly connector: boolean;
  readonly configuration: boolean;
  readonly logo: boolean;
}

/**
 * Inputs and state → the calls to make. Pure. Only the blocks that changed:
 *
 * 1. A secret is written when its value is not the one that the state holds, and deleted when it left the map.
 * 2. Name and description travel together, an unset description as `""`: the vendor requires both.
 * 3. The configuration is sent as a whole when its mark changed, or when a secret that it names gets a placeholder.
 * 4. The logo is sent when its content changed, not its path.
 */
export function patch(inputs: Inputs, state: State): Patch {
  const wanted = textsOf(inputs["secrets"]);
  const held = textsOf(state["secrets"]);
  const known = textsOf(state["secretPlaceholders"]);
  const secrets = Object.fromEntries(Object.entries(wanted).filter(([name, value]) => held[name] !== value));
  const renewed = Object.keys(secrets).filter((name) => known[name] === undefined);
  const { configuration } = inputs;
  const named = references(configuration).map(({ name }) => name);
  return {
    secrets,
    obsolete: Object.keys(held).filter((name) => wanted[name] === undefined),
    connector: !matches(inputs["name"], state["name"]) || !matches(inputs["description"] ?? "", state["description"] ?? ""),
    configuration: configuration !== undefined && (stateOf(inputs)["configurationDigest"] !== state["configurationDigest"] || renewed.some((name) => named.includes(name))),
    logo: isObject(inputs["logo"]) && (!isObject(state["logo"]) || inputs["logo"]["sha256"] !== state["logo"]["sha256"]),
  };
}

/** Carries a patch out, one call after the other, remembering each result. */
export class Sync {
  private placeholders: Readonly<Record<string, string>> | undefined;

  constructor(
    private readonly api: SupermetricsApi,
    private readonly ref: Ref,
    private readonly inputs: Inputs,
    private state: State,
    private readonly subject: Subject,
    private readonly record: Recorder,
  ) {
    const known = state["secretPlaceholders"];
    this.placeholders = isObject(known) ? textsOf(known) : undefined;
  }

  async run(): Promise<State> {
    const todo = patch(this.inputs, this.state);
    for (const [name, value] of Object.entries(todo.secrets)) await this.writeSecret(name, value);
    await this.update(todo);
    if (todo.logo) await this.uploadLogo();
    for (const name of todo.obsolete) await this.removeSecret(name);
    return this.finished();
  }

  private async writeSecret(name: string, value: string): Promise<void> {
    const known = await this.knownPlaceholders();
    const placeholder = known[name];
    if (placeholder === undefined) await this.createSecret(name, value);
    else await this.setSecret({ name, placeholder }, value);
    this.note({ secrets: { ...textsOf(this.state["secrets"]), [name]: value }, secretPlaceholders: this.managedPlaceholders(name) });
  }

  /** A secret that was deleted outside since the last refresh is created again. */
  private async setSecret(secret: RemoteSecret, value: string): Promise<void> {
    try {
      await this.api.setSecret(this.ref, secret, value, this.subject);
    } catch (error) {
      if (!(error instanceof ConnectorError) || error.code !== "not_found") throw error;
      const others = without(this.placeholders ?? {}, secret.name);
      this.placeholders = others;
      this.note({ configurationDigest: undefined });
      await this.createSecret(secret.name, value);
    }
  }

  /** Names are unique: a create that was refused, or whose answer got lost, shows in the list, and is set instead. */
  private async createSecret(name: string, value: string): Promise<void> {
    try {
      this.keep(await this.settled(() => this.api.createSecret(this.ref, name, value, this.subject)));
    } catch (error) {
      if (!(error instanceof ConnectorError) || (error.code !== "conflict" && !error.outcomeUnknown)) throw error;
      this.keep((await this.api.listSecrets(this.ref, this.subject)) ?? []);
      const placeholder = this.placeholders?.[name];
      if (placeholder === undefined) throw error;
      await this.api.setSecret(this.ref, { name, placeholder }, value, this.subject);
    }
    if (this.placeholders?.[name] === undefined) {
      const message = `Supermetrics did not list the secret ${name} of connector "${this.subject.name ?? ""}" after it was created. Run pulumi up again`;
      throw new ConnectorError("unexpected_response", message, { vendor: "Supermetrics", retryable: true });
    }
  }

  private async update(todo: Patch): Promise<void> {
    const source = this.inputs["configuration"];
    const configuration = source !== undefined && (todo.configuration || this.state["configurationDigest"] === undefined);
    const blocks: UpdateBlocks = {
      ...(todo.connector && { connector: { name: this.inputs["name"] as string, description: (this.inputs["description"] ?? "") as string } }),
      ...(configuration && { configuration: { configuration_json: await this.resolved(source) } }),
    };
    if (Object.keys(blocks).length === 0) return;
    await this.settled(() => this.api.update(this.ref, blocks, this.subject));
    const { configurationDigest, configurationSource } = stateOf(this.inputs);
    this.note({
      ...(blocks.connector && { name: blocks.connector.name, description: this.inputs["description"] }),
      ...(blocks.configuration && { configurationDigest, configurationSource }),
      updatedAt: undefined,
      configurationVersion: undefined,
    });
  }

  private async resolved(source: State[string]): Promise<JsonObject> {
    const known = references(source).length === 0 ? {} : await this.knownPlaceholders();
    return readLeaves(source, (leaf) => resolve(leaf, known)) as JsonObject;
  }

  private async uploadLogo(): Promise<void> {
    const { logo } = this.inputs;
    const file = await readLogo(logo);
    const logoUrl = await this.settled(() => this.api.setLogo(this.ref, file, this.subject));
    this.note({ logo, logoUrl });
  }

  private async removeSecret(name: string): Promise<void> {
    const placeholder = (await this.knownPlaceholders())[name];
    if (placeholder !== undefined) await this.api.removeSecret(this.ref, { name, placeholder }, this.subject);
    this.note({ secrets: without(textsOf(this.state["secrets"]), name), secretPlaceholders: without(textsOf(this.state["secretPlaceholders"]), name) });
  }

  /** Right after a create, a vendor may not know its new connector everywhere yet. */
  private async settled<T>(call: () => Promise<T>): Promise<T> {
    const waits = this.subject.verb === "create" ? [250, 1_000, 3_000] : [];
    for (;;) {
      try {
        return await call();
      } catch (error) {
        const wait = waits.shift();
        if (!(error instanceof ConnectorError) || error.statusCode !== 404 || wait === undefined) throw error;
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  }

  private async knownPlaceholders(): Promise<Readonly<Record<string, string>>> {
    if (this.placeholders === undefined) this.keep((await this.api.listSecrets(this.ref, this.subject)) ?? []);
    return this.placeholders ?? {};
  }

  private keep(secrets: readonly RemoteSecret[]): void {
    this.placeholders = textsOf(Object.fromEntries(secrets.map(({ name, placeholder }) => [name, placeholder])));
  }

  private managedPlaceholders(name: string): JsonObject {
    const all = this.placeholders ?? {};
    const managed = [...Object.keys(textsOf(this.state["secretPlaceholders"])), name];
    return Object.fromEntries(managed.flatMap((each) => (all[each] === undefined ? [] : [[each, all[each]]])));
  }

  private note(changes: Readonly<Record<string, unknown>>): void {
    this.state = compact({ ...this.state, ...changes });
    this.record(this.state);
  }

  /** Everything is done: the inputs as written, and what the vendor told. */
  private finished(): State {
    const told = without(this.state, "name", "description", "secrets", "logo", "configurationDigest", "configurationSource");
    const secretPlaceholders = isEmpty(told["secretPlaceholders"]) ? undefined : told["secretPlaceholders"];
    return compact({ ...told, secretPlaceholders, ...stateOf(this.inputs) });
  }
}

/** The entries of a map that are texts, without a prototype: a secret may be called `constructor`. */
export function textsOf(value: unknown): Record<string, string> {
  const texts = Object.create(null) as Record<string, string>;
  return isObject(value) ? Object.assign(texts, Object.fromEntries(Object.entries(value).filter(([, text]) => typeof text === "string"))) : texts;
}
