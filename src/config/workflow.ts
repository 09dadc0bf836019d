import { z } from 'zod';
import { WorkflowDefinition } from '../core/workflow';
import { readDocument } from './document';
import { toConfigFault } from './problems';
import type { SchemaNode } from './schema';

/**
 * Reads a workflow from a YAML or JSON file: its definition, or one beside a name as the API has it.
 * @throws Fault CONFIG_INVALID with every problem and its place
 */
export const loadWorkflow = (file: string): WorkflowDefinition => {
  const { value, where } = readDocument(file);
  const inner = 'definition' in value;
  const parsed = WorkflowDefinition.safeParse(inner ? value.definition : value);
  if (parsed.success) return parsed.data;
  const schema = z.toJSONSchema(WorkflowDefinition, { io: 'input' }) as SchemaNode;
  throw toConfigFault(parsed.error, {
    where: (path, key) => where(inner ? ['definition', ...path] : path, key),
    schema,
  });
};
