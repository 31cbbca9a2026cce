import { randomUUID } from "node:crypto";
import { ConnectorError } from "../errors";
import { type HttpBody } from "./types";

type MultipartBody = Extract<HttpBody, { kind: "multipart" }>;

/** One file as `multipart/form-data` (RFC 7578), with the media type that names its boundary. */
export function encodeMultipart(body: MultipartBody): { readonly mediaType: string; readonly content: Uint8Array } {
  if (!/^[\x20-\x7e]+$/.test(body.mediaType)) {
    throw new ConnectorError("configuration", "The media type of an upload holds a character that no header may hold.");
  }
  const boundary = `pulumi-connectors-${randomUUID()}`;
  const head =
    `--${boundary}\r\n` +
    `content-disposition: form-data; name="${quote(body.part)}"; filename="${quote(body.fileName)}"\r\n` +
    `content-type: ${body.mediaType}\r\n\r\n`;
  return {
    mediaType: `multipart/form-data; boundary=${boundary}`,
    content: Buffer.concat([Buffer.from(head), body.content, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}

/** As browsers do it: https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data */
function quote(text: string): string {
  return text.replaceAll("\r", "%0D").replaceAll("\n", "%0A").replaceAll('"', "%22");
}
