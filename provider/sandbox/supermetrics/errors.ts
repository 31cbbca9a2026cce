/** Supermetrics' errors: `{meta:{request_id}, error:{code, message, description?}}`. */
import { randomBytes } from "node:crypto";

import { type Answer } from "../http-message";
import { type SupermetricsDenial } from "./settings";

/** Overrides of the documented code and message of a status. */
export interface ErrorText {
  readonly code?: string;
  readonly message?: string;
  readonly description?: string;
}

const DOCUMENTED_ERRORS: Readonly<Record<number, { code: string; message: string }>> = {
  400: { code: "BAD_REQUEST", message: "The request was invalid." },
  401: { code: "UNAUTHORIZED", message: "Authentication is required." },
  403: { code: "FORBIDDEN", message: "You do not have access to this resource." },
  404: { code: "NOT_FOUND", message: "The requested resource was not found." },
  409: { code: "CONFLICT_ERROR", message: "The resource already exists." },
  413: { code: "BAD_REQUEST", message: "The request body is too large." },
  422: { code: "UNPROCESSABLE_ENTITY", message: "Validation failed for the request parameters." },
  429: { code: "TOO_MANY_REQUESTS", message: "Rate limit exceeded. Retry later." },
  503: { code: "SERVICE_UNAVAILABLE", message: "The service is temporarily unavailable." },
};
const FALLBACK = { code: "INTERNAL_SERVER_ERROR", message: "An unexpected error occurred." };

const DENIAL_DESCRIPTIONS: Readonly<Record<SupermetricsDenial, string>> = {
  ACCESS_DENIED_IP: "Access from this IP address is not allowed.",
  ACCESS_DENIED_PERMISSIONS: "You do not have permission to perform this operation.",
  API_KEY_DISABLED: "The API key is disabled.",
  LICENSE_EXPIRED: "The license has expired.",
  PERMISSION_ERROR: "You do not have permission to perform this operation.",
};

/** The documented error of a status, with overrides. The emulator adds the rate-limit headers. */
export function errorAnswer(
  statusCode: number,
  { code, message, description }: ErrorText = {},
  headers: Record<string, string> = {},
): Answer {
  const documented = DOCUMENTED_ERRORS[statusCode] ?? FALLBACK;
  const error = {
    code: code ?? documented.code,
    message: message ?? documented.message,
    description,
  };
  const challenge: Record<string, string> =
    statusCode === 401 ? { "www-authenticate": 'Bearer realm="api"' } : {};
  return {
    statusCode,
    headers: { "access-control-allow-origin": "*", ...challenge, ...headers },
    json: { meta: { request_id: requestId() }, error },
  };
}

/** A 403 with one of the platform's codes. */
export function deniedAnswer(code: SupermetricsDenial): Answer {
  return errorAnswer(403, {
    code,
    message: "Access Denied",
    description: DENIAL_DESCRIPTIONS[code],
  });
}

/** A 401 for a key that is not accepted. */
export function invalidKeyAnswer(): Answer {
  return errorAnswer(401, {
    code: "API_KEY_INVALID",
    message: "Invalid API key",
    description: "Provided API key was invalid.",
  });
}

/** A request id in the vendor's format: 32 base64url characters. */
export function requestId(): string {
  return randomBytes(24).toString("base64url");
}
