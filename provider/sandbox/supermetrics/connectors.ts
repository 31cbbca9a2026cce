/** The operations on the connectors of a team. */
import { type Answer } from "../http-message";
import { Visibility } from "../visibility";
import { type Call } from "./call";
import { errorAnswer } from "./errors";
import { present, presentInList, success } from "./normalize";
import { type SupermetricsSettings } from "./settings";
import { type StoredConnector } from "./store";
import { type CreateForm, parseCreate, parseFlag, parseUpdate } from "./validate";

/** `GET …/connectors`. */
export function listConnectors({ request, settings, store, teamId }: Call): Answer {
  const asked = parseFlag("include_configs", request.query.get("include_configs"));
  if (!("value" in asked)) {
    return errorAnswer(asked.statusCode, asked);
  }
  const withConfiguration = asked.value && settings.listCarriesConfigurations;
  const records = store.listVisible(teamId).slice(0, settings.listLimit);
  const connectors = records.map(({ connector }) =>
    presentInList(connector, settings.normalize, withConfiguration),
  );
  return success(200, { count: connectors.length, connectors }, settings.normalize);
}

/**
 * `POST …/connectors`: starts with a boilerplate configuration, or duplicates the given connector.
 */
export function createConnector(call: Call): Answer {
  const { request, settings, store, teamId } = call;
  const form = parseCreate(request.body);
  if (!("value" in form)) {
    return errorAnswer(
      form.statusCode === 422 ? settings.createInvalidStatus : form.statusCode,
      form,
    );
  }
  const { title, description, source } = form.value;
  const record =
    source === undefined
      ? store.add(teamId, { name: title, description }, newVisibility(settings))
      : duplicate(call, form.value, source);
  if (record === undefined) {
    return call.notFound("CONNECTOR_NOT_FOUND");
  }
  return success(201, present(record.connector, settings.normalize), settings.normalize);
}

/** `GET …/connectors/{connector_identifier}`. */
export function getConnector(call: Call, { connector, visibility }: StoredConnector): Answer {
  const { settings, store } = call;
  if (!visibility.takeGet()) {
    return call.notFound("CONNECTOR_NOT_FOUND");
  }
  if (settings.updatedAtMovesOn === "read") {
    store.touch(connector);
  }
  return success(200, present(connector, settings.normalize), settings.normalize);
}

/** `PUT …/connectors/{connector_identifier}`: if any block is invalid, nothing changes. */
export function updateConnector(
  { request, settings, store }: Call,
  record: StoredConnector,
): Answer {
  const blocks = parseUpdate(request.body);
  if (!("value" in blocks)) {
    return errorAnswer(blocks.statusCode, blocks);
  }
  const { configuration } = blocks.value;
  const description =
    configuration === undefined
      ? undefined
      : settings.validateConfiguration?.(structuredClone(configuration));
  if (description !== undefined) {
    return errorAnswer(422, { description });
  }
  store.update(record, blocks.value);
  return { statusCode: 204 };
}

/** `DELETE …/connectors/{connector_identifier}`. */
export function deleteConnector({ store }: Call, { connector }: StoredConnector): Answer {
  store.remove(connector.connector_identifier);
  return { statusCode: 204 };
}

function duplicate(
  { settings, store, teamId }: Call,
  { title, description }: CreateForm,
  identifier: string,
): StoredConnector | undefined {
  const source = store.get(identifier, teamId);
  return source === undefined
    ? undefined
    : store.duplicate(source, title, description, newVisibility(settings));
}

function newVisibility({ listLag, readLag }: SupermetricsSettings): Visibility {
  return new Visibility(listLag, readLag);
}
