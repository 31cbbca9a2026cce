import { type Json } from "../../json";
import { formText } from "../form-text";
import { type Pairs, type WrittenBody } from "../../model/written-request";

/** A body by its media type; JSON also where the media type does not say so. */
export function readBody(text: string, mediaType: string | undefined): WrittenBody {
  const json = parsed(text) ?? parsed(withQuotes(text));
  if (json !== undefined && (/json/i.test(mediaType ?? "json") || /^\s*[[{]/.test(text))) {
    return { kind: "json", value: json };
  }
  return mediaType === undefined || /x-www-form-urlencoded/i.test(mediaType)
    ? { kind: "form", fields: formFields(text) }
    : { kind: "text", text };
}

/** `a=b&c=d`. A `{{name}}` stays as it is. */
export function formFields(text: string): Pairs {
  return text
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const at = pair.indexOf("=");
      const [name, value] = at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
      return [formText(name), formText(value)];
    });
}

/** Documentation writes `{"limit": {{limit}}}`. */
function withQuotes(text: string): string {
  return text.replace(/([:[,]\s*)(\{\{[^{}"]+\}\})/g, '$1"$2"');
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
