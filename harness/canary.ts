/** Secret values that must not show, and how to find them. */

/**
 * The secret of a place, a new one for each generation, as secrets are rotated. Each of its encoded
 * forms differs.
 */
export const canary = (place: string, generation = 1): string =>
  `canary "${place}/${generation}" <e+z>`;

/** The forms in which a server may repeat a value. */
export function formsOf(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  return [
    value,
    encodeURIComponent(value),
    encodeURI(value),
    new URLSearchParams({ v: value }).toString().slice(2),
    Buffer.from(value).toString("base64"),
    Buffer.from(value).toString("base64url"),
    json,
    JSON.stringify(json).slice(1, -1),
  ];
}
