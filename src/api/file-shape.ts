import { z } from '@hono/zod-openapi';
import { Action, ActState } from '../core/remediation';
import { Detection, FileState, Status } from '../core/result';
import { Removed } from '../core/sanitized';
import { DlpInfo } from './dlp-info';
import { ExtractedFiles } from './member';
import { VulnerabilityInfo } from './vulnerability-info';

const EngineResult = z.object({
  engineName: z.string(),
  threatFound: z.string(),
  scanResultI: z.number().int(),
  defTime: z.string().openapi({ description: 'When its definitions were made; empty when the engine does not say.' }),
  scanTime: z.number(),
  engId: z.string(),
});

const ScanResults = z.object({
  scanDetails: z.array(EngineResult),
  dataId: z.string(),
  scanAllResultI: z.number().int(),
  scanAllResultA: z.string(),
  startTime: z.string(),
  totalTime: z.number(),
  totalAvs: z.number().int(),
  progressPercentage: z.number().int(),
});

const FileInfo = z.object({
  fileSize: z.number().int(),
  uploadTimestamp: z.string(),
  md5: z.string(),
  sha1: z.string(),
  sha256: z.string(),
  fileTypeDescription: z.string(),
  displayName: z.string(),
});

const ProcessInfo = z.object({
  postProcessing: z.object({
    actionsRan: z.string(),
    actionsFailed: z.string(),
    convertedTo: z.string(),
    copyMoveDestination: z.string(),
    convertedDestination: z.string(),
  }),
  progressPercentage: z.number().int(),
  userAgent: z.string(),
  profile: z.string(),
  result: z.string().openapi({ description: 'Allowed, Blocked, Processing, or empty when there is no verdict.' }),
  blockedReason: z.string(),
  fileTypeSkippedScan: z.boolean(),
  processingTime: z.number(),
  queueTime: z.number(),
});

/** What was done with a file, or is to be done. */
const Remediation = z.object({
  id: z.string().openapi({ description: 'Of what is in quarantine, also its id there.' }),
  action: Action,
  state: ActState.meta({
    description:
      '`begun` is under way; `skipped` was not done, because one before it failed, or because there was nothing to do.',
  }),
  storageId: z.string().optional().openapi({ description: 'Where it put the file, or a copy of it.' }),
  path: z.string().optional(),
  error: z.string().optional(),
  removed: z.array(Removed).optional().openapi({ description: 'What was taken out of a sanitized copy.' }),
  created: z.string(),
  ended: z.string().optional(),
});

const Location = z.object({
  is: z.enum(['moved', 'quarantined', 'deleted']),
  storageId: z.string().optional(),
  path: z.string().optional(),
  quarantineId: z.string().optional(),
});

export const WorkflowRef = z.object({ id: z.string(), name: z.string(), revision: z.number().int() });

/** The processing result of a file, as the published API has it; what is added stands at its end. */
export const FileResult = z
  .object({
    id: z.string(),
    storageType: z.number().int(),
    storageName: z.string(),
    scanId: z.string(),
    fileOwner: z.object({ userId: z.string() }),
    name: z.string(),
    path: z.string(),
    hash: z.string(),
    progress: z.object({ upload: z.number().int(), scan: z.number().int() }),
    size: z.number().int(),
    scanResult: z.object({
      scanResults: ScanResults,
      fileInfo: FileInfo,
      processInfo: ProcessInfo,
      dataId: z.string(),
      dlpInfo: DlpInfo,
      vulnerabilityInfo: VulnerabilityInfo,
      extractedFiles: ExtractedFiles.optional().openapi({ description: 'Of a file that was taken apart.' }),
    }),
    processingState: z.number().int().openapi({ description: '0 in progress, 1 failed or canceled, 2 available.' }),
    exceptionDetails: z.string().optional(),
    created: z.string(),
    uploadTimeSpanMs: z.number(),
    uploadCompleted: z.string(),
    engineVersions: z.array(z.object({ engine: z.string(), version: z.string() })),
    scanName: z.string(),
    state: FileState,
    status: Status.optional(),
    detections: z.array(Detection),
    workflow: WorkflowRef,
    rescanId: z.string().optional(),
    attempts: z.number().int(),
    remediation: z
      .array(Remediation)
      .openapi({ description: 'All that was done with it, and is to be done, in its order.' }),
    location: Location.optional().openapi({ description: 'Where it is, when that is not where it was found.' }),
  })
  .openapi('FileResult');
export type FileResult = z.infer<typeof FileResult>;
