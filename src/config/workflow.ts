import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Fault } from '../core/fault';
import { FileRuleShape, NAMES_NOTHING, namesSomething } from '../core/file-rule';
import { WorkflowDefinition } from '../core/workflow';
import { readDocument } from './document';
import { toConfigFault } from './problems';
import type { SchemaNode } from './schema';
import { duration, size } from './values';

const { maxFileSize, fileTimeout, maxArchiveSize, archiveTimeout, allow, block } = WorkflowDefinition.shape;

const { minSize, maxSize } = FileRuleShape.shape;
const WrittenRule = FileRuleShape.extend({
  minSize: size().pipe(minSize.unwrap()).optional(),
  maxSize: size().pipe(maxSize.unwrap()).optional(),
}).refine(namesSomething, NAMES_NOTHING);

/** A definition as people write it: sizes such as 100MB, durations such as 30s. */
const Written = WorkflowDefinition.extend({
  maxFileSize: size().pipe(maxFileSize.unwrap()).optional(),
  fileTimeout: duration().pipe(fileTimeout.unwrap()).optional(),
  maxArchiveSize: size().pipe(maxArchiveSize.unwrap()).optional(),
  archiveTimeout: duration().pipe(archiveTimeout.unwrap()).optional(),
  allow: z.array(WrittenRule).pipe(allow.unwrap()).optional(),
  block: z.array(WrittenRule).pipe(block.unwrap()).optional(),
});

const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Fault('NOT_FOUND', `The file ${file} cannot be read: ${(cause as NodeJS.ErrnoException).code}.`, {
      hint: 'Name a YAML or JSON file with the definition of a workflow.',
      cause,
    });
  }
};

/**
 * Reads a workflow from a YAML or JSON file: its definition, or one beside a name as the API has it.
 * @param text what is in it, for what comes from elsewhere than a file
 * @throws Fault NOT_FOUND when it cannot be read, CONFIG_INVALID with every problem and its place
 */
export const loadWorkflow = (file: string, text?: string): WorkflowDefinition => {
  const { value, where } = readDocument(file, text ?? textOf(file));
  const inner = 'definition' in value;
  const parsed = Written.safeParse(inner ? value.definition : value);
  if (parsed.success) return WorkflowDefinition.parse(parsed.data);
  const schema = z.toJSONSchema(WorkflowDefinition, { io: 'input' }) as SchemaNode;
  throw toConfigFault(parsed.error, {
    where: (path, key) => where(inner ? ['definition', ...path] : path, key),
    schema,
  });
};
