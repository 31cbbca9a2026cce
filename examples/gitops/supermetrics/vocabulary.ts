/**
 * Helpers for Supermetrics' configuration documents, in one place because the format is only partly
 * documented: see "What is illustrative" in ../README.md.
 *
 * https://docs.supermetrics.com/docs/components
 */

/** The `$schema` of a configuration. */
export const SCHEMA = "https://api.supermetrics.com/cc/v1/schema/connector";

/**
 * The data types of fields that these definitions use.
 *
 * https://docs.supermetrics.com/v1-api/apidocs/field-data-types
 */
export type DataType =
  | "float.currency.value"
  | "float.number.percentage"
  | "float.number.value"
  | "int.currency.value"
  | "int.duration.seconds"
  | "int.number.value"
  | "string.currency.code"
  | "string.geo.country.twolettercode"
  | "string.text.value"
  | "string.time.date";

/** A value from the response. */
export function jsonPath(path: string) {
  return { source: "jsonPath", value: path };
}

/** The value of the user input with this id. */
export function userInput(id: string) {
  return { source: "userInput", value: id };
}

/** A constant, which can contain placeholders. */
export function fixed(value: string) {
  return { source: "static", value };
}

/** A list of headers or parameters. */
export function pairs(values: Record<string, string>) {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

/** A field of a report type; `path` is relative to the row. */
export function field(id: string, label: string, dataType: DataType, path: string) {
  return { id, label, dataType, value: jsonPath(path) };
}

/** Pagination by a cursor from the response. The last page has no cursor, or `more` is false. */
export function cursor(parameter: string, path: string, more?: string) {
  return {
    type: "cursor",
    parameter,
    cursor: jsonPath(path),
    ...(more === undefined ? {} : { more: jsonPath(more) }),
  };
}

/** Pagination by the URL of the next page. */
export function nextUrl(path: string) {
  return { type: "next_url", url: jsonPath(path) };
}

/** Pagination by the `Link` header of RFC 8288. */
export function linkHeader() {
  return { type: "link_header", rel: "next" };
}

/** Authentication with an API token that the user enters. */
export function tokenLogin(description: string) {
  return {
    type: "user_input",
    description,
    userInputs: [
      { id: "api_token", label: "API token", type: "password" },
      { id: "login_name", label: "Give a name for your login", type: "text" },
    ],
  };
}

/** The user of {@link tokenLogin}, for APIs that do not return the user. */
export const TOKEN_USER = {
  userInfo: {
    id: fixed("{{ identity() }}"),
    label: userInput("login_name"),
    accessToken: userInput("api_token"),
  },
};

/** Shows the API's message for a rejected request, and retries after its rate limit. */
export function resilient(messagePath: string) {
  const messageDetails = jsonPath(messagePath);
  return {
    responseStatuses: [
      { httpStatus: 400, action: "error", message: "The API refused the request.", messageDetails },
      {
        httpStatus: 401,
        action: "error",
        message: "The login is no longer valid. Connect again.",
        messageDetails,
      },
      {
        httpStatus: 403,
        action: "error",
        message: "The login lacks a permission.",
        messageDetails,
      },
      {
        httpStatus: 429,
        action: "retry",
        message: "The API's rate limit was reached.",
        messageDetails,
      },
    ],
    retry: { maxRetries: 10, minWait: 2, maxWait: 60, delayType: "exp" },
  };
}
