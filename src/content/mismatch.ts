import type { FileType } from '../core/findings';

/** What a content is good for, as far as it matters under another name. */
type Kind = 'program' | 'script' | 'pdf' | 'postscript' | 'rtf' | 'ole' | 'zip' | 'archive' | 'packed';

/**
 * Kinds by media type. Not here is what does no harm under any name: pictures, media, text, and web pages, which are what is mostly
 * kept, under the name of what was wanted, when a download failed.
 */
const KINDS: { [kind in Kind]: RegExp } = {
  program:
    /^application\/(vnd\.microsoft\.portable-executable|x-dosexec|x-elf|x-mach-binary|x-msi|x-ms-shortcut|x-java-applet)$/,
  script: /^text\/x-(script|php)$/,
  pdf: /^application\/pdf$/,
  postscript: /^application\/postscript$/,
  rtf: /^application\/rtf$/,
  ole: /^application\/(msword|vnd\.ms-(excel|powerpoint))$/,
  zip: /^application\/(zip|java-archive|epub\+zip|vnd\.(oasis\.opendocument|openxmlformats-officedocument)\b.*)$/,
  archive:
    /^application\/(x-7z-compressed|vnd\.rar|vnd\.ms-cab-compressed|x-tar|x-rpm|vnd\.debian\.binary-package|x-iso9660-image)$/,
  packed: /^application\/(gzip|x-bzip2|x-xz|zstd|x-lz4)$/,
};

/** Endings that claim something, and the kinds that they must not have; an ending that is not here claims nothing. */
const CLAIMS: [endings: string, wrong: Kind[]][] = [
  [
    'jpg jpeg png gif bmp tif tiff webp heic avif mp3 mp4 m4a mov avi mkv webm wav flac ogg',
    ['program', 'script', 'pdf', 'postscript', 'rtf', 'ole', 'zip', 'archive', 'packed'],
  ],
  ['pdf', ['program', 'script', 'rtf', 'ole', 'zip', 'archive', 'packed']],
  // No macros can be in these, so what may hold them is kept from their names; the older ones are known for all sorts of content.
  ['docx xlsx pptx dotx xltx potx ppsx', ['program', 'script', 'pdf', 'postscript', 'rtf', 'ole', 'archive', 'packed']],
  ['docm xlsm pptm xlsb dotm odt ods odp epub', ['program', 'script', 'pdf', 'postscript', 'archive', 'packed']],
  ['doc xls ppt rtf', ['program', 'script', 'pdf', 'archive', 'packed']],
  ['txt', ['program', 'pdf', 'zip', 'archive']],
  ['zip 7z rar tar gz tgz bz2 xz zst cab iso', ['program', 'script', 'pdf', 'rtf', 'ole']],
  ['csv log md json xml yaml yml ini conf css js html htm svg eml msg ico woff woff2 ttf otf', ['program']],
];

const WRONG = new Map(
  CLAIMS.flatMap(([endings, wrong]) => endings.split(' ').map((ending) => [ending, wrong] as const)),
);

/** Windows leaves out dots and blanks at the end of a name. */
const endingOf = (name: string): string | undefined => {
  let end = name.length;
  while (end > 0 && '. '.includes(name.charAt(end - 1))) end--;
  const dot = name.slice(0, end).lastIndexOf('.');
  return dot < 0 ? undefined : name.slice(dot + 1, end).toLowerCase();
};

const OVERRIDE = '\u202e';
/** A name as it is shown: what follows the override runs from right to left, up to the end or the mark that ends it (UAX #9). */
const shown = (name: string): string =>
  name.replace(/\u202e([^\u202c]*)\u202c?/g, (_, turned: string) => [...turned].reverse().join(''));

/** Blanks that push an ending out of sight, behind one that is to be seen. */
const PUSHED_AWAY = /\.[a-z0-9]{1,5}[\s\u00a0\u2000-\u200b\u3000]{8,}\.[a-z0-9]{1,5}$/i;

/**
 * Says why a file's name claims another type than its content has, where that matters; undefined when it does not.
 * It blocks by default, so it speaks only of what is hardly ever an honest mistake. `invoice.pdf.exe` is none of it: its name says
 * what it is.
 */
export const mismatchOf = (name: string, { mime, description }: FileType): string | undefined => {
  const ending = endingOf(name);
  if (ending === undefined) return undefined;
  if (name.includes(OVERRIDE) && endingOf(shown(name)) !== ending)
    return `Its name is written so that another ending is shown than “.${ending}”.`;
  if (PUSHED_AWAY.test(name)) return `Its name is written so that its ending “.${ending}” is out of sight.`;
  const wrong = WRONG.get(ending)?.some((kind) => KINDS[kind].test(mime));
  return wrong ? `Its name ends with “.${ending}”, but its content is something else: ${description}.` : undefined;
};
