import { z } from 'zod';

/** The result codes of a file (`scanAllResultI`) with their texts (`scanAllResultA`), from contract.md. */
export const RESULTS = {
  0: 'No Threat Detected',
  1: 'Infected',
  2: 'Suspicious',
  3: 'Failed',
  7: 'Allowlisted',
  8: 'Blocklisted',
  9: 'Exceeded Archive Depth',
  10: 'Not Scanned',
  12: 'Encrypted Archive',
  13: 'Exceeded Archive Size',
  14: 'Exceeded Archive File Number',
  15: 'Password Protected Document',
  16: 'Exceeded Archive Timeout',
  17: 'Mismatch',
  18: 'Potentially Vulnerable File',
  19: 'Cancelled',
  20: 'Sensitive Data Found',
  22: 'Potentially Unwanted',
  23: 'Unsupported File Type',
  24: 'Extraction Failed',
  31: 'Global Timeout Exceeded',
  48: 'Sanitized',
  60: 'Exceeded Archive Expansion Factor',
  255: 'In Progress',
} as const;

export type ResultCode = keyof typeof RESULTS;

export const ResultCode = z
  .number()
  .int()
  .refine((n): n is ResultCode => n in RESULTS, 'not a result code');

/** What a finished file may carry; a rescan can be filtered by them. Their order is their bit in the store: only ever append. */
export const DETECTIONS = [
  'Threat',
  'Suspicious',
  'SensitiveData',
  'Vulnerability',
  'Encrypted',
  'TypeMismatch',
  'Unscannable',
  'Sanitized',
] as const;
export const Detection = z.enum(DETECTIONS);
export type Detection = z.infer<typeof Detection>;

/** Detections as a bit set, the way the store keeps them. */
export const detectionBits = (detections: Iterable<Detection>): number => {
  let bits = 0;
  for (const detection of detections) bits |= 1 << DETECTIONS.indexOf(detection);
  return bits;
};

export const detectionsOf = (bits: number): Detection[] => DETECTIONS.filter((_, bit) => bits & (1 << bit));

export const FileState = z.enum(['InProgress', 'Available', 'Failed', 'Canceled', 'FailedRemediation']);
export type FileState = z.infer<typeof FileState>;

/** A verdict in one word; a file that failed or was canceled has none. */
export const Status = z.enum(['Allowed', 'Blocked']);
export type Status = z.infer<typeof Status>;

/** The statuses that a list or a rescan can be filtered by. */
export const StatusFilter = z.enum(['Allowed', 'Blocked', 'Failed', 'FailedRemediation', 'Canceled']);
export type StatusFilter = z.infer<typeof StatusFilter>;

/** How a file came out, in a word for people; that its remediation failed is told beside its verdict. */
export const statusWords = ({ state, status }: { state: FileState; status?: Status }): string =>
  state === 'FailedRemediation' && status !== undefined ? `${status}, ${state}` : (status ?? state);

/** Why a file came out so, in words for people; empty when there is nothing to explain. */
export const whyWords = (file: { state: FileState; blockedReason?: string; exceptionDetails?: string }): string => {
  const { state, blockedReason, exceptionDetails } = file;
  if (state !== 'FailedRemediation' || exceptionDetails === undefined) return blockedReason ?? exceptionDetails ?? '';
  return `${blockedReason === undefined ? '' : `${blockedReason} `}Its remediation failed: ${exceptionDetails}`;
};
