import { WIRE } from "./writer";

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
    return this.buffer.toString("utf8", start, end);
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
