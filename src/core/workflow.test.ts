import { expect, test } from 'bun:test';
import { changeDefinition, changeTo, DefinitionChange, differences, WorkflowDefinition } from './workflow';

const plain = WorkflowDefinition.parse({});
const full = WorkflowDefinition.parse({
  engines: ['yara'],
  blocked: [1],
  onEngineFailure: 'ignore',
  maxFileSize: 5,
  fileTimeout: 6,
  unpackBy: 'both',
  maxArchiveDepth: 7,
  maxArchiveFiles: 8,
  maxArchiveSize: 9,
  maxArchiveExpansion: 10,
  archiveTimeout: 11,
  vulnerabilityThreshold: 'high',
  allow: [{ sha256: 'a'.repeat(64) }],
  block: [{ name: '*.exe', minSize: 12, reason: 'no programs here' }],
  sensitiveDataThreshold: 13,
  showSensitiveData: true,
  remediation: { blocked: { original: { action: 'quarantine' } } },
});

test('whatever a definition has can be changed', () => {
  expect(Object.keys(DefinitionChange.shape)).toEqual(Object.keys(WorkflowDefinition.shape));
  expect(differences(plain, full)).toEqual(Object.keys(WorkflowDefinition.shape));
});

test('a change gives no defaults to what it does not name', () => {
  expect(DefinitionChange.parse({})).toEqual({});
  expect(changeDefinition(full, DefinitionChange.parse({ maxFileSize: 9 }))).toEqual({ ...full, maxFileSize: 9 });
});

test('a definition can be made any other, and back', () => {
  expect(changeDefinition(full, changeTo(plain))).toEqual(plain);
  expect(changeDefinition(plain, changeTo(full))).toEqual(full);
});

test.each([
  { engines: [] },
  { blocked: [0] },
  { blocked: [3] },
  { maxFileSize: 0 },
  { fileTimeout: 1.5 },
  { allow: [{}] },
  { block: [{ reason: 'names no file' }] },
  { block: [{ sha256: 'abc' }] },
  { sensitiveDataThreshold: 101 },
  { other: 1 },
  { remediation: { blocked: { original: { action: 'move' } } } },
  { remediation: { blocked: { original: { action: 'delete', moveTo: {} } } } },
  { remediation: { allowed: { original: { tag: { 'a b': 'c' } } } } },
  { remediation: { failed: { original: {} } } },
])('the change %j is refused', (change) => {
  expect(DefinitionChange.safeParse(change).success).toBe(false);
});

test('nothing is done with a file unless a workflow says so', () => {
  const kept = { tag: {}, copyTo: [], action: 'keep', removeEmptyFolders: false };
  expect(plain.remediation).toEqual({ allowed: { original: kept }, blocked: { original: kept } } as never);
});
