/** Control characters, what turns the direction of writing, and spaces and marks that nobody sees. */
const HIDDEN =
  /[\u0000-\u001f\u007f-\u00a0\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164\ufeff\uffa0]|\u034f/g;

const escapeOne = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x20 ? String.fromCodePoint(0x2400 + code) : `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
};

/** A name that others chose, with everything in it to be seen: two names that differ look different, and none pretends to be another. */
export const visible = (name: string): string => name.replaceAll(HIDDEN, escapeOne);

/** Words that others put behind a colon, as a sentence of their own. */
export const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
