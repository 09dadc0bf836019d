import { expect, test } from 'bun:test';
import { changeDefinition, WorkflowDefinition } from '../../core/workflow';
import { changeOf, put } from './change';

const definition = WorkflowDefinition.parse({ maxFileSize: 5 });

test('a choice that is changed back is not changed', () => {
  const draft = put(definition, {}, { unpackBy: 'both', blocked: [1] });
  expect(Object.keys(draft)).toEqual(['unpackBy', 'blocked']);
  expect(put(definition, draft, { unpackBy: 'assay', blocked: definition.blocked })).toEqual({});
});

test('what is asked for makes exactly the choices that were shown, also where one is taken away', () => {
  const draft = put(definition, {}, { maxFileSize: undefined, fileTimeout: 7 });
  const made = changeDefinition(definition, changeOf(draft));
  expect(made).toEqual(WorkflowDefinition.parse({ fileTimeout: 7 }));
});
