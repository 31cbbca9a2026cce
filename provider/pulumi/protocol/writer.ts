/**
 * Writes the wire format of Protocol Buffers, back to front, so that the length of a nested message
 * is known when it is written.
 */
export class Writer {
  private buffer = Buffer.allocUnsafe(1024);
  private start = this.buffer.length;

  /** How many bytes are written. */
  get length(): number {
    return this.buffer.length - this.start;
  }

  finish(): Buffer {
    return this.buffer.subarray(this.start);
  }

  text(value: string): void {
    const length = Buffer.byteLength(value);
    this.reserve(length);
    this.buffer.write(value, this.start, length, "utf8");
  }

  bytes(value: Uint8Array): void {
    this.reserve(value.length);
    this.buffer.set(value, this.start);
  }

  double(value: number): void {
    this.reserve(8);
    this.buffer.writeDoubleLE(value, this.start);
  }

  /** @param value a whole number from 0 to 2^53. */
  varint(value: number): void {
    const digits: number[] = [];
    let rest = value;
    do {
      digits.push(rest % 128);
      rest = Math.floor(rest / 128);
    } while (rest > 0);
    this.reserve(digits.length);
    digits.forEach((digit, index) => {
      this.buffer[this.start + index] = index < digits.length - 1 ? digit + 128 : digit;
    });
  }

  tag(field: number, type: WireType): void {
    this.varint(field * 8 + type);
  }

  /** A field whose bytes `write` writes, with its length and tag in front. */
  nested(field: number, write: () => void): void {
    const before = this.length;
    write();
    this.varint(this.length - before);
    this.tag(field, WIRE.bytes);
  }

  private reserve(bytes: number): void {
    if (bytes <= this.start) {
      this.start -= bytes;
      return;
    }
    const { length } = this;
    const size = Math.max(this.buffer.length * 2, length + bytes);
    const larger = Buffer.allocUnsafe(size);
    this.buffer.copy(larger, size - length, this.start);
    this.buffer = larger;
    this.start = size - length - bytes;
  }
}

/** How the value of a field is written. */
export const WIRE = { varint: 0, double: 1, bytes: 2, fixed32: 5 } as const;

export type WireType = (typeof WIRE)[keyof typeof WIRE];
