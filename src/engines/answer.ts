import { z } from 'zod';
import { EngineAnswer } from '../core/findings';
import { Sensitive } from '../core/sensitive';
import { Severity, VulnerableComponent } from '../core/vulnerability';
import type { Answer, Definitions } from './contract';

/** Letters of a name or a reason that are kept: an engine may say whatever stands in the file. */
const LONGEST = 1_000;

const Words = z.string().transform((text) => text.slice(0, LONGEST));

/** What is a detection stays one, whatever else is wrong with it. */
const Said = z.discriminatedUnion('status', [
  z.object({ status: z.literal('clean'), looksInside: z.boolean().optional() }),
  z.object({
    status: z.literal('detected'),
    name: Words.catch('something without a name'),
    kind: EngineAnswer.shape.kind.unwrap().catch('Threat'),
    resultCode: z.number().optional().catch(undefined),
    severity: Severity.optional().catch(undefined),
    vulnerabilities: z.array(VulnerableComponent).optional().catch(undefined),
    sensitive: Sensitive.optional().catch(undefined),
  }),
  z.object({
    status: z.literal('skipped'),
    reason: Words.catch('it does not say why'),
    retry: z.literal(false).optional().catch(undefined),
  }),
  z.object({
    status: z.literal('failed'),
    reason: Words.catch('it does not say why'),
    retry: z.boolean().catch(true),
  }),
]);

/** What an engine said of a file, as far as it is an answer: an engine is a program of others. What is none is thrown. */
export const toAnswer = (said: unknown): Answer => {
  const { data } = Said.safeParse(said);
  if (data === undefined) throw new Error('what it answers is neither clean, detected, skipped nor failed');
  return data;
};

const SaidOfDefinitions = z.object({ version: z.string(), date: z.string().optional().catch(undefined) });

/** What an engine said that it knows; what says nothing is thrown. */
export const toDefinitions = (said: unknown): Definitions => {
  const { data } = SaidOfDefinitions.safeParse(said);
  if (data === undefined) throw new Error('it does not say what its definitions are');
  return data;
};
