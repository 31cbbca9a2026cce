/** The operations on the connectors of a workspace. */
import { type Answer } from "../http-message";
import { type Call } from "./call";
import { validationAnswer, errorAnswer } from "./errors";
import { present, presentCreated } from "./normalize";
import { parseConnector, parseId, type Validated } from "./validate";

/** `GET /v1/connectors/`: an array without envelope or pagination. */
export function listConnectors({ errors, store, settings, workspace }: Call): Answer {
  if (errors.length > 0) {
    return validationAnswer(errors);
  }
  return {
    statusCode: 200,
    json: store.listVisible(workspace).map((connector) => present(connector, settings.normalize)),
  };
}

/** `POST /v1/connectors/`. */
export function createConnector(call: Call): Answer {
  const fields = parseConnector(call.request.body);
  if (!isValid(call, fields)) {
    return invalidAnswer(call, fields);
  }
  const connector = call.store.create(fields.value, call.workspace);
  return {
    statusCode: call.settings.createStatus,
    json: presentCreated(connector, call.settings.normalize),
  };
}

/** `GET /v1/connectors/{connector_id}`. */
export function getConnector(call: Call): Answer {
  const id = parseId(call.id);
  if (!isValid(call, id)) {
    return invalidAnswer(call, id);
  }
  const connector = call.store.getVisible(id.value, call.workspace);
  return connector === undefined
    ? errorAnswer(404)
    : { statusCode: 200, json: present(connector, call.settings.normalize) };
}

/**
 * `PUT /v1/connectors/{connector_id}`: replaces all ten fields; an omitted field gets its default.
 */
export function updateConnector(call: Call): Answer {
  const id = parseId(call.id);
  const fields = parseConnector(call.request.body);
  if (!isValid(call, id) || !isValid(call, fields)) {
    return invalidAnswer(call, id, fields);
  }
  if (call.store.get(id.value, call.workspace) === undefined) {
    return errorAnswer(404);
  }
  return {
    statusCode: 200,
    json: present(call.store.replace(id.value, fields.value), call.settings.normalize),
  };
}

/** `DELETE /v1/connectors/{connector_id}`. */
export function deleteConnector(call: Call): Answer {
  const id = parseId(call.id);
  if (!isValid(call, id)) {
    return invalidAnswer(call, id);
  }
  if (call.store.get(id.value, call.workspace) === undefined) {
    return errorAnswer(404);
  }
  const use = call.store.inUseReason(id.value);
  if (use !== undefined) {
    return errorAnswer(409, use);
  }
  call.store.remove(id.value);
  return call.settings.deleteStatus === 204
    ? { statusCode: 204 }
    : { statusCode: 200, json: { status: "deleted" } };
}

/** `GET /v1/user/me`: the vendor's clients use it to check a key. */
export function getUser({ errors }: Call): Answer {
  if (errors.length > 0) {
    return validationAnswer(errors);
  }
  const user = {
    first_name: "Sandbox",
    email: "sandbox@example.com",
    balance: 1000,
    plan: "sandbox",
    workspace: "Sandbox",
  };
  return { statusCode: 200, json: user };
}

function isValid<T>(call: Call, part: Validated<T>): part is { readonly value: T } {
  return call.errors.length === 0 && "value" in part;
}

function invalidAnswer(call: Call, ...parts: readonly Validated<unknown>[]): Answer {
  return validationAnswer([
    ...call.errors,
    ...parts.flatMap((part) => ("errors" in part ? part.errors : [])),
  ]);
}
