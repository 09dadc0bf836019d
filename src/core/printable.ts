/** Control characters, line ends of any alphabet, and what turns the direction of writing. */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
const SHORT: { [character: string]: string } = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

const escapeOne = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  return SHORT[character] ?? (code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`);
};

/** Words that others chose, made fit for a terminal, a page and one line. */
export const printable = (text: string): string => text.replaceAll(UNSAFE, escapeOne);

/** A name that others chose, made fit for a terminal, a page and one line; with the backslash escaped too, so that two names never look the same. */
export const safe = (name: string): string => printable(name.replaceAll('\\', '\\\\'));
