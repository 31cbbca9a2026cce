import { formatDiagnostic } from "../../diagnostics";
import { ConnectorError } from "../../errors";
import { diff } from "../../model/replacements";
import { type Json, type JsonObject } from "../../json";
import { PartialWrite } from "../../lifecycle/partial-write";
import { secretPaths } from "../../model/secret-paths";
import { type Inputs, nameOf, type State } from "../../model/state";
import { checkConnector } from "./connector-check";
import { describe, type Hidden, LONGEST, recordingFailure } from "./engine-errors";
import { decode, encode } from "./secret-and-unknown-marks";
import { PROVIDER_KEY } from "../program/provider-text";
import { type Session } from "./session";
import { type DynamicProvider, type Props, type Verbs } from "./verbs";

/** The verbs of a resource that is one connector. */
export class Single<R> implements Verbs {
  constructor(private readonly session: Session<R>) {}

  /** No I/O; the claims only learn what the engine is looking at. */
  check(olds: Props, news: Props): ReturnType<DynamicProvider["check"]> {
    const { session } = this;
    // Of the last deployment's inputs, only what a create reads counts; a large document is left alone.
    const before = decode(
      Object.fromEntries(Object.entries(olds).filter(([, value]) => typeof value !== "object")),
    );
    const exists = Object.keys(before).length > 0;
    const { settings, faults } = session.trySettings();
    const checked = checkConnector(session, settings, decode(news), exists ? before : undefined);
    const reasons = [
      ...checked.diagnostics.map(formatDiagnostic),
      ...session.once([...faults, ...checked.faults]),
    ];
    // With a property the engine would print its value, secret or not. What a reason names may be of any length.
    return Promise.resolve({
      inputs: checked.inputs,
      failures: reasons.map((reason) => ({ property: "", reason: reason.slice(0, LONGEST) })),
    });
  }

  diff(id: string, olds: Props, news: Props): ReturnType<DynamicProvider["diff"]> {
    const { vendor } = this.session;
    const inputs = decode(news);
    const state = stateOf(olds);
    this.session.manage(id, state, nameOf(inputs));
    const place = vendor.place(vendor.parseId(id, this.session.settings()));
    const { replaces, nothing } = diff(vendor.table, place, state, inputs, () =>
      vendor.digests(inputs),
    );
    return Promise.resolve({
      ...(nothing && { changes: false }),
      replaces: [...replaces],
      deleteBeforeReplace: false,
    });
  }

  async create(props: Props): ReturnType<DynamicProvider["create"]> {
    const inputs = decode(props) as Inputs;
    this.session.requireSettings(inputs);
    const { id, state } = await this.recording(props, () =>
      this.session.connectors().create(inputs),
    );
    return { id, outs: this.encodeState(state) };
  }

  async update(id: string, olds: Props, news: Props): ReturnType<DynamicProvider["update"]> {
    const { state } = await this.recording(
      news,
      () => this.session.connectors().update(id, stateOf(olds), decode(news) as Inputs),
      olds,
    );
    return { outs: this.encodeState(state) };
  }

  /** Passes a half-done write on in the engine's own terms. */
  private async recording<T>(props: Props, work: () => Promise<T>, olds: Props = {}): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PartialWrite)) {
        throw error;
      }
      const properties = {
        ...this.encodeState(error.state),
        [PROVIDER_KEY]: props[PROVIDER_KEY] as Json,
      };
      throw recordingFailure(
        error.connectorId,
        describe(error.cause, this.hidden([props, olds])),
        [() => properties],
        error.cause.code,
      );
    }
  }

  async read(id: string, props: Props): ReturnType<DynamicProvider["read"]> {
    const { table } = this.session.vendor;
    const written = stateOf(props);
    const found = await this.session.connectors().read(id, written);
    if (found) {
      return {
        id: found.id,
        props: this.encodeState(found.state),
        inputs: encode(found.inputs, secretPaths(table, found.inputs)),
      };
    }
    if (written["name"] !== undefined) {
      return { id: "", props: {} };
    }
    // To a program that asks for a connector by id, an empty answer would be no error.
    throw new ConnectorError(
      "not_found",
      `${table.vendor} has no connector ${id}. Correct the id, or remove the call of get`,
      { vendor: table.vendor },
    );
  }

  delete(id: string, props: Props): Promise<void> {
    return this.session.connectors().delete(id, stateOf(props));
  }

  hidden(props: readonly Props[]): Hidden {
    return this.session.hiddenIn(props.map(decode));
  }

  private encodeState(state: State): JsonObject {
    return encode(state, secretPaths(this.session.vendor.table, state));
  }
}

/** What the engine stored, without the provider's text. */
function stateOf(props: Props): State {
  return decode(props) as State;
}
