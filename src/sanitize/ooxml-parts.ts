import { posix } from 'node:path';
import type { Removed } from '../core/sanitized';
import { type Attribute, cutXml } from './xml';

/** A package's files by their names, as Open Packaging Conventions has them: without a slash in front. */
export type Parts = Map<string, string | Uint8Array>;

const RELATIONSHIPS = 'http://schemas.openxmlformats.org/package/2006/relationships';

/** Kinds of relationship whose target acts, or comes from elsewhere, by the end of their type (ECMA-376 part 1, and Microsoft's own). */
const ACTING: { [end: string]: Removed['what'] } = {
  vbaProject: 'macro',
  wordVbaData: 'macro',
  vbaProjectSignature: 'macro',
  vbaProjectSignatureAgile: 'macro',
  vbaProjectSignatureV3: 'macro',
  xlMacrosheet: 'macro',
  xlIntlMacrosheet: 'macro',
  attachedToolbars: 'macro',
  keyMapCustomizations: 'macro',
  extensibility: 'macro',
  userCustomization: 'macro',
  control: 'embedded object',
  activeXControlBinary: 'embedded object',
  oleObject: 'embedded object',
  package: 'embedded object',
  ctrlProp: 'embedded object',
  externalLink: 'external link',
  externalLinkPath: 'external link',
  attachedTemplate: 'external link',
  subDocument: 'external link',
  frame: 'external link',
  aFChunk: 'external link',
  connections: 'external link',
  queryTable: 'external link',
  volatileDependencies: 'external link',
  webExtension: 'script',
  webextensiontaskpanes: 'script',
  taskpanes: 'script',
};

/** Links that a person clicks, and that open nothing but a page or a letter. */
const CLICKED = /^(https?:|mailto:|tel:|#)/i;

interface Relationship {
  id: string;
  /** The end of its type. */
  kind: string;
  target: string;
  isExternal: boolean;
}

/** Where the relationships of a part are kept; of the package itself for the empty name. */
const relationshipsOf = (part: string): string => {
  const { dir, base } = posix.parse(part);
  return posix.join(dir, '_rels', `${base}.rels`);
};

const sourceOf = (rels: string): string => posix.join(posix.dirname(rels), '..', posix.basename(rels, '.rels'));

const toRelationship = (attributes: Attribute[]): Relationship => {
  const valueIn = (name: string) => attributes.find((attribute) => attribute.local === name)?.value ?? '';
  return {
    id: valueIn('Id'),
    kind: valueIn('Type').slice(valueIn('Type').lastIndexOf('/') + 1),
    target: valueIn('Target'),
    isExternal: valueIn('TargetMode') === 'External',
  };
};

/** Where a relationship leads, from the part that has it. */
const targetOf = (rels: string, { target }: Relationship): string =>
  target.startsWith('/') ? target.slice(1) : posix.join(posix.dirname(sourceOf(rels)), decodeURI(target));

const removalOf = ({ kind, target, isExternal }: Relationship): Removed['what'] | undefined => {
  const acts = ACTING[kind];
  if (acts !== undefined) return acts;
  if (!isExternal) return undefined;
  return kind === 'hyperlink' && CLICKED.test(target.trim()) ? undefined : 'external link';
};

export interface Cleared {
  removed: Removed[];
  /** The identifiers that lead nowhere any more, by the part that has them. */
  gone: Map<string, Set<string>>;
}

/** Takes relationships to what acts out of a package, with the parts that they lead to and all that only those have. */
export const clearRelationships = (parts: Parts): Cleared => {
  const removed: Removed[] = [];
  const gone: Cleared['gone'] = new Map();
  const toRemove: string[] = [];
  for (const [rels, source] of parts) {
    if (!rels.endsWith('.rels') || typeof source !== 'string') continue;
    const ids = new Set<string>();
    const text = cutXml(source, () => ({
      begin: ({ local, uri, attributes }) => {
        if (local !== 'Relationship' || uri !== RELATIONSHIPS) return undefined;
        const relationship = toRelationship(attributes);
        const what = removalOf(relationship);
        if (what === undefined) return undefined;
        ids.add(relationship.id);
        removed.push({ what, where: relationship.isExternal ? relationship.target : targetOf(rels, relationship) });
        if (!relationship.isExternal) toRemove.push(targetOf(rels, relationship));
        return 'all';
      },
    }));
    if (ids.size === 0) continue;
    parts.set(rels, text);
    gone.set(sourceOf(rels), ids);
  }
  for (let part = toRemove.pop(); part !== undefined; part = toRemove.pop()) {
    parts.delete(part);
    parts.delete(relationshipsOf(part));
  }
  return { removed, gone };
};

/** The parts that relationships lead to, from the package on; programs open no others. Names are the same in letters of either case. */
export const reachable = (parts: Parts): Set<string> => {
  const byName = new Map([...parts.keys()].map((name) => [name.toLowerCase(), name]));
  const reached = new Set<string>();
  const due = [''];
  for (let part = due.pop(); part !== undefined; part = due.pop()) {
    const rels = relationshipsOf(part);
    const source = parts.get(rels);
    if (typeof source !== 'string' || reached.has(rels)) continue;
    reached.add(rels);
    cutXml(source, () => ({
      begin: ({ local, attributes }) => {
        const relationship = local === 'Relationship' ? toRelationship(attributes) : undefined;
        if (relationship === undefined || relationship.isExternal) return undefined;
        const target = byName.get(targetOf(rels, relationship).toLowerCase());
        if (target === undefined || reached.has(target)) return undefined;
        reached.add(target);
        due.push(target);
        return undefined;
      },
    }));
  }
  return reached;
};

/** Names of files that hold what acts, whoever refers to them. */
const BY_NAME: [RegExp, Removed['what']][] = [
  [/(^|\/)vbaProject[^/]*\.bin$/i, 'macro'],
  [/(^|\/)vbaData\.xml$/i, 'macro'],
  [/(^|\/)(macrosheets|intlMacrosheets)\//i, 'macro'],
  [/(^|\/)customUI\//i, 'macro'],
  [/(^|\/)activeX\//i, 'embedded object'],
  [/(^|\/)embeddings\//i, 'embedded object'],
  [/(^|\/)ctrlProps\//i, 'embedded object'],
  [/(^|\/)externalLinks\//i, 'external link'],
  [/(^|\/)webextensions\//i, 'script'],
];

/** Removes files that no relationship named, but that a program may look for by their names. */
export const clearNames = (parts: Parts): Removed[] =>
  [...parts.keys()].flatMap((name) => {
    const what = BY_NAME.find(([pattern]) => pattern.test(name))?.[1];
    if (what === undefined || !parts.delete(name)) return [];
    return { what, where: name };
  });
