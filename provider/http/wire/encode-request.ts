import { packageVersion } from "../../version";
import { ConnectorError } from "../../errors";
import { type EncodedRequest } from "../interceptor";
import { type HttpBody, type HttpRequest } from "../types";
import { randomUUID } from "node:crypto";

interface EncodedBody {
  readonly mediaType: string;
  readonly content: Uint8Array;
}

/**
 * A request as bytes, encoded once for all attempts. Throws `configuration` for a path that is not below the origin.
 *
 * No compression is asked for: the size limit counts what arrives, and a small compressed body can unpack to a huge one.
 * That takes a word of its own, since without `accept-encoding` any coding is acceptable (RFC 9110 section 12.5.3).
 */
export function encodeRequest(
  request: HttpRequest,
  credential: readonly [name: string, value: string],
): EncodedRequest {
  const path = checkPath(request.path);
  const body = request.body === undefined ? undefined : encodeBody(request.body);
  return {
    method: request.method,
    path,
    target: path + encodeQuery(request.query),
    headers: {
      accept: "application/json",
      "accept-encoding": "identity",
      "user-agent": userAgent(),
      ...(body === undefined ? {} : { "content-type": body.mediaType }),
      [credential[0]]: credential[1],
    },
    body: body?.content,
  };
}

/** A dot segment would make an id address its collection: `DELETE /connectors/..`. */
function checkPath(path: string): string {
  if (!/^\/[\x21\x22\x24-\x3e\x40-\x7e]*$/.test(path) || /\/(\.|%2e){1,2}(\/|$)/i.test(path)) {
    throw new ConnectorError(
      "configuration",
      "A request path must begin with /, be percent-encoded, and hold no query and no dot segment.",
    );
  }
  return path;
}

function encodeQuery(query: HttpRequest["query"]): string {
  const text = new URLSearchParams({ ...query }).toString();
  return text === "" ? "" : `?${text}`;
}

function encodeBody(body: HttpBody): EncodedBody {
  switch (body.kind) {
    case "json":
      return { mediaType: "application/json", content: Buffer.from(JSON.stringify(body.value)) };
    case "form":
      return {
        mediaType: "application/x-www-form-urlencoded",
        content: Buffer.from(new URLSearchParams({ ...body.fields }).toString()),
      };
    case "multipart":
      return encodeMultipart(body);
  }
}

type MultipartBody = Extract<HttpBody, { kind: "multipart" }>;

/** One file as `multipart/form-data` (RFC 7578), with the media type that names its boundary. */
export function encodeMultipart(body: MultipartBody): {
  readonly mediaType: string;
  readonly content: Uint8Array;
} {
  if (!/^[\x20-\x7e]+$/.test(body.mediaType)) {
    throw new ConnectorError(
      "configuration",
      "The media type of an upload holds a character that no header may hold.",
    );
  }
  const boundary = `pulumi-connectors-${randomUUID()}`;
  const head =
    `--${boundary}\r\n` +
    `content-disposition: form-data; name="${quote(body.part)}"; filename="${quote(body.fileName)}"\r\n` +
    `content-type: ${body.mediaType}\r\n\r\n`;
  return {
    mediaType: `multipart/form-data; boundary=${boundary}`,
    content: Buffer.concat([
      Buffer.from(head),
      body.content,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]),
  };
}

/** As browsers do it: https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data */
function quote(text: string): string {
  return text.replaceAll("\r", "%0D").replaceAll("\n", "%0A").replaceAll('"', "%22");
}

let agent: string | undefined;

/** What requests say they come from, for example `pulumi-connectors/0.1.0 (+node/v20.20.2)`. */
export function userAgent(): string {
  agent ??= `pulumi-connectors/${packageVersion()} (+node/${process.version})`;
  return agent;
}
