import type { EngineAnswer } from '../core/findings';
import type { Detection, ResultCode } from '../core/result';
import { scoreOf } from '../core/sensitive';
import { compareSeverity } from '../core/vulnerability';
import type { WorkflowDefinition } from '../core/workflow';

/** The result that each kind of detection alone would give a file, and the Detection that it carries. */
export const RESULT_OF_KIND: {
  [kind in NonNullable<EngineAnswer['kind']>]: { code: ResultCode; detection?: Detection };
} = {
  Threat: { code: 1, detection: 'Threat' },
  Suspicious: { code: 2, detection: 'Suspicious' },
  PotentiallyUnwanted: { code: 22, detection: 'Suspicious' },
  Encrypted: { code: 12, detection: 'Encrypted' },
  Unscannable: { code: 10, detection: 'Unscannable' },
  Allowlisted: { code: 7 },
  Blocklisted: { code: 8, detection: 'Threat' },
  SensitiveData: { code: 20, detection: 'SensitiveData' },
  Vulnerability: { code: 18, detection: 'Vulnerability' },
};

/** The results by which an engine may say what kept it from looking; any other would be a verdict. */
const UNSEEN: ResultCode[] = [9, 10, 12, 13, 14, 15, 16, 23, 24, 31, 60];

/** From where on what was found counts, as the workflow says. */
export type Thresholds = Pick<WorkflowDefinition, 'sensitiveDataThreshold' | 'vulnerabilityThreshold'>;

/** All that was found counts. */
export const NO_THRESHOLDS: Thresholds = { sensitiveDataThreshold: 0, vulnerabilityThreshold: 'any' };

/** Whether what was found is below what the workflow lets count: it is reported, and nothing more. */
export const isSlight = (
  { kind, severity, sensitive }: EngineAnswer,
  { sensitiveDataThreshold, vulnerabilityThreshold }: Thresholds,
): boolean => {
  if (kind === 'Vulnerability') {
    return vulnerabilityThreshold !== 'any' && compareSeverity(severity, vulnerabilityThreshold) < 0;
  }
  return kind === 'SensitiveData' && sensitive !== undefined && scoreOf(sensitive) < sensitiveDataThreshold;
};

const CODES = { clean: 0, skipped: 10, failed: 3 } as const satisfies { [status: string]: ResultCode };

/** The result code of one engine's answer by itself (`scanResultI`). @param thresholds of the workflow */
export const codeOfAnswer = (answer: EngineAnswer, thresholds = NO_THRESHOLDS): ResultCode => {
  const { status, kind = 'Threat', resultCode } = answer;
  if (isSlight(answer, thresholds)) return CODES[answer.sensitive?.unread?.status ?? 'clean'];
  switch (status) {
    case 'clean':
    case 'skipped':
    case 'failed':
      return CODES[status];
    case 'detected':
      return (
        (['Unscannable', 'Encrypted'].includes(kind) && UNSEEN.find((code) => code === resultCode)) ||
        RESULT_OF_KIND[kind].code
      );
  }
};
