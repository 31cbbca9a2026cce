import { isObject, type Json } from "../../json";
import { type Pairs, type WrittenBody, type WrittenRequest } from "../../model/written-request";
import { NewError } from "./new-error";

/** Makes `:id` and `{id}` in the path, and the fields that `names` names, values per row. */
export function withPerRow(request: WrittenRequest, names: readonly string[]): WrittenRequest {
  const found = new Set<string>();
  const is = (name: string): boolean => {
    const wanted = names.find((each) => each.toLowerCase() === name.toLowerCase());
    if (wanted !== undefined) {
      found.add(wanted);
    }
    return wanted !== undefined;
  };
  const pairs = (list: Pairs): Pairs =>
    list.map(([name, value]) => [name, is(name) ? `{{${name}}}` : value]);
  const { url, parameters, headers, body } = request;
  const changed = {
    ...request,
    url: url
      .replace(/\/:([A-Za-z_]\w*)/g, "/{{$1}}")
      .replace(/(?<!\{)\{([A-Za-z_][\w.-]*)\}(?!\})/g, "{{$1}}"),
    parameters: pairs(parameters),
    headers: pairs(headers),
    ...(body && { body: inBody(body, is, pairs) }),
  };
  const missing = names.filter((name) => !found.has(name));
  if (missing.length > 0) {
    throw new NewError(
      `the request has no parameter, header or body field ${missing.join(", ")} (--set-row)`,
    );
  }
  return changed;
}

function inBody(
  body: WrittenBody,
  is: (name: string) => boolean,
  pairs: (list: Pairs) => Pairs,
): WrittenBody {
  switch (body.kind) {
    case "json":
      return { kind: "json", value: inJson(body.value, is, []) };
    case "form":
      return { kind: "form", fields: pairs(body.fields) };
    case "text":
      return body;
  }
}

/** A field is named by its key, or by its path: `messages.1.content`. */
function inJson(value: Json, is: (name: string) => boolean, path: readonly string[]): Json {
  if (Array.isArray(value)) {
    return value.map((item, index) => inJson(item, is, [...path, String(index)]));
  }
  return isObject(value)
    ? Object.fromEntries(
        Object.entries(value).map(([key, item]) => {
          const own = [...path, key];
          return [
            key,
            is(key) || is(own.join("."))
              ? `{{${key.replace(/\W+/g, "_")}}}`
              : inJson(item, is, own),
          ];
        }),
      )
    : value;
}
