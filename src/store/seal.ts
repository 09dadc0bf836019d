import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Fault } from '../core/fault';

/** Makes secrets unreadable without the instance's key, and only in the place that they were sealed for. */
export interface Seal {
  /** @param context the place that the secret belongs to, such as `workflow:ID`; it opens in no other */
  seal: (secret: string | Uint8Array, context: string) => string;
  /** @throws Fault NOT_POSSIBLE when the key or the context is another one, or the text was changed */
  open: (sealed: string, context: string) => Buffer;
}

const VERSION = 1;
const NONCE_LENGTH = 12;
const TAG_LENGTH = 16;
const HEAD_LENGTH = 1 + NONCE_LENGTH;

const unreadable = (cause?: unknown): Fault =>
  new Fault('NOT_POSSIBLE', 'A stored secret cannot be read: it was sealed with another key, or changed.', {
    hint: 'Restore the file instance.key that belongs to this database from a backup, or set the secret anew.',
    cause,
  });

/**
 * A seal with a key of its own, derived from the instance's key.
 * Sealed: base64url of a version byte, a random nonce, the ciphertext, and the tag of AES-256-GCM (NIST SP 800-38D), which covers version and context too.
 */
export const createSeal = (instanceKey: Uint8Array): Seal => {
  const key = new Uint8Array(hkdfSync('sha256', instanceKey, '', 'assay sealed secrets', 32));
  const boundTo = (context: string) => Buffer.from(`${VERSION}:${context}`);

  return {
    seal: (secret, context) => {
      const nonce = randomBytes(NONCE_LENGTH);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(boundTo(context));
      const plain = typeof secret === 'string' ? Buffer.from(secret) : secret;
      const text = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([Buffer.of(VERSION), nonce, text, cipher.getAuthTag()]).toString('base64url');
    },

    open: (sealed, context) => {
      const bytes = Buffer.from(sealed, 'base64url');
      if (bytes.length < HEAD_LENGTH + TAG_LENGTH || bytes[0] !== VERSION) throw unreadable();
      const options = { authTagLength: TAG_LENGTH };
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, HEAD_LENGTH), options);
      decipher.setAAD(boundTo(context)).setAuthTag(bytes.subarray(-TAG_LENGTH));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(HEAD_LENGTH, -TAG_LENGTH)), decipher.final()]);
      } catch (cause) {
        throw unreadable(cause);
      }
    },
  };
};
