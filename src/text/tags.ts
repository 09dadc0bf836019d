/** What stands in the place of a tag: a break between texts that do not belong together, or next to nothing between those that do. */
export type Between = '\n' | '\t' | ' ' | '-' | '';

const HTML_INLINE = new Set(
  'a abbr b bdi bdo big cite code del dfn em font i ins kbd label mark q s samp small span strike strong sub sup tt u var wbr'.split(
    ' ',
  ),
);
/** A run of a text is cut wherever its looks change; these elements end it (ECMA-376, Part 1, 17.3, 18.4, 21.1). */
const WORD: { [name: string]: Between } = {
  p: '\n',
  br: '\n',
  cr: '\n',
  tc: '\n',
  tr: '\n',
  tab: '\t',
  noBreakHyphen: '-',
};
const DRAWING: { [name: string]: Between } = { p: '\n', br: '\n', tc: '\n', tr: '\n' };
/** The same in OpenDocument: what stays within a paragraph (OpenDocument 1.3, Part 3, 6). */
const ODF_INLINE: { [name: string]: Between } = {
  span: '',
  a: '',
  s: ' ',
  tab: '\t',
  bookmark: '',
  'bookmark-start': '',
  'bookmark-end': '',
  'soft-page-break': '',
  'reference-mark': '',
};

/** What stands in the place of a tag. @param root the name of the document's first element */
export const betweenOf = (name: string, root: string): Between => {
  const colon = name.indexOf(':');
  const local = name.slice(colon + 1);
  switch (name.slice(0, Math.max(0, colon))) {
    case 'w':
      return WORD[local] ?? '';
    case 'a':
      return DRAWING[local] ?? '';
    case 'text':
      return ODF_INLINE[local] ?? '\n';
    case '':
      // The texts of a workbook are cut into runs, too.
      if (root === 'sst') return local === 'si' ? '\n' : '';
      return HTML_INLINE.has(local.toLowerCase()) ? '' : '\n';
    default:
      return '\n';
  }
};

/** Elements whose attributes hold nothing that anybody wrote, and stand within words. */
export const hasOnlyLooks = (name: string, root: string): boolean =>
  /^[wa]:/.test(name) || root === 'sst' || (root === 'worksheet' && (name === 'c' || name === 'row'));
