import type { Parts } from './ooxml-parts';
import { cutXml } from './xml';

const TYPES = '[Content_Types].xml';

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

/** Brings the list of content types in line with what is left. Returns how the name ends now, where that is another way. */
export const clearTypes = (parts: Parts): string | undefined => {
  const source = parts.get(TYPES);
  if (typeof source !== 'string') throw new Error('It has no list of content types: it is no Office document.');
  let extension: string | undefined;
  let cleared = cutXml(source, () => ({
    begin: ({ local, attributes }) => {
      const name = attributes.find((attribute) => attribute.local === 'PartName')?.value;
      return local === 'Override' && name !== undefined && !parts.has(name.replace(/^\//, '')) ? 'all' : undefined;
    },
  }));
  for (const [from, to, ending] of WITHOUT_MACROS) {
    if (!cleared.includes(from)) continue;
    cleared = cleared.replaceAll(from, `application/vnd.openxmlformats-officedocument.${to}.main+xml`);
    extension = ending;
  }
  parts.set(TYPES, cleared);
  return extension;
};
