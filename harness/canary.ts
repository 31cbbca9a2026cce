/** Values that must not show, and what is made of them to find them. */

/** The value of a place where a secret may stand; another one in each generation, as secrets are rotated. Every form of it is another text. */
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
