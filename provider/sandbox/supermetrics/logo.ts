/** The operations on the logo of a connector. */
import { createHash } from "node:crypto";

import { type Answer } from "../http-message";
import { type Call } from "./call";
import { errorAnswer } from "./errors";
import { success } from "./normalize";
import { type StoredConnector, type SupermetricsLogo } from "./store";

const MAX_BYTES = 5 * 1024 * 1024;
const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const JPG_SIGNATURE = Buffer.from([0xff, 0xd8, 0xff]);

/** `GET …/logo`. */
export function getLogo({ settings }: Call, { connector }: StoredConnector): Answer {
  return success(200, { logo_url: connector.logo_url }, settings.normalize);
}

/**
 * `POST …/logo`: multipart with a part named `logo`; the content must be PNG or JPG and at most 5
 * MB.
 */
export function setLogo({ request, settings }: Call, record: StoredConnector): Answer {
  if (request.body.kind !== "multipart") {
    return errorAnswer(400, { description: "The content type must be multipart/form-data." });
  }
  const part = request.body.parts.find(({ name }) => name === "logo");
  if (part === undefined) {
    return errorAnswer(400, { description: "The part 'logo' is required." });
  }
  if (part.content.length > MAX_BYTES) {
    return errorAnswer(400, { description: "The logo must not be larger than 5 MB." });
  }
  const mediaType = mediaTypeOf(part.content);
  if (mediaType === undefined) {
    return errorAnswer(400, { description: "The logo must be a PNG or JPG image." });
  }
  record.logo = { bytes: part.content, mediaType };
  record.connector.logo_url = logoUrl(record.connector.connector_identifier, record.logo);
  return success(201, { logo_url: record.connector.logo_url }, settings.normalize);
}

function mediaTypeOf(bytes: Buffer): SupermetricsLogo["mediaType"] | undefined {
  if (bytes.subarray(0, PNG_SIGNATURE.length).equals(PNG_SIGNATURE)) {
    return "image/png";
  }
  return bytes.subarray(0, JPG_SIGNATURE.length).equals(JPG_SIGNATURE) ? "image/jpeg" : undefined;
}

function logoUrl(identifier: string, { bytes, mediaType }: SupermetricsLogo): string {
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  return `https://assets.supermetrics.com/images/dsLogos/${identifier}_${digest}.${mediaType === "image/png" ? "png" : "jpg"}`;
}
