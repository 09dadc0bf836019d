import type { FileType } from '../core/findings';

const cms = (description: string, encrypted: boolean): FileType => ({
  mime: 'application/pkcs7-mime',
  description,
  container: true,
  ...(encrypted ? { encrypted: 'document' } : {}),
});

/** A message of OpenPGP; in text it may also be one that is only signed. */
export const PGP: FileType = { mime: 'application/pgp-encrypted', description: 'OpenPGP message', container: true };

const hex = (bytes: Uint8Array, from: number, to: number) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex', from, Math.min(to, bytes.length));

/** Content types of CMS by their object identifiers as BER has them (RFC 5652 4, RFC 3274, RFC 5083). */
const CMS: { [oid: string]: FileType } = {
  '06092a864886f70d010702': cms('Signed message (CMS)', false),
  '06092a864886f70d010703': cms('Encrypted message (CMS)', true),
  '06092a864886f70d010706': cms('Encrypted data (CMS)', true),
  '060b2a864886f70d0109100109': cms('Compressed message (CMS)', false),
  '060b2a864886f70d0109100117': cms('Encrypted message (CMS)', true),
};

/** A sequence that begins with the identifier of its content (RFC 5652 3); its length may be left open or written in several ways. */
const identifyCms = (head: Uint8Array): FileType | undefined => {
  const length = head[1] ?? 0;
  const at = length <= 0x80 ? 2 : 2 + (length & 0x7f);
  if (at > 10 || head[at] !== 0x06) return undefined;
  return CMS[hex(head, at, at + 11)] ?? CMS[hex(head, at, at + 13)];
};

/** The packet of a session key: tag, length, version, then key and algorithm, or cipher, way of hashing and hash (RFC 4880 4.2, 5.1, 5.3). */
const FOR_A_KEY = /^(?:84..|85....|c1..|c1[cd]...)03.{16}(?:01|02|10|12|19)/;
const FOR_A_PASSWORD = /^(?:8c|c3)..040[1-9a-d]0[0134](?:0[1-9a-e])/;

/** Tells what only the holder of a key or a password reads, and what is signed as a whole, by its first bytes. */
export const identifySealed = (head: Uint8Array): FileType | undefined => {
  switch (head[0]) {
    case 0x30:
      return identifyCms(head);
    case 0x84:
    case 0x85:
    case 0x8c:
    case 0xc1:
    case 0xc3: {
      const packet = hex(head, 0, 14);
      return FOR_A_KEY.test(packet) || FOR_A_PASSWORD.test(packet) ? { ...PGP, encrypted: 'document' } : undefined;
    }
    default:
      return undefined;
  }
};
