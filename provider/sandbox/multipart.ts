/**
 * A multipart/form-data parser. `Response.formData()` rejects boundaries shorter than 27
 * characters, but the vendor's Python SDK uploads logos with the boundary `+++`.
 */

/** One part of a multipart body. */
export interface Part {
  readonly name: string;
  /** Set if the part is a file. */
  readonly fileName?: string;
  /** Content-Type of the part. Default: `text/plain`. */
  readonly mediaType: string;
  readonly content: Buffer;
}

/** The parts in order, or `undefined` if the body is malformed for this boundary. */
export function parseMultipart(bytes: Buffer, boundary: string): Part[] | undefined {
  if (boundary === "") {
    return undefined;
  }
  const delimiter = `--${boundary}`;
  const parts: Part[] = [];
  let start = bytes.indexOf(delimiter);
  while (start >= 0) {
    const after = start + delimiter.length;
    if (bytes.toString("latin1", after, after + 2) === "--") {
      return parts;
    }
    const head = bytes.indexOf("\r\n\r\n", after);
    const end = head < 0 ? -1 : bytes.indexOf(`\r\n${delimiter}`, head + 4);
    if (end < 0) {
      return undefined;
    }
    parts.push(partOf(bytes.toString("utf8", after, head), bytes.subarray(head + 4, end)));
    start = end + 2;
  }
  return undefined;
}

function partOf(head: string, content: Buffer): Part {
  const disposition = /^content-disposition:(.*)$/im.exec(head)?.[1] ?? "";
  const fileName = /;\s*filename="?([^";]*)"?/i.exec(disposition)?.[1];
  return {
    name: /;\s*name="?([^";]*)"?/i.exec(disposition)?.[1] ?? "",
    ...(fileName === undefined ? {} : { fileName }),
    mediaType: /^content-type:\s*([^\s;]+)/im.exec(head)?.[1] ?? "text/plain",
    content: Buffer.from(content),
  };
}
