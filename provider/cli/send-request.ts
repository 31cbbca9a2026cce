import { createHttpClient, isLoopback } from "../http";
import { type HttpMethod } from "../http";
import { type RenderedRequest } from "../model/rendered-request";
import { CliError } from "./errors";

/** The answer of an API. */
export interface Answer {
  readonly statusCode: number;
  readonly milliseconds: number;
  /** The `Content-Type`; may be empty. */
  readonly mediaType: string;
  readonly text: string;
}

const METHODS: readonly HttpMethod[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/**
 * Sends a request once, within the limits of every other request: no redirects, 30 seconds, a
 * largest answer. @param secrets strings to redact from messages
 */
export async function sendRequest(
  { method, url, headers, body }: RenderedRequest,
  secrets: readonly string[],
): Promise<Answer> {
  const address = addressOf(url);
  const known = METHODS.find((each) => each === method);
  if (known === undefined) {
    throw new CliError(`nothing was sent, because ${method} is not a method of a connector.`);
  }
  const client = createHttpClient({
    vendor: address.host,
    origin: address.origin,
    sensitive: secrets,
    maxAttempts: 1,
    operationTimeout: 30_000,
  });
  const startedAt = performance.now();
  try {
    const answer = await client.send({
      method: known,
      path: address.pathname,
      search: address.search,
      headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
      ...(body !== undefined && { body: { kind: "text", text: body } }),
    });
    return {
      statusCode: answer.statusCode,
      milliseconds: Math.round(performance.now() - startedAt),
      mediaType: answer.headers["content-type"] ?? "",
      text: answer.text,
    };
  } catch (error) {
    throw new CliError(inDefinitionsWords(String(error instanceof Error ? error.message : error)));
  } finally {
    await client.close();
  }
}

/** Messages of the client name its settings, which the command does not have. */
function inDefinitionsWords(message: string): string {
  return message
    .replace(/(the )?baseUrl( setting)?/, "url")
    .replace(/ If this persists, raise \w+\.?/, "");
}

function addressOf(url: string): URL {
  if (!URL.canParse(url)) {
    throw new CliError("nothing was sent, because the URL is not complete.");
  }
  const address = new URL(url);
  if (address.protocol !== "https:" && !isLoopback(address.hostname)) {
    throw new CliError(
      "nothing was sent, because the URL would send everything unencrypted. Use https.",
    );
  }
  return address;
}
