import { ConnectorError } from "../errors";
import { type Adapter, type Ref, type Reporter, type Subject } from "./adapter";
import { adopt, type Adopted, type Lookup, placeOf } from "./adoption";
import { Claims } from "./claims";
import { createOnce, type Patience, patience as usualPatience } from "./create-once";
import { Listing } from "./list-cache";
import { PartialWrite, UNSETTLED } from "./partial-write";
import { sensitiveTexts } from "../model/secret-paths";
import { CLAIM, type Inputs, markOf, nameOf, type Projection, type State } from "../model/state";

/** A connector's id and state after a verb. */
export interface Managed {
  readonly id: string;
  readonly state: State;
}

/**
 * The verbs of a connector's life, for any vendor: observe, ensure, sync, return. One instance serves all resources of
 * a deployment, which share its list, its claims and, through the adapter, the vendor's rate limit.
 */
export class Connectors<R> {
  readonly claims = new Claims();
  private readonly listing: Listing<R>;
  private readonly lookup: Lookup<R>;
  private readonly turns = new Turns();

  constructor(
    private readonly adapter: Adapter<R>,
    private readonly reporter: Reporter,
    private readonly patience: Patience = usualPatience(),
  ) {
    this.listing = new Listing(
      (scope, purpose) => adapter.list(scope, purpose),
      (remote) => adapter.keyOf(remote),
    );
    this.lookup = { adapter, listing: this.listing, claims: this.claims, reporter };
  }

  /** Notes a resource that the engine checks, for the decisions of the creates that follow. */
  sees(inputs: Inputs, old: Inputs | undefined): void {
    if (old) {
      this.claims.expect(nameOf(inputs), placeOf(this.adapter, old));
      return;
    }
    this.claims.sign();
    const { id } = placeOf(this.adapter, inputs);
    if (id !== undefined) {
      this.claims.reserve(id);
    }
  }

  /**
   * Adopts or creates. Namesakes take turns, so that a lost answer is never resolved with a twin's connector.
   * Rejects with {@link PartialWrite} once the connector exists.
   */
  async create(inputs: Inputs): Promise<Managed> {
    const subject = this.subject("create", inputs);
    const claim = Claims.newClaim();
    const turn = `${this.adapter.scopeOf(inputs)}/${nameOf(inputs).trim()}`;
    const begun = await this.turns.take(turn, () => this.begin(inputs, claim, subject));
    return this.finish(begun.ref, inputs, { ...begun.state, [CLAIM]: claim }, subject, true);
  }

  private async begin(
    inputs: Inputs,
    claim: string,
    subject: Subject,
  ): Promise<{ ref: Ref; state: State }> {
    const adopted = await adopt(this.lookup, inputs, claim, subject);
    if (adopted === undefined) {
      const { ref, remote } = await createOnce(this.lookup, inputs, claim, subject, this.patience);
      return { ref, state: this.adapter.begunState(remote, inputs) };
    }
    try {
      return { ref: adopted.ref, state: await this.takenState(adopted, inputs, subject) };
    } catch (error) {
      // What was not taken over is not this resource's; kept claimed, its old resource would leave it there.
      this.claims.release(this.adapter.formatId(adopted.ref));
      throw error;
    }
  }

  /** The state of a connector that was just adopted. */
  private async takenState(
    { ref, remote }: Adopted<R>,
    inputs: Inputs,
    subject: Subject,
  ): Promise<State> {
    this.listing.wrote(this.adapter.formatId(ref));
    if (this.adapter.isUnfinished(remote, inputs)) {
      return this.adapter.begunState(remote, inputs);
    }
    const written = this.adapter.stateOf(inputs);
    const complete = await this.adapter.complete(ref, remote, written, { ...subject, ref });
    if (complete === undefined) {
      throw this.gone(ref, subject);
    }
    return this.adapter.adoptedState(complete, ref, inputs);
  }

  /** Makes the vendor hold `inputs`. No difference, no call. */
  async update(id: string, state: State, inputs: Inputs): Promise<Managed> {
    const ref = this.adapter.parseId(id);
    this.claims.manage(id, markOf(state));
    this.listing.wrote(id);
    // A refusal may repeat what the vendor holds as well as what it was sent.
    return this.finish(ref, inputs, state, this.subject("update", inputs, ref, state), false);
  }

  private async finish(
    ref: Ref,
    inputs: Inputs,
    state: State,
    subject: Subject,
    exists: boolean,
  ): Promise<Managed> {
    const id = this.adapter.formatId(ref);
    let reached = exists ? state : undefined;
    try {
      const final = await this.adapter.sync(
        ref,
        inputs,
        state,
        { ...subject, ref },
        (next) => (reached = next),
      );
      this.reportCaps(inputs, final);
      return { id, state: markedAs(state, final) };
    } catch (error) {
      if (reached === undefined) {
        throw error;
      }
      // Whatever stopped it, what was written must be recorded: forgotten, it would be created again.
      throw new PartialWrite(
        id,
        markedAs(state, reached),
        error instanceof ConnectorError ? error : this.stopped(ref, subject, error),
      );
    }
  }

  /**
   * The state of a connector of which only the id is known, and whether `inputs` were written whole; `undefined` when
   * it is gone. What cannot be read back counts as written then, and as not there otherwise.
   */
  async recover(id: string, inputs: Inputs, isWritten: boolean): Promise<State | undefined> {
    const ref = this.adapter.parseId(id);
    const subject = this.subject("read", inputs, ref);
    const written = this.adapter.stateOf(inputs);
    const remote = await this.observe(ref, written, subject);
    if (remote === undefined) {
      return undefined;
    }
    if (this.adapter.isUnfinished(remote, inputs)) {
      return this.adapter.begunState(remote, inputs);
    }
    return isWritten
      ? this.adapter.project(remote, ref, written).state
      : this.adapter.adoptedState(remote, ref, inputs);
  }

  /**
   * What the vendor holds, as inputs and state; `undefined` when it says that the connector is gone. A look-up that
   * failed is an error, never absence.
   *
   * @param written the state; without a claim in it nothing is managed, and everything there is comes back.
   */
  async read(
    id: string,
    written: State,
  ): Promise<(Projection & { readonly id: string }) | undefined> {
    const ref = this.adapter.parseId(id);
    const managed = written[CLAIM] === undefined ? undefined : written;
    const remote = await this.observe(ref, managed, this.subject("read", written, ref));
    if (remote === undefined) {
      return undefined;
    }
    const { inputs, state } = this.adapter.project(remote, ref, managed);
    return { id: this.adapter.formatId(ref), inputs, state: markedAs(written, state) };
  }

  /** What the vendor holds, whole as far as `managed` needs it. The list knows connectors that nobody manages as little as a call does. */
  private async observe(
    ref: Ref,
    managed: State | undefined,
    subject: Subject,
  ): Promise<R | undefined> {
    const listed =
      managed && (await this.listing.find(ref.scope, ref.key, this.adapter.formatId(ref)));
    const remote = listed ?? (await this.adapter.get(ref, subject));
    return remote && this.adapter.complete(ref, remote, managed ?? {}, subject);
  }

  /**
   * Deletes. Something gone is success. A connector that another resource of this deployment took over stays: the
   * resource was renamed or moved, not the connector given up.
   */
  async delete(id: string, state: State): Promise<void> {
    const ref = this.adapter.parseId(id);
    if (this.claims.heldByAnother(id, markOf(state))) {
      this.reporter.info(
        `${this.adapter.table.vendor} connector ${ref.key} stays: another resource of this program manages it now.`,
      );
      return;
    }
    await this.adapter.remove(ref, this.subject("delete", state, ref));
    this.claims.release(id);
    this.listing.removed(ref.scope, ref.key, id);
  }

  private subject(verb: Subject["verb"], values: State, ref?: Ref, replaced: State = {}): Subject {
    const name = values["name"];
    // Only refusals ask for them, and of a large document they are many.
    const sensitive = lazily(() =>
      [values, replaced].flatMap((texts) => sensitiveTexts(this.adapter.table, texts)),
    );
    return {
      verb,
      ...(typeof name === "string" && name !== UNSETTLED && { name }),
      ...(ref && { ref }),
      sensitive,
    };
  }

  private gone(ref: Ref, { name }: Subject): ConnectorError {
    const { vendor } = this.adapter.table;
    return new ConnectorError(
      "not_found",
      `${vendor} connector "${name ?? ""}" (id ${ref.key}) was deleted while it was being adopted. Run pulumi up again`,
      { vendor, retryable: true },
    );
  }

  /** A fault of our own; nothing is known of its text, so it stays out. */
  private stopped(ref: Ref, { verb, name }: Subject, cause: unknown): ConnectorError {
    const { vendor } = this.adapter.table;
    const message = `The ${verb} of ${vendor} connector "${name ?? ""}" (id ${ref.key}) stopped half-way by an internal fault of pulumi-connectors. Please report it`;
    return new ConnectorError("unexpected_response", message, { vendor, cause });
  }

  /** Says once per deployment of a connector that the vendor's plan lowers a limit. */
  private reportCaps(inputs: Inputs, state: State): void {
    const { vendor, fields } = this.adapter.table;
    for (const { name, cappedAs } of fields) {
      const wanted = inputs[name];
      const effective = cappedAs === undefined ? undefined : state[cappedAs];
      if (typeof wanted !== "number" || typeof effective !== "number" || effective >= wanted) {
        continue;
      }
      this.reporter.warn(
        `${vendor} connector "${nameOf(inputs)}": ${name} is ${effective}, not ${wanted}: the workspace's plan lowers it. Lower ${name} in the definition, or ask ${vendor} for a larger plan.`,
      );
    }
  }
}

/** A list that is made when it is first gone through. */
function lazily<T>(make: () => readonly T[]): Iterable<T> {
  let made: readonly T[] | undefined;
  return { [Symbol.iterator]: () => (made ??= make())[Symbol.iterator]() };
}

/** The next state of a resource, with the mark of the one before. */
function markedAs(before: State, next: State): State {
  const mark = before[CLAIM];
  return mark === undefined ? next : { ...next, [CLAIM]: mark };
}

/** Lets work under one key run one after the other; different keys do not wait for each other. */
export class Turns {
  private readonly last = new Map<string, Promise<unknown>>();

  /** Runs `work` when everything taken before under this key has ended, however it ended. */
  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.last.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (this.last.get(key) === mine) {
        this.last.delete(key);
      }
    }
  }
}
