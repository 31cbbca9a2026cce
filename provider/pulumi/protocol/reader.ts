import { WIRE } from "./writer";

/** A text of this length in bytes, or a shorter one, is probably in a message more than once. */
const SHORT = 40;

/**
 * The texts that were read last: those of a fleet's connectors are much alike, and a text that is
 * there is neither decoded nor kept again.
 */
class KnownTexts {
  private readonly texts: string[] = Array.from({ length: 4096 }, () => "");

  textOf(buffer: Buffer, start: number, end: number): string {
    if (end - start > SHORT) {
      return buffer.toString("utf8", start, end);
    }
    let hash = end - start;
    for (let at = start; at < end; at++) {
      hash = (hash * 31 + (buffer[at] ?? 0)) | 0;
    }
    const place = (hash ^ (hash >>> 12)) & 4095;
    const known = this.texts[place] ?? "";
    return isAt(buffer, start, end, known)
      ? known
      : (this.texts[place] = buffer.toString("utf8", start, end));
  }
}

function isAt(buffer: Buffer, start: number, end: number, text: string): boolean {
  if (text.length !== end - start) {
    return false;
  }
  for (let at = start; at < end; at++) {
    const byte = buffer[at] ?? 0;
    if (byte > 127 || text.charCodeAt(at - start) !== byte) {
      return false;
    }
  }
  return true;
}

const KNOWN = new KnownTexts();

/** Reads the wire format of Protocol Buffers. */
export class Reader {
  private at: number;

  constructor(
    private readonly buffer: Buffer,
    start = 0,
    private readonly end = buffer.length,
  ) {
    this.at = start;
  }

  get isAtEnd(): boolean {
    return this.at >= this.end;
  }

  /** The next field's number and wire type. */
  tag(): { readonly field: number; readonly type: number } {
    const tag = this.varint();
    return { field: Math.floor(tag / 8), type: tag % 8 };
  }

  varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.buffer[this.at] ?? 0;
      this.at += 1;
      value += (byte % 128) * factor;
      if (byte < 128) {
        return value;
      }
      if (this.at >= this.end) {
        throw new RangeError("A message of the engine ends in the middle of a number.");
      }
    }
  }

  double(): number {
    const value = this.buffer.readDoubleLE(this.at);
    this.at += 8;
    return value;
  }

  text(): string {
    const [start, end] = this.range();
    return KNOWN.textOf(this.buffer, start, end);
  }

  /** A part of the buffer, not a copy. */
  bytes(): Buffer {
    const [start, end] = this.range();
    return this.buffer.subarray(start, end);
  }

  /** A reader of the nested message that comes next. */
  nested(): Reader {
    const [start, end] = this.range();
    return new Reader(this.buffer, start, end);
  }

  /** Passes over the value of a field that is not known. */
  skip(type: number): void {
    if (type === WIRE.varint) {
      this.varint();
    } else if (type === WIRE.double) {
      this.at += 8;
    } else if (type === WIRE.bytes) {
      this.range();
    } else if (type === WIRE.fixed32) {
      this.at += 4;
    } else {
      throw new RangeError(`A message of the engine has a field of the unknown wire type ${type}.`);
    }
  }

  private range(): readonly [start: number, end: number] {
    const length = this.varint();
    const start = this.at;
    this.at += length;
    if (this.at > this.end) {
      throw new RangeError("A message of the engine ends in the middle of a field.");
    }
    return [start, this.at];
  }
}
