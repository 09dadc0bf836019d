import { z } from '@hono/zod-openapi';
import { toRfc3339 } from '../core/clock';
import type { Processing } from '../core/file';
import { EngineAnswer } from '../core/findings';
import { Detection, FileState, RESULTS, Status } from '../core/result';
import { codeOfAnswer, isSlight, NO_THRESHOLDS, type Thresholds } from '../judge/answer';
import { answersOf } from './file-result';
import { WorkflowRef } from './file-shape';

const Engine = z.object({
  engId: z.string(),
  engineName: z.string(),
  status: EngineAnswer.shape.status,
  scanResultI: z.number().int(),
  threatFound: z.string(),
  reason: z.string().optional().openapi({ description: 'Why it skipped the file, or failed.' }),
  definitions: z.object({ version: z.string(), date: z.string().optional() }).optional(),
  scanTime: z.number(),
  answered: z.string().optional().openapi({
    description:
      'When it gave this answer, where that was to an earlier processing of the same content and is used again.',
  }),
});

/** One finished processing of a file: when, why, by which workflow, what came out, and who said so with which definitions. */
export const HistoryEntry = z
  .object({
    id: z.string(),
    reason: z.enum(['scan', 'realtime', 'rescan']),
    rescanId: z.string().optional(),
    workflow: WorkflowRef,
    queued: z.string(),
    started: z.string(),
    finished: z.string(),
    attempts: z.number().int(),
    state: FileState,
    status: Status.optional(),
    scanAllResultI: z.number().int(),
    scanAllResultA: z.string(),
    detections: z.array(Detection),
    explanation: z.string(),
    sha256: z.string().optional(),
    engines: z.array(Engine),
  })
  .openapi('HistoryEntry');

const toEngine = (answer: EngineAnswer, thresholds: Thresholds): z.infer<typeof Engine> => ({
  engId: answer.engineId,
  engineName: answer.engineName,
  status: answer.status,
  scanResultI: codeOfAnswer(answer, thresholds),
  threatFound: answer.status === 'detected' && !isSlight(answer, thresholds) ? (answer.name ?? '') : '',
  reason: answer.reason,
  definitions: answer.definitions,
  scanTime: answer.scanTime,
  answered: answer.answeredAt === undefined ? undefined : toRfc3339(answer.answeredAt),
});

/** @param workflow what it went through, at that revision */
export const toHistoryEntry = (
  processing: Processing,
  { workflowName, thresholds = NO_THRESHOLDS }: { workflowName: string; thresholds?: Thresholds },
): z.infer<typeof HistoryEntry> => {
  const { verdict, findings } = processing;
  return {
    id: processing.id,
    reason: processing.reason,
    rescanId: processing.rescanId,
    workflow: { id: processing.workflowId, name: workflowName, revision: processing.workflowRevision },
    queued: toRfc3339(processing.queuedAt),
    started: toRfc3339(findings.startedAt),
    finished: toRfc3339(findings.endedAt),
    attempts: processing.attempts,
    state: verdict.state,
    status: verdict.status,
    scanAllResultI: verdict.resultCode,
    scanAllResultA: RESULTS[verdict.resultCode],
    detections: verdict.detections,
    explanation: verdict.explanation,
    sha256: findings.content?.sha256,
    engines: answersOf(findings).map((answer) => toEngine(answer, thresholds)),
  };
};
