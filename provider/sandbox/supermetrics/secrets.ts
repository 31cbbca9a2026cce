/** The operations on the secrets of a connector. Values are write-only. */
import { type Answer } from "../http-message";
import { type Call } from "./call";
import { errorAnswer } from "./errors";
import { success } from "./normalize";
import { placeholder } from "./generated-values";
import { type SupermetricsSettings } from "./settings";
import { type StoredConnector, type SupermetricsSecret } from "./store";
import { parseSecret } from "./validate";

const MAX_SECRETS = 100;

/** `GET …/secrets`. */
export function listSecrets({ settings }: Call, record: StoredConnector): Answer {
  return success(200, secretList(record), settings.normalize);
}

/** `POST …/secrets`: returns the whole list. */
export function createSecret({ request, settings }: Call, record: StoredConnector): Answer {
  const secret = parseSecret(request.body, true);
  if (!("value" in secret)) {
    return errorAnswer(secret.statusCode, secret);
  }
  const { name, value } = secret.value;
  if (record.secrets.some((other) => other.name === name)) {
    return errorAnswer(409);
  }
  if (record.secrets.length >= MAX_SECRETS) {
    return errorAnswer(422, {
      description: `A connector can have at most ${MAX_SECRETS} secrets.`,
    });
  }
  addSecret(record, { name, placeholder: placeholder(), value }, settings);
  return success(201, secretList(record), settings.normalize);
}

/** `PUT …/secrets/{secret_placeholder}`: changes the value only. */
export function setSecret(call: Call, record: StoredConnector): Answer {
  const found = record.secrets.find(
    (secret) => secret.placeholder === call.params["secret_placeholder"],
  );
  if (found === undefined) {
    return call.notFound("SECRET_NOT_FOUND");
  }
  const secret = parseSecret(call.request.body, false);
  if (!("value" in secret)) {
    return errorAnswer(secret.statusCode, secret);
  }
  found.value = secret.value.value;
  return { statusCode: 204 };
}

/** `DELETE …/secrets/{secret_placeholder}`. */
export function deleteSecret(call: Call, record: StoredConnector): Answer {
  const found = record.secrets.find(
    (secret) => secret.placeholder === call.params["secret_placeholder"],
  );
  if (found === undefined) {
    return call.notFound("SECRET_NOT_FOUND");
  }
  removeSecret(record, found, call.settings);
  return { statusCode: 204 };
}

/** Adds a secret as the Hub does. */
export function addSecret(
  record: StoredConnector,
  secret: SupermetricsSecret,
  settings: SupermetricsSettings,
): void {
  record.secrets.push(secret);
  rewriteConfiguration(record, settings);
}

/** Removes a secret as the Hub does. */
export function removeSecret(
  record: StoredConnector,
  secret: SupermetricsSecret,
  settings: SupermetricsSettings,
): void {
  record.secrets = record.secrets.filter((other) => other !== secret);
  rewriteConfiguration(record, settings);
}

function secretList({ secrets }: StoredConnector): unknown {
  const items = secrets.map(({ name: secret_name, placeholder: secret_placeholder }) => ({
    secret_placeholder,
    secret_name,
  }));
  return { count: items.length, secrets: items };
}

function rewriteConfiguration(
  { connector, secrets }: StoredConnector,
  settings: SupermetricsSettings,
): void {
  if (settings.normalize.secretsInConfiguration !== true) {
    return;
  }
  const items = secrets.map(({ name, placeholder: value }) => ({
    id: name,
    classification: "secret",
    source: "encrypted",
    value,
  }));
  connector.configuration.configuration_json = {
    ...connector.configuration.configuration_json,
    secrets: { items },
  };
}
