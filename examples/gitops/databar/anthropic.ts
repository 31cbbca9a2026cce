import { DatabarConnector } from "pulumi-connectors";
import { secret } from "../config";

// `tojson` quotes and escapes, so that no company name can break out of the document.
const bodyTemplate = `{
  "model": "claude-haiku-4-5",
  "max_tokens": 16,
  "system": "Name the industry of the company in one to three words. Answer with nothing else.",
  "messages": [
    { "role": "user", "content": {{ ("Company: " ~ company_name ~ ". Website: " ~ website) | tojson }} }
  ]
}`;

/**
 * Industry of a company, as a language model sees it.
 *
 * https://docs.claude.com/en/api/messages
 */
export const anthropic = new DatabarConnector("anthropic-industry", {
  name: "Anthropic: industry of a company",
  method: "post",
  url: "https://api.anthropic.com/v1/messages",
  headers: {
    "x-api-key": secret("anthropicApiKey"),
    "anthropic-version": "2023-06-01",
    "Content-Type": "application/json",
  },
  bodyTemplate,
  rateLimit: 50,
  maxConcurrency: 5,
});
