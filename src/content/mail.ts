import type { FileType } from '../core/findings';

const MAIL: FileType = { mime: 'message/rfc822', description: 'Mail message', container: true };
const MAILBOX: FileType = { mime: 'application/mbox', description: 'Mailbox', container: true };

/** Fields that hardly anything but mail has. */
const TELLING =
  /^(received|return-path|delivered-to|mime-version|message-id|content-type|content-transfer-encoding|dkim-signature|x-mozilla-status|x-unsent)$/i;
/** Fields that mail has together; other texts have them too, where they are often written small. */
const SENDER = /^(From|FROM|Sender|Reply-To)$/;
const LETTER = /^(To|TO|Cc|CC|Subject|SUBJECT|Date|DATE|Newsgroups)$/;

/** A name is of printable ASCII (RFC 5322 2.2); blanks before the colon are obsolete, but read (4.5). */
const FIELD = /^([!-9;-~]+)[ \t]*:/;
const TIME = / (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\d{1,2} \d\d:\d\d/;
/** Whether it is the line before a message of a mailbox, with the time, and the year behind it, as asctime(3) writes them (RFC 4155, appendix A). */
export const isEnvelope = (line: string): boolean => {
  const [, said = ''] = /^From \S([^\r\n]*)/.exec(line) ?? [];
  const time = TIME.exec(said);
  return time !== null && / \d{4}/.test(said.slice(time.index + time[0].length));
};

const BEGINNING = /^(?:\xef\xbb\xbf)?[\r\n]*(?=[!-9;-~]+[ \t]*:|>?From )/;
const LINES = /([^\r\n]*)(?:\r\n|\n|\r|$)/g;

/** A header that fills nearly all that is seen of a file. Bytes. */
const LONG = 60 * 1024;

/** How much of the beginning tells whether it can be mail. Bytes. */
const START = 1024;

/** All that is seen of a longer file are fields, the first of them with a name as mail has them: what tells may follow. */
const isOnlyHeader = (text: string): boolean =>
  text.length > LONG && /^[A-Z][A-Za-z0-9]*-[A-Za-z0-9-]+[ \t]*:/.test(text) && !/\n\r?\n|\r\r/.test(text);

/** Whether a text begins with a mail's header; programs go over lines that do not belong there. */
const isHeader = (text: string): boolean => {
  let telling = 0;
  let sender = 0;
  let letter = 0;
  let fields = 0;
  let isSound = true;
  for (const [, line = ''] of text.matchAll(LINES)) {
    if (line === '') break;
    if (/^[ \t]/.test(line) && fields > 0) continue;
    const name = FIELD.exec(line)?.[1];
    if (name === undefined) {
      // A gateway quotes the envelope's line before it hands the message on.
      if (fields === 0 && line.startsWith('>From ')) continue;
      if (telling === 0 && (sender === 0 || letter === 0)) return false;
      isSound = false;
      continue;
    }
    fields++;
    if (TELLING.test(name)) telling++;
    else if (SENDER.test(name)) sender++;
    else if (LETTER.test(name)) letter++;
  }
  if (isSound) return telling > 0 || (sender > 0 && letter > 0) || isOnlyHeader(text);
  return telling > 0 && telling + sender + letter > 1;
};

/** Tells mail and mailboxes by how they begin, whatever bytes come later; undefined for all else, mostly by the first line. */
export const identifyMail = (head: Uint8Array): FileType | undefined => {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const skipped = BEGINNING.exec(bytes.toString('latin1', 0, START))?.[0].length;
  if (skipped === undefined) return undefined;
  const whole = bytes.toString('latin1', skipped);
  // A line that goes on behind what is seen says nothing yet.
  const text = whole.length > LONG ? whole.slice(0, whole.lastIndexOf('\n') + 1) || whole : whole;
  if (!text.startsWith('From ')) return isHeader(text) ? MAIL : undefined;
  const envelope = /^[^\r\n]*/.exec(text)?.[0] ?? '';
  const rest = text.slice(envelope.length).replace(/^(\r\n|\n|\r)/, '');
  return isEnvelope(envelope) || isHeader(rest) ? MAILBOX : undefined;
};
