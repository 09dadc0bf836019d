import type { EngineAnswer } from '../core/findings';
import { type Detection, RESULTS, type ResultCode } from '../core/result';
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

const isResult = (code: number | undefined): code is ResultCode => code !== undefined && code in RESULTS;

/** Whether what was found is below what the workflow lets count: it is reported, and nothing more. */
export const isSlight = (
  { kind, severity }: EngineAnswer,
  { vulnerabilityThreshold: threshold }: Pick<WorkflowDefinition, 'vulnerabilityThreshold'>,
): boolean => kind === 'Vulnerability' && threshold !== 'any' && compareSeverity(severity, threshold) < 0;

/** The result code of one engine's answer by itself (`scanResultI`). */
export const codeOfAnswer = ({ status, kind = 'Threat', resultCode }: EngineAnswer): ResultCode => {
  switch (status) {
    case 'clean':
      return 0;
    case 'skipped':
      return 10;
    case 'failed':
      return 3;
    case 'detected':
      return ['Unscannable', 'Encrypted'].includes(kind) && isResult(resultCode)
        ? resultCode
        : RESULT_OF_KIND[kind].code;
  }
};
