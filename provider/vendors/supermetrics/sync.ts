import { ConnectorError } from "../../errors";
import { type Recorder, type Ref, type Subject } from "../../lifecycle/adapter";
import { readLeaves } from "../../model/document";
import { isEmpty } from "../../model/equivalence";
import { isObject, type JsonObject } from "../../json";
import { UNSETTLED } from "../../lifecycle/partial-write";
import { compact, type Inputs, type State, without } from "../../model/state";
import { type SupermetricsApi, type UpdateBlocks } from "./api";
import { readLogo } from "./logo";
import { changedSecrets, type Patch, patch, textsOf } from "./patch";
import { references, resolve } from "./placeholders";
import { stateOf } from "./project";
import { type RemoteSecret } from "./remote";

/** Carries a patch out, one call after the other, remembering each result. */
export class Sync {
  private placeholders: Readonly<Record<string, string>> | undefined;
  private readonly written = new Set<string>();

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
    await this.writeSecrets();
    await this.update(todo);
    if (todo.logo) {
      await this.uploadLogo();
    }
    for (const name of todo.obsolete) {
      await this.removeSecret(name);
    }
    return this.finished();
  }

  /** Until none differs: the answer to one may show that another one is gone, or was replaced. */
  private async writeSecrets(): Promise<void> {
    for (;;) {
      const [next] = Object.entries(changedSecrets(this.inputs, this.state));
      if (next === undefined) {
        return;
      }
      await this.writeSecret(...next);
    }
  }

  private async writeSecret(name: string, value: string): Promise<void> {
    this.written.add(name);
    const known = await this.knownPlaceholders();
    const placeholder = known[name];
    if (placeholder === undefined) {
      await this.createSecret(name, value);
    } else {
      await this.setSecret({ name, placeholder }, value);
    }
    this.note({
      secrets: { ...textsOf(this.state["secrets"]), [name]: value },
      secretPlaceholders: this.managedPlaceholders(name),
    });
  }

  /** A secret that was deleted outside since the last refresh is created again. */
  private async setSecret(secret: RemoteSecret, value: string): Promise<void> {
    try {
      await this.write(
        () => this.open(secret.name),
        () => this.api.setSecret(this.ref, secret, value, this.subject),
      );
    } catch (error) {
      if (!(error instanceof ConnectorError) || error.code !== "not_found") {
        throw error;
      }
      const others = without(this.placeholders ?? {}, secret.name);
      this.placeholders = others;
      this.note({ configurationDigest: undefined });
      await this.createSecret(secret.name, value);
    }
  }

  /** Names are unique: a create that was refused, or whose answer got lost, shows in the list, and is set instead. */
  private async createSecret(name: string, value: string): Promise<void> {
    try {
      this.keep(
        await this.write(
          () => this.open(name),
          () => this.settled(() => this.api.createSecret(this.ref, name, value, this.subject)),
        ),
      );
    } catch (error) {
      if (
        !(error instanceof ConnectorError) ||
        (error.code !== "conflict" && !error.outcomeUnknown)
      ) {
        throw error;
      }
      this.keep((await this.api.listSecrets(this.ref, this.subject)) ?? []);
      const placeholder = this.placeholders?.[name];
      if (placeholder === undefined) {
        throw error;
      }
      await this.write(
        () => this.open(name),
        () => this.api.setSecret(this.ref, { name, placeholder }, value, this.subject),
      );
    }
    if (this.placeholders?.[name] === undefined) {
      const message = `Supermetrics did not list the secret ${name} of connector "${this.subject.name ?? ""}" after it was created. Run pulumi up again`;
      throw new ConnectorError("unexpected_response", message, {
        vendor: "Supermetrics",
        retryable: true,
      });
    }
  }

  private async update(todo: Patch): Promise<void> {
    const source = this.inputs["configuration"];
    const configuration =
      source !== undefined &&
      (todo.configuration || this.state["configurationDigest"] === undefined);
    const blocks: UpdateBlocks = {
      ...(todo.connector && {
        connector: {
          name: this.inputs["name"] as string,
          description: (this.inputs["description"] ?? "") as string,
        },
      }),
      ...(configuration && { configuration: { configuration_json: await this.resolved(source) } }),
    };
    if (Object.keys(blocks).length === 0) {
      return;
    }
    const open = {
      ...(blocks.connector && { name: UNSETTLED }),
      ...(blocks.configuration && { configurationDigest: undefined }),
    };
    await this.write(
      () => open,
      () => this.settled(() => this.api.update(this.ref, blocks, this.subject)),
    );
    const { configurationDigest, configurationSource } = stateOf(this.inputs);
    this.note({
      ...(blocks.connector && {
        name: blocks.connector.name,
        description: this.inputs["description"],
      }),
      ...(blocks.configuration && { configurationDigest, configurationSource }),
      updatedAt: undefined,
      configurationVersion: undefined,
    });
  }

  private async resolved(source: State[string]): Promise<JsonObject> {
    const names = references(source).map(({ name }) => name);
    const known = names.length === 0 ? {} : await this.placeholdersOf(names);
    return readLeaves(source, (leaf) => resolve(leaf, known)) as JsonObject;
  }

  /** The placeholders of these secrets. One that is not there any more is created; Supermetrics would take an unresolved reference for text. */
  private async placeholdersOf(
    names: readonly string[],
  ): Promise<Readonly<Record<string, string>>> {
    const before = await this.knownPlaceholders();
    const wanted = textsOf(this.inputs["secrets"]);
    for (const name of names) {
      if (before[name] === undefined && wanted[name] !== undefined) {
        this.note(this.open(name));
      }
    }
    await this.writeSecrets();
    const known = await this.knownPlaceholders();
    const missing = [...new Set(names)].filter((name) => known[name] === undefined);
    if (missing.length === 0) {
      return known;
    }
    const message = `Supermetrics does not list the secrets ${missing.join(", ")} of connector "${this.subject.name ?? ""}", which its configuration names; the configuration was not sent. Run pulumi up again`;
    throw new ConnectorError("unexpected_response", message, {
      vendor: "Supermetrics",
      retryable: true,
    });
  }

  private async uploadLogo(): Promise<void> {
    const { logo } = this.inputs;
    const file = await readLogo(logo);
    const logoUrl = await this.write(
      () => ({ logo: undefined }),
      () => this.settled(() => this.api.setLogo(this.ref, file, this.subject)),
    );
    this.note({ logo, logoUrl });
  }

  private async removeSecret(name: string): Promise<void> {
    const placeholder =
      (await this.knownPlaceholders())[name] ?? (await this.placeholderOfLost(name));
    if (placeholder !== undefined) {
      await this.write(
        () => this.open(name),
        () => this.api.removeSecret(this.ref, { name, placeholder }, this.subject),
      );
    }
    this.note({
      secrets: without(textsOf(this.state["secrets"]), name),
      secretPlaceholders: without(textsOf(this.state["secretPlaceholders"]), name),
    });
  }

  /** A secret whose creation ended with an unknown outcome may be there without being known. */
  private async placeholderOfLost(name: string): Promise<string | undefined> {
    if (textsOf(this.state["secrets"])[name] !== UNSETTLED) {
      return undefined;
    }
    const secrets = (await this.api.listSecrets(this.ref, this.subject)) ?? [];
    return secrets.find((secret) => secret.name === name)?.placeholder;
  }

  /**
   * A write. When its outcome is unknown, the state leaves open what it wrote: it must not be taken for what was there
   * before when the definition goes back to that.
   */
  private async write<T>(
    open: () => Readonly<Record<string, unknown>>,
    call: () => Promise<T>,
  ): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (error instanceof ConnectorError && error.outcomeUnknown) {
        this.note(open());
      }
      throw error;
    }
  }

  private open(...names: readonly string[]): { readonly secrets: JsonObject } {
    return {
      secrets: {
        ...textsOf(this.state["secrets"]),
        ...Object.fromEntries(names.map((name) => [name, UNSETTLED])),
      },
    };
  }

  /** Right after a create, a vendor may not know its new connector everywhere yet. */
  private async settled<T>(call: () => Promise<T>): Promise<T> {
    const waits = this.subject.verb === "create" ? [250, 1_000, 3_000] : [];
    for (;;) {
      try {
        return await call();
      } catch (error) {
        const wait = waits.shift();
        if (!(error instanceof ConnectorError) || error.statusCode !== 404 || wait === undefined) {
          throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  }

  private async knownPlaceholders(): Promise<Readonly<Record<string, string>>> {
    if (this.placeholders === undefined) {
      this.keep((await this.api.listSecrets(this.ref, this.subject)) ?? []);
    }
    return this.placeholders ?? {};
  }

  /** Remembers a list of secrets. One that is gone, or has another placeholder, was changed outside: its value is open, and so is what names it. */
  private keep(secrets: readonly RemoteSecret[]): void {
    const listed = textsOf(
      Object.fromEntries(secrets.map(({ name, placeholder }) => [name, placeholder])),
    );
    this.placeholders = listed;
    const known = textsOf(this.state["secretPlaceholders"]);
    const changed = Object.keys(textsOf(this.state["secrets"])).filter(
      (name) =>
        !this.written.has(name) && known[name] !== undefined && known[name] !== listed[name],
    );
    if (changed.length === 0) {
      return;
    }
    const named = references(this.inputs["configuration"]).some(({ name }) =>
      changed.includes(name),
    );
    this.note({ ...this.open(...changed), ...(named && { configurationDigest: undefined }) });
  }

  private managedPlaceholders(name: string): JsonObject {
    const all = this.placeholders ?? {};
    const managed = [...Object.keys(textsOf(this.state["secretPlaceholders"])), name];
    return Object.fromEntries(
      managed.flatMap((each) => (all[each] === undefined ? [] : [[each, all[each]]])),
    );
  }

  private note(changes: Readonly<Record<string, unknown>>): void {
    this.state = compact({ ...this.state, ...changes });
    this.record(this.state);
  }

  /** Everything is done: the inputs as written, and what the vendor told. */
  private finished(): State {
    const told = without(
      this.state,
      "name",
      "description",
      "secrets",
      "logo",
      "configurationDigest",
      "configurationSource",
    );
    const secretPlaceholders = isEmpty(told["secretPlaceholders"])
      ? undefined
      : told["secretPlaceholders"];
    return compact({ ...told, secretPlaceholders, ...stateOf(this.inputs, this.state) });
  }
}
