/** Destinations that hold no text that anybody reads (Rich Text Format Specification 1.9.1): tables of looks, pictures, embedded data. */
const SKIPPED = new Set(
  'fonttbl colortbl stylesheet pict objdata themedata colorschememapping datastore listtable listoverridetable rsidtbl latentstyles xmlnstbl mmathPr generator panose falt'.split(
    ' ',
  ),
);
const PLACES: { [word: string]: string } = {
  par: '\n',
  line: '\n',
  row: '\n',
  sect: '\n',
  page: '\n',
  cell: '\t',
  tab: '\t',
  emdash: '-',
  endash: '-',
  enspace: ' ',
  emspace: ' ',
};
const SYMBOLS: { [symbol: string]: string } = {
  '~': ' ',
  _: '-',
  '\\': '\\',
  '{': '{',
  '}': '}',
  '\n': '\n',
  '\r': '\n',
};
const CONTROL = /\\(?:'([0-9a-f]{2})|([a-z]{1,32})(-?\d{1,10})? ?|([^a-z']))/iy;
/** No control word is longer. Characters. */
const LONGEST = 64;
/** Groups in groups that are told apart. */
const DEEPEST = 10_000;

interface Group {
  skipped: boolean;
  /** How many characters stand for one in Unicode, for programs that know none. */
  fallback: number;
}

const createReader = () => {
  const groups: Group[] = [];
  let group: Group = { skipped: false, fallback: 1 };
  let deeper = 0;
  let toSkip = 0;
  let binary = 0;
  let rest = '';

  const open = () => {
    if (groups.length >= DEEPEST) deeper += 1;
    else {
      groups.push(group);
      group = { ...group };
    }
  };
  const close = () => {
    if (deeper > 0) deeper -= 1;
    else group = groups.pop() ?? group;
  };
  const take = (character: string): string => {
    if (toSkip > 0) {
      toSkip -= 1;
      return '';
    }
    return group.skipped ? '' : character;
  };
  const obey = (word: string, value: number | undefined): string => {
    if (SKIPPED.has(word)) group.skipped = true;
    if (word === 'bin') binary = Math.max(0, value ?? 0);
    if (word === 'uc') group.fallback = Math.min(16, Math.max(0, value ?? 1));
    if (word === 'u' && value !== undefined) {
      toSkip = 0;
      const character = take(String.fromCharCode(value & 0xffff));
      toSkip = group.fallback;
      return character;
    }
    const place = PLACES[word];
    return place === undefined || group.skipped ? '' : place;
  };

  return (piece: string, last: boolean): string => {
    const text = rest + piece;
    let out = '';
    let at = 0;
    while (at < text.length) {
      if (binary > 0) {
        const skipped = Math.min(binary, text.length - at);
        binary -= skipped;
        at += skipped;
        continue;
      }
      const character = text[at] as string;
      if (character === '\\') {
        if (!last && text.length - at < LONGEST) break;
        CONTROL.lastIndex = at;
        const [all, hex, word, value, symbol] = CONTROL.exec(text) ?? ['\\'];
        at += all.length;
        if (hex !== undefined) out += take(String.fromCharCode(Number.parseInt(hex, 16)));
        else if (word !== undefined) out += obey(word, value === undefined ? undefined : Number(value));
        else if (symbol !== undefined) out += take(SYMBOLS[symbol] ?? '');
        continue;
      }
      at += 1;
      if (character === '{') open();
      else if (character === '}') close();
      else if (character !== '\r' && character !== '\n') out += take(character);
    }
    rest = text.slice(at);
    return out;
  };
};

/** The text of Rich Text Format, without its tables, pictures and embedded objects. */
export async function* rtf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const read = createReader();
  for await (const bytes of pieces)
    yield read(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'), false);
  yield read('', true);
}
