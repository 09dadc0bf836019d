/** What two letters of a stream's name in a Windows installer are packed into (as Wine’s documentation of msi tells it). */
const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._';
const PAIRS = 0x3800;
const SINGLES = 0x4800;
const TABLE = 0x4840;

/** The name of a stream as the installer's author wrote it; others are left as they are. */
export const msiName = (name: string): string =>
  name.replace(/[\u3800-\u4840]/g, (letter) => {
    const code = letter.charCodeAt(0);
    if (code === TABLE) return '!';
    if (code >= SINGLES) return LETTERS[code - SINGLES] ?? letter;
    return `${LETTERS[(code - PAIRS) & 63]}${LETTERS[(code - PAIRS) >> 6]}`;
  });
