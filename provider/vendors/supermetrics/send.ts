import { setTimeout } from "node:timers/promises";
import { ConnectorError } from "../../errors";
import { own } from "../../message";
import { type CallContext, type Ref } from "../../lifecycle/adapter";
import { type SupermetricsApi } from "./api";
import { readLogo } from "./logo";
import { type RemoteSecret } from "./remote";
import { type SupermetricsAnswer, type SupermetricsRequest } from "./stage-types";

/** Sends one request. */
export async function send(
  api: SupermetricsApi,
  ref: Ref,
  request: SupermetricsRequest,
  context: CallContext,
): Promise<SupermetricsAnswer> {
  switch (request.operation) {
    case "listSecrets":
      return { secrets: (await api.listSecrets(ref, context)) ?? [] };
    case "createSecret": {
      const { secret_name: name, secret_value: value } = request.body;
      return { secrets: await createSecret(api, ref, name, value, context) };
    }
    case "setSecret":
      await api.setSecret(ref, request.secret, request.body.secret_value, context);
      return {};
    case "updateConnector":
      requirePlaceholders(request.missing, context);
      await onceKnown(context, () => api.update(ref, request.body, context));
      return {};
    case "setLogo": {
      const file = await readLogo(request.logo);
      return { logo: { url: await onceKnown(context, () => api.setLogo(ref, file, context)) } };
    }
    case "leaveSecret":
      return {};
    case "removeSecret":
      await api.removeSecret(ref, request.secret, context);
      return {};
  }
}

/**
 * Names are unique: a create that was refused, or whose answer was lost, is looked up in the list,
 * and set instead.
 */
async function createSecret(
  api: SupermetricsApi,
  ref: Ref,
  name: string,
  value: string,
  context: CallContext,
): Promise<readonly RemoteSecret[]> {
  let secrets: readonly RemoteSecret[];
  try {
    secrets = await onceKnown(context, () => api.createSecret(ref, name, value, context));
  } catch (error) {
    if (
      !(error instanceof ConnectorError) ||
      (error.code !== "conflict" && !error.outcomeUnknown)
    ) {
      throw error;
    }
    return setExisting(api, ref, name, value, error, context);
  }
  if (secrets.some((secret) => secret.name === name)) {
    return secrets;
  }
  const message = own`Supermetrics did not list the secret ${name} of connector "${context.name ?? ""}" after it was created. Run pulumi up again`;
  throw new ConnectorError("unexpected_response", message, {
    vendor: "Supermetrics",
    retryable: true,
  });
}

/** @param cause why the secret may be there already. */
async function setExisting(
  api: SupermetricsApi,
  ref: Ref,
  name: string,
  value: string,
  cause: ConnectorError,
  context: CallContext,
): Promise<readonly RemoteSecret[]> {
  try {
    const secrets = (await api.listSecrets(ref, context)) ?? [];
    const secret = secrets.find((each) => each.name === name);
    if (secret === undefined) {
      throw cause;
    }
    await api.setSecret(ref, secret, value, context);
    return secrets;
  } catch (error) {
    if (error instanceof ConnectorError && cause.outcomeUnknown) {
      // It is still unknown whether the secret was created.
      error.addContext({ outcomeUnknown: true });
    }
    throw error;
  }
}

/** Supermetrics would take a reference without a placeholder for text. */
function requirePlaceholders(missing: readonly string[], { name = "" }: CallContext): void {
  if (missing.length === 0) {
    return;
  }
  const message = own`Supermetrics does not list the secrets ${missing.join(", ")} of connector "${name}", which its configuration names; the configuration was not sent. Run pulumi up again`;
  throw new ConnectorError("unexpected_response", message, {
    vendor: "Supermetrics",
    retryable: true,
  });
}

/** Right after a create, Supermetrics may not know its new connector everywhere yet. */
async function onceKnown<T>({ verb }: CallContext, call: () => Promise<T>): Promise<T> {
  const waits = verb === "create" ? [250, 1_000, 3_000] : [];
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const wait = waits.shift();
      if (!(error instanceof ConnectorError) || error.statusCode !== 404 || wait === undefined) {
        throw error;
      }
      await setTimeout(wait);
    }
  }
}
