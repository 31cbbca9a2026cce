import { type ConnectorError } from "../errors";
import { type HttpResponse } from "./types";

/**
 * An explicit 2xx, empty or with JSON, is success; anything else is a refusal. A vendor's own SDK once took any answer
 * for success; a page with 200 comes from something in front of the API, and says that nothing was done.
 */
export function accept(response: HttpResponse, refuse: (response: HttpResponse) => ConnectorError): HttpResponse {
  const { statusCode, text, json } = response;
  if (statusCode >= 200 && statusCode < 300 && (text.trim() === "" || json !== undefined)) return response;
  throw refuse(response);
}

/**
 * A 404 by which the API itself says that what was asked for is not there. A gateway answers 404 too, as a page or as
 * JSON, when it does not know the way to the API: that says nothing about the connector.
 */
export function isGone({ statusCode, json }: HttpResponse, saysGone: (json: unknown) => boolean): boolean {
  return statusCode === 404 && saysGone(json);
}

/** The first of some parts of an answer that is a text, and not an empty one. */
export function firstText(...candidates: unknown[]): string | undefined {
  return candidates.find((candidate): candidate is string => typeof candidate === "string" && candidate !== "");
}
