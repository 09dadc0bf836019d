import type { Candidate, Detector } from './detector';

const BEGIN = /-----BEGIN ((?:[A-Z0-9]{1,20} ){0,3})PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-[123]: /g;
/** How much behind the first line tells whether a key follows. Characters. */
const BODY = 3800;
/** A base64 line of a key, also one whose line ends are written as in JSON. */
const LINE = /[A-Za-z0-9+/=]{40,}/g;

/** How a key of OpenSSH begins that is not encrypted: its format, and the cipher "none" (PROTOCOL.key). */
const OPENSSH_OPEN = 'b3BlbnNzaC1rZXktdjEAAAAABG5vbmU';

const isLocked = (head: string, body: string): boolean => {
  if (head.includes('OPENSSH')) return !body.includes(OPENSSH_OPEN);
  return head.includes('ENCRYPTED') || /ENCRYPTED|^Encryption: (?!none)/m.test(body.slice(0, 200));
};

const toCandidate = (text: string, start: number, head: string): Candidate => {
  const from = start + head.length;
  const body = text.slice(from, from + BODY);
  const close = body.indexOf('-----END');
  const lines = body.slice(0, close < 0 ? BODY : close).match(LINE) ?? [];
  // A description of the format, and a placeholder, have no key.
  const isKey = lines.some((line) => new Set(line).size > 12);
  return {
    start,
    end: from + (close < 0 ? (isKey ? body.length : 0) : close),
    value: isKey ? lines.join('') : head,
    score: !isKey ? 15 : isLocked(head, body) ? 60 : 95,
    masked: `${head.trimEnd()}…`,
  };
};

/** Private keys in PEM (RFC 7468), of OpenSSH, OpenPGP and PuTTY. */
export const keys: Detector = {
  type: 'private_key',
  displayName: 'Private Key',
  find: function* (text) {
    let last = 0;
    for (const { index, 0: head } of text.matchAll(BEGIN)) {
      if (index < last) continue;
      const candidate = toCandidate(text, index, head);
      last = candidate.end;
      yield candidate;
    }
  },
};
