/** Shorter inner parts of base64 would match by chance. */
const SHORTEST_INNER = 8;

/**
 * The forms in which a server may repeat a value: unchanged, trimmed, without its scheme word,
 * URL-encoded, form-encoded, JSON-escaped once and twice and as PHP does it, HTML-escaped, and in
 * base64, alone or as a part of a longer text. None of them is empty.
 */
export function formsOf(value: string): string[] {
  const plain = [value, value.trim(), value.trim().replace(/^(Bearer|Basic|Token)\s+/i, "")];
  const forms = new Set(
    plain.flatMap((text) => [
      text,
      ...urlForms(text),
      ...jsonForms(text),
      ...htmlForms(text),
      ...base64Forms(text),
    ]),
  );
  forms.delete("");
  return [...forms];
}

function urlForms(text: string): string[] {
  const wellFormed = Buffer.from(text).toString();
  const forms = [
    encodeURIComponent(wellFormed),
    encodeURI(wellFormed),
    new URLSearchParams([["", text]]).toString().slice(1),
  ];
  return forms.flatMap((form) => [
    form,
    form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
  ]);
}

function jsonForms(text: string): string[] {
  const once = [jsonEscape(text), phpEscape(text)];
  return [...once, ...once.map(jsonEscape)];
}

function jsonEscape(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** As PHP's `json_encode` does it by default. */
function phpEscape(text: string): string {
  return jsonEscape(text)
    .replaceAll("/", "\\/")
    .replace(
      /[\u007f-\uffff]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
}

function htmlForms(text: string): string[] {
  const base = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const quoted = base.replaceAll('"', "&quot;");
  return [
    base,
    quoted,
    ...["&#39;", "&#039;", "&#x27;", "&apos;"].map((quote) => quoted.replaceAll("'", quote)),
  ];
}

function base64Forms(text: string): string[] {
  const whole = Buffer.from(text).toString("base64");
  const inner = [0, 1, 2]
    .map((shift) => innerBase64(text, shift))
    .filter((form) => form.length >= SHORTEST_INNER);
  return [whole, whole.replace(/=+$/, ""), ...inner].flatMap((form) => [
    form,
    form.replaceAll("+", "-").replaceAll("/", "_"),
  ]);
}

/**
 * The characters that do not depend on neighbours, when the value begins `shift` bytes into a group
 * of three.
 */
function innerBase64(text: string, shift: number): string {
  const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)]);
  const first = Math.ceil((shift * 8) / 6);
  return bytes.toString("base64").slice(first, Math.floor((bytes.length * 8) / 6));
}
