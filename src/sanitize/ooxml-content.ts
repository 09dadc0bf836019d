import type { Removed } from '../core/sanitized';
import { createFields, isActingField } from './ooxml-fields';
import { type Attribute, type Cut, cutXml } from './xml';

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
]);

/** Lists of embedded objects and controls, none of which is left. */
const ALWAYS_HOLLOW = new Set(['oleObjects', 'controls', 'externalReferences']);

/** Formulas that reach out of the workbook: to another file, to a program by DDE, to the web. */
const REACHING = /\[\d+\]|\|\s*'|\b(WEBSERVICE|RTD|CALL|REGISTER|EXEC)\s*\(/i;

const FORMULAS = new Set(['f', 'definedName']);

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
    const fields = createFields((instruction, written) => {
      removed.push({ what: 'dynamic data exchange', where: instruction.trim().slice(0, SHOWN) || name });
      for (const element of written) drop(element);
    });

    return {
      begin: ({ local, attributes }): Cut | undefined => {
        const valueIn = (wanted: string) => attributes.find((attribute) => attribute.local === wanted)?.value ?? '';
        if (ALWAYS_HOLLOW.has(local) || (HOLLOW.has(local) && attributes.some(isGone))) return 'all';
        if (local === 'fldChar') fields.mark(valueIn('fldCharType'));
        if (local === 'fldSimple' && isActingField(valueIn('instr'))) {
          removed.push({ what: 'dynamic data exchange', where: valueIn('instr').trim().slice(0, SHOWN) });
          return (attribute) => attribute.local === 'instr';
        }
        if (RUNNING.test(valueIn('action'))) {
          removed.push({ what: 'action', where: valueIn('action').slice(0, SHOWN) });
          return (attribute) => attribute.local === 'action' || isGone(attribute);
        }
        return attributes.some(isGone) ? isGone : undefined;
      },
      end: (element) => {
        if (element.local === 'instrText') fields.write(element);
        if (!FORMULAS.has(element.local) || !REACHING.test(element.text)) return;
        removed.push({ what: 'external link', where: element.text.slice(0, SHOWN) });
        drop(element);
      },
    };
  });
