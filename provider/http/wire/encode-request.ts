import { packageName, packageVersion } from "../../version";
import { ConnectorError } from "../../errors";
import { own } from "../../message";
import { stringifyExact } from "../../json";
import { type EncodedRequest } from "../interceptor";
import { type HttpBody, type HttpRequest } from "../types";

interface EncodedBody {
  readonly mediaType: string;
  readonly content: Uint8Array;
}

/**
 * A request as bytes, encoded once for all attempts. Rejects with `configuration` for a path that
 * is not below the origin.
 *
 * Requests no compression: the size limit counts what arrives, and a small compressed body can
 * expand to a huge one. Without `accept-encoding`, any coding would be acceptable (RFC 9110 section
 * 12.5.3).
 */
export async function encodeRequest(
  request: HttpRequest,
  credential?: readonly [name: string, value: string],
): Promise<EncodedRequest> {
  const path = checkPath(request.path);
  const body = request.body === undefined ? undefined : await encodeBody(request.body);
  return {
    method: request.method,
    path,
    target: path + (request.search ?? encodeQuery(request.query)),
    headers: {
      accept: "application/json",
      "accept-encoding": "identity",
      "user-agent": userAgent(),
      ...(body === undefined || body.mediaType === "" ? {} : { "content-type": body.mediaType }),
      ...request.headers,
      ...(credential && { [credential[0]]: credential[1] }),
    },
    body: body?.content,
  };
}

/** A dot segment would make an id address its collection: `DELETE /items/..`. */
function checkPath(path: string): string {
  if (!/^\/[\x21\x22\x24-\x3e\x40-\x7e]*$/.test(path) || /\/(\.|%2e){1,2}(\/|$)/i.test(path)) {
    throw new ConnectorError(
      "configuration",
      own`A request path must begin with /, be percent-encoded, and hold no query and no dot segment.`,
    );
  }
  return path;
}

function encodeQuery(query: HttpRequest["query"]): string {
  const text = new URLSearchParams({ ...query }).toString();
  return text === "" ? "" : `?${text}`;
}

function encodeBody(body: HttpBody): EncodedBody | Promise<EncodedBody> {
  switch (body.kind) {
    case "json":
      return { mediaType: "application/json", content: Buffer.from(stringifyExact(body.value)) };
    case "form":
      return {
        mediaType: "application/x-www-form-urlencoded",
        content: Buffer.from(new URLSearchParams({ ...body.fields }).toString()),
      };
    case "multipart":
      return encodeMultipart(body);
    case "text":
      return { mediaType: "", content: Buffer.from(body.text) };
  }
}

/** One file as `multipart/form-data`. */
async function encodeMultipart({
  part,
  fileName,
  mediaType,
  content,
}: Extract<HttpBody, { kind: "multipart" }>): Promise<EncodedBody> {
  const file = new Blob([content], { type: mediaType });
  // `Blob` drops a media type that no header may hold.
  if (file.type === "") {
    throw new ConnectorError(
      "configuration",
      own`The media type of an upload holds a character that no header may hold.`,
    );
  }
  const form = new FormData();
  form.append(part, file, fileName);
  const encoded = new Response(form);
  return {
    mediaType: encoded.headers.get("content-type") ?? "",
    content: new Uint8Array(await encoded.arrayBuffer()),
  };
}

/** What requests name as their sender, for example `pulumi-connectors/0.1.0 (+node/v20.20.2)`. */
export function userAgent(): string {
  return `${packageName()}/${packageVersion()} (+node/${process.version})`;
}
