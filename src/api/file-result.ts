import { toRfc3339 } from '../core/clock';
import { type Due, type FileRecord, nameOf, type Processing, type Verdict } from '../core/file';
import type { EngineAnswer, Findings } from '../core/findings';
import type { Member } from '../core/member';
import type { Location, Remedied } from '../core/remediation';
import { type FileState, RESULTS } from '../core/result';
import type { Scan } from '../core/scan';
import { worstOf } from '../core/worst';
import { codeOfAnswer, isSlight, NO_THRESHOLDS, type Thresholds } from '../judge/answer';
import { toDlpInfo } from './dlp-info';
import type { FileResult } from './file-shape';
import { toArchiveMember } from './member';
import { toVulnerabilityInfo } from './vulnerability-info';

/** What the result of a file is put together from. */
export interface FileParts {
  file: FileRecord;
  scan: Scan;
  /** The name of the workflow that it went, or goes, through. */
  workflowName: string;
  /** From how high a score on sensitive data counts as found, by the workflow; without it any does. */
  thresholds?: Thresholds;
  /** The latest finished processing; left out of account while one is due. */
  processing?: Processing;
  /** The first of what lies in it, by that processing. */
  members?: Member[];
  /** The processing that is due. */
  due?: Due;
  /** All that was done with it, and is to be done. */
  remediation?: Remedied[];
}

const STATES: Record<FileState, number> = { InProgress: 0, Failed: 1, Canceled: 1, Available: 2, FailedRemediation: 2 };

const toDefTime = (date: string | undefined): string => {
  const at = Date.parse(date ?? '');
  return Number.isNaN(at) ? '' : toRfc3339(at);
};

const toEngineResult = (answer: EngineAnswer, thresholds: Thresholds) => ({
  engineName: answer.engineName,
  threatFound: answer.status === 'detected' && !isSlight(answer, thresholds) ? (answer.name ?? '') : '',
  scanResultI: codeOfAnswer(answer, thresholds),
  defTime: toDefTime(answer.definitions?.date),
  scanTime: answer.scanTime,
  engId: answer.engineId,
});

const toEngineVersion = ({ engineName, definitions }: EngineAnswer) =>
  definitions ? [{ engine: engineName, version: definitions.version }] : [];

/** What each engine said, about the file or about what lies in it, whichever is worse. */
export const answersOf = ({ answers, inside }: Findings): EngineAnswer[] =>
  inside === undefined ? answers : worstOf(answers, inside.answers);

/** A processing that has not ended, in the shape of one that has. */
const toUnfinished = ({ file, scan, due }: FileParts): Processing => {
  const queuedAt = due?.queuedAt ?? file.createdAt;
  return {
    id: due?.processingId ?? '',
    fileId: file.id,
    reason: due?.reason ?? 'scan',
    rescanId: due?.reason === 'rescan' ? due.runId : undefined,
    workflowId: due?.workflowId ?? scan.workflowId,
    workflowRevision: due?.workflowRevision ?? scan.workflowRevision,
    attempts: due?.attempts ?? 0,
    queuedAt,
    verdict: { resultCode: 255, state: 'InProgress', detections: [], explanation: '' },
    findings: { answers: [], startedAt: queuedAt, endedAt: queuedAt },
  };
};

/** The processing that a file's result speaks of: the one that is due, or else the latest that ended. */
const currentOf = (parts: FileParts): Processing =>
  parts.due || !parts.processing ? toUnfinished(parts) : parts.processing;

const toRemediation = ({ id, action, state, destination, error, removed, createdAt, endedAt }: Remedied) => ({
  id,
  action,
  state,
  storageId: destination?.storageId,
  path: destination?.place.path,
  error,
  removed,
  created: toRfc3339(createdAt),
  ended: endedAt === undefined ? undefined : toRfc3339(endedAt),
});

const toLocation = (location: Location) => ({
  is: location.is,
  storageId: location.is === 'moved' ? location.storageId : undefined,
  path: location.is === 'moved' ? location.place.path : undefined,
  quarantineId: location.is === 'quarantined' ? location.id : undefined,
});

const endingOf = (name: string): string => /\.([^./]+)$/.exec(name)?.[1] ?? '';

/** `actionsRan` and the like of the published API (the second seed): the names of acts, separated by "|". */
const postProcessingOf = (acts: Remedied[]) => {
  const inState = (state: Remedied['state']) => acts.filter((act) => act.state === state).map(({ action }) => action);
  const isSanitized = inState('done').includes('sanitize');
  const last = acts.findLast(
    ({ action, state }) => state === 'done' && (action === 'sanitize' || action === 'replace'),
  );
  const copy = isSanitized ? (last?.destination?.place.path ?? '') : '';
  return {
    actionsRan: inState('done')
      .map((action) => (action === 'sanitize' ? 'Sanitized' : action))
      .join(' | '),
    actionsFailed: inState('failed')
      .map((action) => (action === 'sanitize' ? 'Sanitization Failed' : `${action} failed`))
      .join(' | '),
    convertedTo: endingOf(copy),
    copyMoveDestination: '',
    convertedDestination: copy,
  };
};

/** Why there is no result, or why what was to follow from it failed. */
const exceptionOf = ({ state, explanation, resultCode }: Verdict, acts: Remedied[]): string | undefined => {
  if (state === 'FailedRemediation')
    return acts.findLast((act) => act.state === 'failed')?.error ?? RESULTS[resultCode];
  return state === 'Failed' || state === 'Canceled' ? explanation || RESULTS[resultCode] : undefined;
};

/** The result of a file in the published shape, complete also while the file is in progress. */
export const toFileResult = (parts: FileParts): FileResult => {
  const { file, scan, workflowName, remediation = [], thresholds = NO_THRESHOLDS } = parts;
  const processing = currentOf(parts);
  const { verdict, findings } = processing;
  const { content, inside, startedAt, endedAt } = findings;
  const answers = answersOf(findings);
  const percent = verdict.state === 'InProgress' ? 0 : 100;
  const name = nameOf(file.path);
  const queueTime = Math.max(0, startedAt - processing.queuedAt);
  const blocked = verdict.status === 'Blocked';

  return {
    id: file.id,
    storageType: scan.storageType,
    storageName: scan.storageName,
    scanId: scan.id,
    fileOwner: { userId: '' },
    name,
    path: file.path,
    hash: file.hash ?? content?.md5 ?? '',
    progress: { upload: percent, scan: percent },
    size: file.size,
    scanResult: {
      scanResults: {
        scanDetails: answers.map((answer) => toEngineResult(answer, thresholds)),
        dataId: processing.id,
        scanAllResultI: verdict.resultCode,
        scanAllResultA: RESULTS[verdict.resultCode],
        startTime: toRfc3339(startedAt),
        totalTime: endedAt - startedAt,
        totalAvs: answers.length,
        progressPercentage: percent,
      },
      fileInfo: {
        fileSize: content?.size ?? file.size,
        uploadTimestamp: toRfc3339(startedAt),
        md5: content?.md5 ?? '',
        sha1: content?.sha1 ?? '',
        sha256: content?.sha256 ?? '',
        fileTypeDescription: content?.type.description ?? '',
        displayName: name,
      },
      processInfo: {
        postProcessing: postProcessingOf(remediation),
        progressPercentage: percent,
        userAgent: 'assay',
        profile: workflowName,
        result: percent < 100 ? 'Processing' : (verdict.status ?? ''),
        blockedReason: blocked ? verdict.explanation || RESULTS[verdict.resultCode] : '',
        fileTypeSkippedScan: false,
        processingTime: endedAt - startedAt,
        queueTime,
      },
      dataId: processing.id,
      dlpInfo: toDlpInfo(findings, thresholds.sensitiveDataThreshold),
      vulnerabilityInfo: toVulnerabilityInfo(findings),
      extractedFiles: inside && {
        filesExtractedCount: inside.members,
        filesInArchive: (parts.members ?? []).map(toArchiveMember),
      },
    },
    processingState: STATES[verdict.state],
    exceptionDetails: exceptionOf(verdict, remediation),
    created: toRfc3339(processing.queuedAt),
    uploadTimeSpanMs: queueTime,
    uploadCompleted: toRfc3339(startedAt),
    engineVersions: answers.flatMap(toEngineVersion),
    scanName: scan.name,
    state: verdict.state,
    status: verdict.status,
    detections: verdict.detections,
    workflow: { id: processing.workflowId, name: workflowName, revision: processing.workflowRevision },
    rescanId: processing.rescanId,
    attempts: processing.attempts,
    remediation: remediation.map(toRemediation),
    location: file.location && toLocation(file.location),
  };
};
