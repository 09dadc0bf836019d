import { expect, test } from 'bun:test';
import { WorkflowDefinition } from '../../core/workflow';
import { factTexts } from '../texts/workflow';
import { changesBetween, type Definition, FACTS, inRule, inWords } from './definition';

const usual: Definition = WorkflowDefinition.parse({ engines: ['yara'], blocked: [1, 2, 12] });
const nameOf = (id: string) => `storage ${id}`;
const textsOf = (before: Definition, after: Definition) =>
  changesBetween(before, after, nameOf).map(({ label, text }) => `${label}: ${text}`);

/** Another value for each key, so that a key that is added to workflows must be told here, and said by the page. */
const others: Required<Definition> = {
  engines: 'all',
  blocked: [1],
  onEngineFailure: 'ignore',
  maxFileSize: 5_000_000,
  fileTimeout: 1,
  unpackBy: 'both',
  maxArchiveDepth: 1,
  maxArchiveFiles: 1,
  maxArchiveSize: 1,
  maxArchiveExpansion: 1,
  archiveTimeout: 1,
  vulnerabilityThreshold: 'critical',
  allow: [{ name: '*.log' }],
  block: [{ type: 'image/*' }],
  sensitiveDataThreshold: 80,
  showSensitiveData: true,
  remediation: WorkflowDefinition.parse({ remediation: { blocked: { original: { action: 'delete' } } } }).remediation,
};

test('every choice of a workflow is explained and can be said in words', () => {
  for (const fact of FACTS) {
    expect(factTexts[fact].about).not.toBe('');
    expect(inWords(usual, fact, nameOf)).not.toMatch(/undefined|NaN|\[object|^$/);
  }
});

test.each(Object.entries(others))('a change of %s alone is said', (key, value) => {
  const changes = changesBetween(usual, { ...usual, [key]: value }, nameOf);
  expect(changes).toHaveLength(1);
  expect(changes[0]!.text).not.toMatch(/undefined|NaN|\[object|^$/);
});

test('what is the same is not said', () => expect(changesBetween(usual, usual, nameOf)).toEqual([]));

test('of lists only what came and what went is said', () => {
  const after: Definition = {
    ...usual,
    blocked: [1, 2, 7],
    block: [{ name: '*.exe', minSize: 1_000_000, reason: 'no programs' }],
    remediation: WorkflowDefinition.parse({
      remediation: {
        blocked: {
          original: {
            action: 'move',
            moveTo: { storageId: 's', folder: 'bad' },
            copyTo: [{ folder: 'a', structure: 'flatten' }],
          },
        },
      },
    }).remediation,
  };
  expect(textsOf(usual, after)).toEqual([
    'Blocked results: + Allowlisted, − Encrypted Archive',
    'Block list: + name *.exe, from 1 MB, “no programs”',
    'Blocked files: + Copied to the folder “a” of its storage, without its folders, + Moved to the folder “bad” of storage s, − Left where it is, untouched',
  ]);
});

test('another order of the same is a change', () => {
  const rules = [{ name: 'a' }, { name: 'b' }];
  const change = textsOf({ ...usual, block: rules }, { ...usual, block: rules.toReversed() });
  expect(change).toEqual(['Block list: name a, name b → name b, name a']);
});

test('names that somebody chose show what is hidden in them', () => {
  expect(inRule({ name: 'a\u202Eb', reason: 'x\ny' })).toBe('name a⟨U+202E⟩b, “x␊y”');
});
