/**
 * Databar's errors: JSON with `detail`. Uses FastAPI's messages where the documentation has none.
 */
import { type Answer } from "../http-message";

/** Location of an error; starts with `body`, `path` or `header`. */
export type Location = readonly (string | number)[];

/**
 * One item of a 422 in the format of pydantic 2. `input` repeats the value that was sent,
 * credentials included.
 */
export interface ValidationError {
  readonly type: string;
  readonly loc: Location;
  readonly msg: string;
  readonly input: unknown;
  readonly ctx?: Readonly<Record<string, unknown>>;
}

const DETAILS: Readonly<Record<number, string>> = {
  400: "Invalid or missing parameters",
  401: "Invalid API key",
  403: "API key is missing, invalid or not entitled to this operation",
  404: "not found",
  406: "Not enough credits, or the plan does not include this operation",
  409: "The connector is in use",
  413: "Request body too large",
  429: "Too many requests",
  500: "Internal Server Error",
};

/** An error with the given message, or with the documented one of its status. */
export function errorAnswer(
  statusCode: number,
  detail?: string,
  headers: Record<string, string> = {},
): Answer {
  return { statusCode, headers, json: { detail: detail ?? DETAILS[statusCode] ?? "oops" } };
}

/** A 422 with all validation errors. */
export function validationAnswer(errors: readonly ValidationError[]): Answer {
  return { statusCode: 422, json: { detail: errors } };
}
