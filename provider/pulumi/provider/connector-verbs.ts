import { formatDiagnostic } from "../../diagnostics";
import { ConnectorError } from "../../errors";
import { own, ownText } from "../../message";
import { diff, leftAlone } from "../../model/replacements";
import { type Json, type JsonObject } from "../../json";
import { holdOf } from "../../lifecycle/claims";
import { PartialWrite } from "../../lifecycle/partial-write";
import { type KeyPath } from "../../model/credential-detection";
import { secretPaths } from "../../model/secret-paths";
import {
  INPUT_SHAPE,
  inputsOnRecord,
  withInputShape,
  writtenSecrets,
} from "../../model/new-places";
import { knownInputs, knownPart } from "../../model/check";
import { withClearDocuments } from "../../model/clear-documents";
import { type FieldTable } from "../../model/field";
import { shorterStates } from "../../model/shorter-states";
import { matches } from "../../model/equivalence";
import { type CheckedInputs, type CommonState, type Stages, type State } from "../../model/state";
import { holdsUnknown } from "../../model/unknown";
import { type Managed } from "../../lifecycle/adapter";
import { checkConnector } from "./connector-check";
import { describe, type Hidden, LONGEST, recordingFailure } from "./engine-errors";
import { decode, decodeChecked, decodeState, encode, openEnvelopes, UNKNOWN } from "./envelopes";
import { PROVIDER_KEY } from "../program/provider-text";
import { type Session } from "./session";
import {
  type DynamicProvider,
  type Foreseen,
  type Imported,
  type Props,
  type Verbs,
} from "./verbs";

/** The output that says when a connector was created; it never changes. */
const CREATED_AT: keyof CommonState = "createdAt";

/** The verbs of a resource that is one connector. */
export class ConnectorVerbs<V extends Stages> implements Verbs {
  constructor(private readonly session: Session<V>) {}

  private get table(): FieldTable {
    return this.session.vendor.table;
  }

  /** No I/O. Registers the resource with the claims. */
  check(olds: Props, news: Props): ReturnType<DynamicProvider["check"]> {
    const { session } = this;
    // Of the last deployment's inputs, only what a create reads counts; a large document is left
    // alone.
    const before = decode(
      Object.fromEntries(Object.entries(olds).filter(([, value]) => typeof value !== "object")),
    );
    const exists = Object.keys(before).length > 0;
    const { settings, errors } = session.trySettings();
    const checked = checkConnector(session, settings, decode(news), exists ? before : undefined);
    session.claims.register(checked.registration);
    if (!exists && checked.diagnostics.length === 0) {
      session.notice.addNew(checked.registration);
    }
    checked.warnings.forEach((warning) => session.reporter.warn(warning));
    const reasons = [
      ...checked.diagnostics.map(formatDiagnostic),
      ...session.once([...errors, ...checked.settingErrors]),
    ];
    // With a property the engine would print its value, secret or not. What a reason names may be
    // of any length.
    return Promise.resolve({
      inputs: checked.inputs,
      failures: reasons.map((reason) => ({ property: "", reason: reason.slice(0, LONGEST) })),
    });
  }

  diff(id: string, olds: Props, news: Props): ReturnType<DynamicProvider["diff"]> {
    const { vendor } = this.session;
    const inputs = decodeChecked(news);
    const state = decodeState<V>(this.table, olds);
    const place = vendor.place(vendor.parseId(id, this.session.settings()));
    const { replaces, isNothing } = diff(vendor.table, place, state, inputs);
    this.session.notice.setSingle(id, {
      name: state.name ?? id,
      fields: state.claim === undefined ? [] : leftAlone(vendor.table, state, inputs),
    });
    const known = knownPart<V>(vendor.table, inputs);
    if (replaces.length > 0) {
      this.session.claims.leave(id, holdOf(state), known.name ?? "");
    } else if (!this.session.manage(id, state, known)) {
      return Promise.resolve({ changes: true, replaces: ["name"], deleteBeforeReplace: false });
    }
    const isMoved = this.session.isElsewhere(state);
    return Promise.resolve({
      ...((isMoved || isNothing) && { changes: isMoved }),
      replaces: [...replaces],
      deleteBeforeReplace: false,
    });
  }

  async create(props: Props): ReturnType<DynamicProvider["create"]> {
    const checked = decodeChecked(props);
    this.session.requireSettings(checked);
    const inputs = knownInputs<V>(checked);
    const { id, state } = await this.recording(props, () =>
      this.session.connectors().create(inputs),
    );
    return { id, outs: this.encodeWritten(state, checked) };
  }

  async update(id: string, olds: Props, news: Props): ReturnType<DynamicProvider["update"]> {
    const checked = decodeChecked(news);
    const { state } = await this.recording(
      news,
      () =>
        this.session
          .connectors()
          .update(id, decodeState<V>(this.table, olds), knownInputs<V>(checked)),
      olds,
    );
    return { outs: this.encodeWritten(state, checked) };
  }

  /**
   * Turns a half-done write into the error that makes the engine record it, in full or in short.
   * After an update, the engine keeps the old inputs.
   */
  private async recording<T>(props: Props, work: () => Promise<T>, olds?: Props): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PartialWrite)) {
        throw error;
      }
      const written = decode(props);
      const onRecord = olds === undefined ? written : inputsOnRecord(this.table, decode(olds));
      const form = (state: State, known: Props) => (): JsonObject => ({
        ...this.encodeState(state, known, writtenSecrets(this.table, state, written)),
        [PROVIDER_KEY]: props[PROVIDER_KEY] as Json,
      });
      throw recordingFailure(
        error.connectorId,
        String(describe(error.cause, this.hidden([props, ...(olds ? [olds] : [])]))),
        // A short form does not know the places that the inputs on record have: what is read is secret.
        [
          form(error.state, onRecord),
          ...shorterStates(this.table, error.state).map((state) => form(state, {})),
        ],
        this.session.mostRecorded,
        error.cause.code,
      );
    }
  }

  async read(id: string, props: Props): ReturnType<DynamicProvider["read"]> {
    const { table } = this;
    const written = decodeState<V>(table, props);
    const found = await this.session.connectors().read(id, written);
    if (found) {
      const stored = decode(props);
      const state = withClearDocuments(table, found.state, found.inputs);
      return {
        id: found.id,
        props: this.encodeState(
          state,
          found.inputs,
          this.session.readSecrets(state, stored)(stored),
        ),
        inputs: encode(
          found.inputs,
          this.session.readSecrets(found.inputs, stored)(inputsOnRecord(table, stored)),
        ),
      };
    }
    if (written.name !== undefined) {
      return { id: "", props: {} };
    }
    // To a program that asks for a connector by id, an empty answer would be no error.
    throw this.missing(id, "Correct the id, or remove the call of get");
  }

  private missing(id: string, fix: string): ConnectorError {
    const { vendor } = this.session.vendor.table;
    const message = own`${ownText(vendor)} has no connector ${id}. ${ownText(fix)}`;
    return new ConnectorError("not_found", message, { vendor });
  }

  async import(id: string): Promise<Imported> {
    const { session } = this;
    const { settings, errors } = session.trySettings();
    const [error] = errors;
    if (error !== undefined) {
      throw new ConnectorError("configuration", error, { vendor: session.vendor.table.vendor });
    }
    let inputs: JsonObject = {};
    const found = await session.connectors().takeOver(id, (ref, remote) => {
      const args = session.definitionOf(ref, remote);
      ({ inputs } = checkConnector(session, settings, args));
      return knownInputs<V>(decodeChecked(openEnvelopes(inputs) as Props));
    });
    if (found === undefined) {
      throw this.missing(id, "Correct the id");
    }
    const written = decode(openEnvelopes(inputs) as Props);
    return { id: found.id, props: this.encodeWritten(found.state, written), inputs };
  }

  async previewCreate(props: Props): Promise<Foreseen> {
    const { session } = this;
    const checked = decodeChecked(props);
    session.requireSettings(checked);
    const found = await session.foresee<Managed<V>>(() =>
      holdsUnknown(checked)
        ? Promise.resolve(undefined)
        : session.connectors().foresee(knownInputs<V>(checked)),
    );
    const outs = this.foreseen(checked, {}, found?.state ?? {});
    return { ...(found && { id: found.id }), outs };
  }

  previewUpdate(_id: string, olds: Props, news: Props): Promise<Foreseen> {
    const [stored, checked] = [decode(olds), decodeChecked(news)];
    return Promise.resolve({ outs: this.foreseen(checked, stored, stored) });
  }

  /**
   * The outputs that a deployment is going to have, as far as they are known before: what is
   * written, what never changes, and limits that stay as they are.
   *
   * @param known what the vendor holds now.
   */
  private foreseen(checked: CheckedInputs, stored: Props, known: object): JsonObject {
    const { table } = this.session.vendor;
    const values = known as Props;
    const kept = (name: string): boolean => {
      const field = table.fields.find(({ cappedAs }) => cappedAs === name);
      return field === undefined
        ? name === CREATED_AT
        : stored[name] !== undefined && matches(checked[field.name], stored[field.name]);
    };
    const computed = table.computed.map(({ name }) => [
      name,
      kept(name) ? (values[name] ?? UNKNOWN) : UNKNOWN,
    ]);
    const written = table.fields
      .filter(({ name, createOnly, kind }) => !createOnly && kind !== "file" && name in checked)
      .map(({ name }) => [name, checked[name]]);
    const outs = Object.fromEntries([...written, ...computed]) as Props;
    return encode(outs, secretPaths(table, checked));
  }

  delete(id: string, props: Props): Promise<void> {
    return this.session.connectors().delete(id, decodeState<V>(this.table, props));
  }

  hidden(props: readonly Props[]): Hidden {
    return this.session.hiddenIn(props.map(decode));
  }

  /** A state after a write that did everything. */
  private encodeWritten(state: State, written: Props): JsonObject {
    const whole = withClearDocuments(this.table, state, written);
    return this.encodeState(whole, written, writtenSecrets(this.table, whole, written));
  }

  /** @param onRecord the inputs that the engine keeps beside the state. */
  private encodeState(state: State, onRecord: Props, secrets: readonly KeyPath[]): JsonObject {
    const stored = withInputShape(this.table, state, onRecord);
    return encode(stored, [...secretPaths(this.table, state), ...secrets, [INPUT_SHAPE]]);
  }
}
