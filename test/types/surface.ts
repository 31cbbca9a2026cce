/**
 * Programs never catch a ConnectorError: the provider process throws it, and the engine prints its
 * message.
 */
// @ts-expect-error -- internal
export type { ConnectorError } from "pulumi-connectors";
// @ts-expect-error -- internal
export type { ERROR_CODES } from "pulumi-connectors";
