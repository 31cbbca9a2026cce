import { ConnectorError } from "../provider/errors";

/** The reason with which a promise rejects. Throws if it resolves. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`It resolved, with ${JSON.stringify(value)}.`);
}

/** The {@link ConnectorError} that a promise rejects with. */
export async function connectorErrorOf(promise: Promise<unknown>): Promise<ConnectorError> {
  const error = await failureOf(promise);
  if (error instanceof ConnectorError) {
    return error;
  }
  throw error;
}
