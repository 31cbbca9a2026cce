import { redactValues } from "../../http";
import { type RenderedRequest } from "../../model/rendered-request";

/** Puts `[secret]` in place of secrets, in any form in which a request holds them. */
export function redacting(secrets: readonly string[]): (text: string) => string {
  return (text) =>
    secrets.length === 0
      ? text
      : String(redactValues(text, secrets)).replaceAll("[redacted]", "[secret]");
}

/** A request to show. */
export function redactedRequest(
  request: RenderedRequest,
  redact: (text: string) => string,
): RenderedRequest {
  const { url, headers, body, faults } = request;
  return {
    ...request,
    url: redact(url),
    headers: headers.map(([name, value]) => [name, redact(value)]),
    ...(body !== undefined && { body: redact(body) }),
    faults: faults.map((fault) => ({ ...fault, message: redact(fault.message) })),
  };
}
