import { redactValues } from "../../http";

/** Puts `[secret]` in place of secrets, in any form in which a request holds them. */
export function redacting(secrets: readonly string[]): (text: string) => string {
  return (text) =>
    secrets.length === 0
      ? text
      : String(redactValues(text, secrets)).replaceAll("[redacted]", "[secret]");
}
