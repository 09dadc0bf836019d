import { expect, test } from 'bun:test';
import { choiceTexts } from '../texts/workflow';
import { changesBetween, type Definition, inWords, KEYS } from './definition';

const original = { tag: {}, copyTo: [], action: 'keep' as const, removeEmptyFolders: false };

const usual: Definition = {
  engines: 'all',
  blocked: [1, 2, 12],
  onEngineFailure: 'fail',
  fileTimeout: 600_000,
  unpackBy: 'assay',
  maxArchiveDepth: 12,
  maxArchiveFiles: 100_000,
  maxArchiveSize: 20e9,
  maxArchiveExpansion: 500,
  archiveTimeout: 300_000,
  vulnerabilityThreshold: 'any',
  allow: [],
  block: [{ name: '*.exe' }],
  sensitiveDataThreshold: 50,
  showSensitiveData: false,
  remediation: { allowed: { original }, blocked: { original: { ...original, action: 'quarantine' } } },
};

test('every choice of a workflow is explained and can be said in words', () => {
  for (const key of KEYS) {
    expect(choiceTexts[key].about).not.toBe('');
    expect(inWords(usual, key)).not.toMatch(/undefined|NaN|^$/);
  }
});

test('revisions are told apart by what changed alone', () => {
  expect(changesBetween(usual, usual)).toEqual([]);
  const changed = { ...usual, blocked: [...usual.blocked.filter((code) => code !== 12), 7], maxFileSize: 5_000_000 };
  expect(changesBetween(usual, changed).map(({ text }) => text)).toEqual([
    '+ Allowlisted, − Encrypted Archive',
    'none → 5 MB',
  ]);
});
