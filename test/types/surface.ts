/** What a program can never meet is not exported: failures reach it as the engine's, in text. */
// @ts-expect-error -- the provider process throws it
export type { ConnectorError } from "pulumi-connectors";
// @ts-expect-error -- names of codes are in docs/errors.md
export type { ERROR_CODES } from "pulumi-connectors";
