import { isObject, type Json, type JsonObject } from "../../json";
import { adoptingField, describeFiles, type FieldTable } from "../../model/field";
import { type Stages, without } from "../../model/state";
import { decode, UNKNOWN } from "./envelopes";
import { isFleet } from "./fleet-state";
import { type Session } from "./session";
import { type NativeProvider, type Props } from "./verbs";

/**
 * What programs of a native package see in other forms than the verbs, because no class of this
 * package stands between: files as paths, and the vendor's id as an output of its own.
 */
export function withOwnForms<V extends Stages>(
  session: Session<V>,
  verbs: NativeProvider,
): NativeProvider {
  const { table } = session.vendor;
  const idName = adoptingField(table);
  const computed = table.computed.find(({ name }) => name === idName);
  const stored = (props: Props): Props => (isFleet(props) ? props : without(props, idName));
  const shown = (id: string | undefined, outs: JsonObject): JsonObject =>
    computed === undefined || isFleet(outs) ? outs : { ...outs, [idName]: vendorId(id) };
  const vendorId = (id: string | undefined): Json => {
    if (id === undefined) {
      return UNKNOWN.sentinel;
    }
    const { key } = session.vendor.parseId(id, session.settings());
    return computed?.kind === "integer" ? Number(key) : key;
  };
  return {
    check: (olds, news) => verbs.check(olds, withFiles(table, decode(news))),
    diff: (id, olds, news) => verbs.diff(id, stored(olds), news),
    async create(inputs) {
      const { id, outs } = await verbs.create(inputs);
      return { id, outs: shown(id, outs) };
    },
    async read(id, props) {
      const found = await verbs.read(id, stored(props));
      return found.id === "" ? found : { ...found, props: shown(found.id, found.props) };
    },
    async update(id, olds, news) {
      const { outs } = await verbs.update(id, stored(olds), news);
      return { outs: shown(id, outs) };
    },
    delete: (id, props) => verbs.delete(id, stored(props)),
    async previewCreate(inputs) {
      const { id, outs } = await verbs.previewCreate(inputs);
      return { id, outs: shown(id, outs) };
    },
    async previewUpdate(id, olds, news) {
      const { outs } = await verbs.previewUpdate(id, stored(olds), news);
      return { outs: shown(id, outs) };
    },
    async import(id) {
      const imported = await verbs.import(id);
      return { ...imported, props: shown(imported.id, imported.props) };
    },
  };
}

/** Connectors, one or a fleet's, with what there is at the paths of files that they name. */
function withFiles(table: FieldTable, props: Props): Props {
  const { connectors } = props;
  if (!isObject(connectors)) {
    return describeFiles(table, props);
  }
  const described = Object.entries(connectors).map(([key, each]) => [
    key,
    isObject(each) ? describeFiles(table, each) : each,
  ]);
  return { ...props, connectors: Object.fromEntries(described) as Props };
}
