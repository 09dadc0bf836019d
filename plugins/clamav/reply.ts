import type { Answer, FindingKind } from '../../src/engines/contract';

/** Result codes of the limits, by the names in libclamav 1.4. */
const LIMIT_CODES: Record<string, number> = {
  MaxFileSize: 13,
  MaxScanSize: 13,
  MaxFiles: 14,
  EmailMIMEPartsPerMessage: 14,
  MaxRecursion: 9,
  MaxScanTime: 16,
};
const LIMIT = 'Heuristics.Limits.Exceeded.';

/** In order; the first that fits. A heuristic named for a known family is clamd's own detector for it, no guess. */
const KINDS: [prefix: RegExp, kind: FindingKind][] = [
  [/^Heuristics\.Encrypted\./, 'Encrypted'],
  [/^Heuristics\.XZ\.DicSizeLimit/, 'Unscannable'],
  [/^Heuristics\.Structured\./, 'SensitiveData'],
  [/^Heuristics\.(Trojan|Worm|W32|Exploit)\./, 'Threat'],
  [/^(BC\.)?Heuristics\./, 'Suspicious'],
  [/^PUA\./, 'PotentiallyUnwanted'],
];

const detected = (name: string): Answer => {
  if (name.startsWith(LIMIT)) {
    const limit = name.slice(LIMIT.length).replace(/\.UNOFFICIAL$/, '');
    return { status: 'detected', name, kind: 'Unscannable', resultCode: LIMIT_CODES[limit] ?? 13 };
  }
  const kind = KINDS.find(([prefix]) => prefix.test(name))?.[1] ?? 'Threat';
  return kind === 'Unscannable'
    ? { status: 'detected', name, kind, resultCode: 24 }
    : { status: 'detected', name, kind };
};

/** Errors by which libclamav says that the file itself is broken: asking again brings the same. */
const FOR_GOOD = /Can't unpack some data|Can't parse data|Bad format or broken data|Not a regular file/;
/** What libclamav says of a limit instead of an alert. */
const LIMIT_ERRORS = /size limit exceeded|Exceeded (max|time)/;

/** What clamd's reply means: `fd[9]: Eicar-Test-Signature FOUND`, `stream: OK`, `INSTREAM size limit exceeded. ERROR`. */
export const answerOf = (reply: string): Answer => {
  if (reply === 'OK' || reply.endsWith(': OK')) return { status: 'clean' };
  const found = /^(?:fd\[\d+\]|stream): (.+) FOUND$/s.exec(reply)?.[1];
  // With ExtendedDetectionInfo the hash and size of what was found follow the name.
  if (found) return detected(found.replace(/\([0-9a-f]+:\d+\)$/, ''));
  const said = reply.replace(/^(fd\[\d+\]|stream): /, '').replace(/\.? ERROR$/, '');
  if (LIMIT_ERRORS.test(said)) return { status: 'skipped', reason: `clamd: ${said}` };
  return { status: 'failed', reason: `clamd: ${said.slice(0, 200)}`, retry: !FOR_GOOD.test(said) };
};
