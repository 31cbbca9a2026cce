import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const ALGORITHM = "aes-256-gcm";

/**
 * Encrypts what a state holds in secret, with a key of the stack's own that lies outside the state.
 */
export class Cipher {
  constructor(private readonly key: Buffer) {}

  static newKey(): Buffer {
    return randomBytes(32);
  }

  encrypt(plaintext: string): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv(ALGORITHM, this.key, nonce);
    const body = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final()]);
    return [
      "v1",
      ...[nonce, cipher.getAuthTag(), body].map((part) => part.toString("base64")),
    ].join(":");
  }

  /** @throws when the text was encrypted with another key, or changed. */
  decrypt(text: string): string {
    const [nonce, tag, body] = text
      .split(":")
      .slice(1)
      .map((part) => Buffer.from(part, "base64"));
    const decipher = createDecipheriv(ALGORITHM, this.key, nonce!);
    decipher.setAuthTag(tag!);
    return Buffer.concat([decipher.update(body!), decipher.final()]).toString("utf8");
  }
}
