import { gzipSync } from "node:zlib";

/** A file of an archive. */
export interface ArchivedFile {
  /** At most 100 characters. */
  readonly path: string;
  readonly content: string;
  readonly executable?: true;
}

const BLOCK = 512;
/** The time of every file, in seconds, so that equal contents make equal archives: that of `npm pack`. */
const TIME = Date.parse("1985-10-26T08:15:00Z") / 1000;

/** A compressed tar archive. Unlike the system's `tar`, it has the same bytes on every system. */
export function tarGz(files: readonly ArchivedFile[]): Buffer {
  const blocks = files.flatMap((file) => {
    const content = Buffer.from(file.content);
    return [header(file, content.length), content, Buffer.alloc(-content.length & (BLOCK - 1))];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]), { level: 9 });
}

/** A header in the format ustar. */
function header({ path, executable }: ArchivedFile, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, length: number): number =>
    block.write(`${value.toString(8).padStart(length - 1, "0")}\0`, at, "latin1");
  if (block.write(path, 0, "utf8") > 100) {
    throw new Error(`${path} is too long for an archive.`);
  }
  octal(executable ? 0o755 : 0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(TIME, 136, 12);
  // The checksum counts its own field as spaces.
  block.write(" ".repeat(8), 148, "latin1");
  block.write("0", 156, "latin1");
  block.write("ustar\0" + "00", 257, "latin1");
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  );
  return block;
}
