import type { Removed } from '../core/sanitized';
import { isFetched } from './ooxml-drawing';
import { createFields, isActingField } from './word-fields';
import { type Attribute, type Cut, cutXml, type Element } from './xml';

const REFERENCES = /\/officeDocument\/(2006\/)?relationships$/;

/** Elements that are nothing without what they refer to. */
const HOLLOW = new Set([
  'OLEObject',
  'control',
  'externalReference',
  'attachedTemplate',
  'subDoc',
  'altChunk',
  'frame',
  'sheet',
  'legacyDrawingHF',
  'sourceFileName',
  'externalData',
]);

/** Lists of embedded objects and controls, none of which is left. */
const ALWAYS_HOLLOW = new Set(['oleObjects', 'controls', 'externalReferences']);

/** What acts by itself, whatever it refers to: a link that the pointer opens by passing over it, and a query of a database. */
const ACTING: { [local: string]: Removed['what'] } = { hlinkMouseOver: 'action', mailMerge: 'external link' };

/** Formulas that reach out of the workbook: to another file, to a program by DDE, to the web. */
const REACHING =
  /\[\d+\]|\[[^[\]]+\][^'![\]]*'?!|\|\s*'|\b(WEBSERVICE|IMAGE|RTD|DDE|CALL|REGISTER(\.ID)?|EXEC|SQL\.REQUEST)\s*\(/i;

const FORMULAS = new Set(['f', 'definedName', 'formula', 'formula1', 'formula2']);

/** Names of formulas that are macros, or that begin one. */
const isMacroName = (attributes: Attribute[]): boolean =>
  attributes.some(
    ({ local, value }) =>
      (/^(xlm|vbProcedure)$/.test(local) && /^(1|true)$/.test(value)) ||
      (local === 'name' && /^(_xlnm\.)?Auto_(Open|Close|Activate|Deactivate)/i.test(value)),
  );

const DRAWING = 'urn:schemas-microsoft-com:vml';
/** Where a drawing of old fetches a picture from, or leads to but to a page. */
const fetches =
  (element: string) =>
  ({ name, value }: Attribute): boolean =>
    element === DRAWING && isFetched(name, value);

/** Actions of PowerPoint that run something (ECMA-376 part 1, 21.1.2.3.5). */
const RUNNING = /^ppaction:\/\/(macro|program|ole)/i;

/** How much of what was removed is told. Letters. */
const SHOWN = 200;

const refersToGone =
  (gone: ReadonlySet<string>) =>
  ({ uri, value }: Attribute): boolean =>
    REFERENCES.test(uri) && gone.has(value);

/**
 * Takes out of one part what refers to something that is gone, and what acts without referring to anything.
 * @param gone identifiers of relationships that were removed
 */
export const clearContent = (name: string, source: string, gone: ReadonlySet<string>, removed: Removed[]): string =>
  cutXml(source, (drop) => {
    const isGone = refersToGone(gone);
    const fields = createFields<Element>((instruction, written) => {
      removed.push({ what: 'dynamic data exchange', where: instruction.trim().slice(0, SHOWN) || name });
      for (const element of written) drop(element);
    });

    return {
      begin: ({ local, uri, attributes }): Cut | undefined => {
        const valueIn = (wanted: string) => attributes.find((attribute) => attribute.local === wanted)?.value ?? '';
        const tell = (what: Removed['what'], where: string) =>
          void removed.push({ what, where: where.trim().slice(0, SHOWN) || name });
        if (ALWAYS_HOLLOW.has(local) || (HOLLOW.has(local) && attributes.some(isGone))) return 'all';
        const acting = ACTING[local];
        if (acting !== undefined) {
          tell(acting, local);
          return 'all';
        }
        if (local === 'definedName' && isMacroName(attributes)) {
          tell('macro', valueIn('name'));
          return 'all';
        }
        if (local === 'fldChar') fields.mark(valueIn('fldCharType'));
        if (local === 'fldSimple' && isActingField(valueIn('instr'))) {
          tell('dynamic data exchange', valueIn('instr'));
          return (attribute) => attribute.local === 'instr';
        }
        if (RUNNING.test(valueIn('action'))) {
          tell('action', valueIn('action'));
          return (attribute) => attribute.local === 'action' || isGone(attribute);
        }
        const fetched = attributes.filter(fetches(uri));
        for (const { value } of fetched) tell('external link', value);
        const isCut = (attribute: Attribute) =>
          isGone(attribute) ||
          fetched.includes(attribute) ||
          // A button's macro, and which sheet is shown, count for nothing any more.
          (attribute.local === 'macro' && attribute.value !== '') ||
          (local === 'workbookView' && gone.size > 0 && /^(activeTab|firstSheet)$/.test(attribute.local));
        return attributes.some(isCut) ? isCut : undefined;
      },
      end: (element) => {
        if (element.local === 'instrText' || element.local === 'delInstrText') fields.write(element.text, element);
        if (!FORMULAS.has(element.local) || !REACHING.test(element.text)) return;
        removed.push({ what: 'external link', where: element.text.slice(0, SHOWN) });
        drop(element);
      },
    };
  });
