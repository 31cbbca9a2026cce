/**
 * A text with `[secret]` in place of each of these secrets. The longest first, because one may be a
 * part of another.
 */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return [...secrets]
    .sort((one, other) => other.length - one.length)
    .reduce((masked, secret) => masked.replaceAll(secret, "[secret]"), text);
}
