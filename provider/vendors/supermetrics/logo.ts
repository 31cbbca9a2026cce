import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, isAbsolute, relative, resolve, sep } from "node:path";
import { ConnectorError } from "../../errors";
import { own } from "../../message";
import { isObject } from "../../json";
import { type FileDigest, type FileFault } from "../../model/field";

/** Largest logo that Supermetrics takes, in bytes. */
const LARGEST = 5 * 1024 * 1024;

/** A logo ready to be sent. */
export interface LogoFile {
  readonly fileName: string;
  readonly mediaType: string;
  readonly content: Uint8Array;
}

/** Describes a logo in the program, so that check can report errors in it. Never throws. */
export function describeLogo(path: unknown): FileDigest | FileFault {
  if (typeof path !== "string") {
    return { path: "", fault: "must be the path of a file, as text" };
  }
  try {
    const found = statSync(resolve(path));
    // A pipe would be read forever.
    if (!found.isFile()) {
      throw new TypeError("not a file");
    }
    const { size } = found;
    if (size > LARGEST) {
      return {
        path,
        fault: `must be at most 5 MB; ${basename(path)} has ${(size / 1024 / 1024).toFixed(1)} MB`,
      };
    }
    const content = readFileSync(resolve(path));
    if (mediaType(content) === undefined) {
      return { path, fault: `must be a PNG or JPG file, and ${basename(path)} is neither` };
    }
    return { path: portable(path), sha256: sha256(content) };
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === "ENOENT" ? "does not exist" : "cannot be read";
    return {
      path,
      fault: `names a file that ${reason}. Write a path relative to the folder that the program runs in: that of Pulumi.yaml, or of main where it names a file`,
    };
  }
}

/**
 * An absolute path, relative to the working folder: the state holds nothing that differs on another
 * machine.
 */
function portable(path: string): string {
  return isAbsolute(path) ? relative(process.cwd(), path).split(sep).join("/") : path;
}

/**
 * Reads a logo for its upload. Throws `invalid` when it is no longer the file that the program saw.
 */
export async function readLogo(logo: unknown): Promise<LogoFile> {
  const path = isObject(logo) && typeof logo.path === "string" ? logo.path : "";
  const content = await readFile(resolve(path)).catch((cause: unknown) => {
    throw new ConnectorError(
      "invalid",
      own`The logo ${basename(path)} cannot be read any more. Run pulumi up again`,
      { vendor: "Supermetrics", cause },
    );
  });
  const type = mediaType(content);
  if (type === undefined || !isObject(logo) || sha256(content) !== logo["sha256"]) {
    throw new ConnectorError(
      "invalid",
      own`The logo ${basename(path)} changed while the deployment ran. Run pulumi up again`,
      { vendor: "Supermetrics" },
    );
  }
  return { fileName: basename(path), mediaType: type, content };
}

function sha256(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

function mediaType(content: Buffer): string | undefined {
  if (
    content.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))
  ) {
    return "image/png";
  }
  if (content.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) {
    return "image/jpeg";
  }
  return undefined;
}
