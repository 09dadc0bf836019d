import type { Parts } from './ooxml-parts';
import { cutXml } from './xml';

/** The list of what each part of a package is. */
export const CONTENT_TYPES = '[Content_Types].xml';

/** What a document with macros calls itself, what it is without them, and how its name ends then (MS-OFFMACRO2, ECMA-376 part 1). */
const WITHOUT_MACROS: [from: string, to: string, extension: string][] = [
  ['application/vnd.ms-word.document.macroEnabled.main+xml', 'wordprocessingml.document', 'docx'],
  ['application/vnd.ms-word.template.macroEnabledTemplate.main+xml', 'wordprocessingml.template', 'dotx'],
  ['application/vnd.ms-excel.sheet.macroEnabled.main+xml', 'spreadsheetml.sheet', 'xlsx'],
  ['application/vnd.ms-excel.template.macroEnabled.main+xml', 'spreadsheetml.template', 'xltx'],
  ['application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml', 'presentationml.presentation', 'pptx'],
  ['application/vnd.ms-powerpoint.template.macroEnabled.main+xml', 'presentationml.template', 'potx'],
  ['application/vnd.ms-powerpoint.slideshow.macroEnabled.main+xml', 'presentationml.slideshow', 'ppsx'],
];

const BINARY_WORKBOOK = 'application/vnd.ms-excel.sheet.binary';

const endingOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1).toLowerCase();

/** Brings the list of content types in line with what is left. Returns how the name ends now, where that is another way. */
export const clearTypes = (parts: Parts): string | undefined => {
  const source = parts.get(CONTENT_TYPES);
  if (typeof source !== 'string') throw new Error('It has no list of content types: it is no Office document.');
  if (source.includes(BINARY_WORKBOOK))
    throw new Error('It is a binary workbook (xlsb), which is not taken apart here.');
  const names = new Set([...parts.keys()].map((name) => name.toLowerCase()));
  const endings = new Set([...names].map(endingOf));
  let extension: string | undefined;
  let cleared = cutXml(source, () => ({
    begin: ({ local, attributes }) => {
      const valueIn = (wanted: string) =>
        attributes.find((attribute) => attribute.local === wanted)?.value.toLowerCase();
      const [name, ending] = [valueIn('PartName'), valueIn('Extension')];
      if (local === 'Override' && name !== undefined && !names.has(name.replace(/^\//, ''))) return 'all';
      return local === 'Default' && ending !== undefined && !endings.has(ending) ? 'all' : undefined;
    },
  }));
  for (const [from, to, ending] of WITHOUT_MACROS) {
    if (!cleared.includes(from)) continue;
    cleared = cleared.replaceAll(from, `application/vnd.openxmlformats-officedocument.${to}.main+xml`);
    extension = ending;
  }
  parts.set(CONTENT_TYPES, cleared);
  return extension;
};
