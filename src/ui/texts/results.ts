import type { Detection, RESULTS, ResultCode, StatusFilter } from '../../core/result';

/** What a verdict is called, and what it means. */
export const statusTexts: Record<StatusFilter | 'InProgress', { label: string; about: string }> = {
  Allowed: { label: 'Allowed', about: 'Looked into, and nothing in it that the workflow blocks.' },
  Blocked: { label: 'Blocked', about: 'The workflow blocks what came out for it.' },
  Failed: { label: 'Failed', about: 'It could not be looked into, so it has no verdict.' },
  FailedRemediation: {
    label: 'Failed remediation',
    about: 'It was judged, but what should have been done with it afterwards did not succeed.',
  },
  Canceled: { label: 'Canceled', about: 'Its scan was ended before it was looked into.' },
  InProgress: { label: 'In progress', about: 'It waits for its turn or is being looked into.' },
};

export const detectionTexts: Record<Detection, { label: string; about: string }> = {
  Threat: { label: 'Threat', about: 'An engine knows it as malicious.' },
  Suspicious: { label: 'Suspicious', about: 'An engine is not sure, or it is unwanted.' },
  SensitiveData: { label: 'Sensitive data', about: 'It holds data that should not be here.' },
  Vulnerability: { label: 'Vulnerability', about: 'It is a program, or part of one, with a known weakness.' },
  Encrypted: { label: 'Encrypted', about: 'It cannot be read without its password.' },
  TypeMismatch: { label: 'Type mismatch', about: 'Its content is not what its name says.' },
  Unscannable: { label: 'Not scannable', about: 'Too large, too deep, or damaged.' },
  Sanitized: { label: 'Sanitized', about: 'What was dangerous in it was taken out.' },
};

/** The published names of the results. */
export const resultNames: typeof RESULTS = {
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
};

/** What each result means for the reader, in one sentence. */
export const resultTexts: Record<ResultCode, string> = {
  0: 'Those engines that looked into it found nothing.',
  1: 'At least one engine found a threat in it.',
  2: 'An engine found it suspicious.',
  3: 'It could not be looked into.',
  7: 'It is on the list of what is allowed, whatever engines say.',
  8: 'It is on the list of what is blocked.',
  9: 'It holds archives in archives, deeper than the limit.',
  10: 'No engine looked into it, so nothing is known about it.',
  12: 'It is an archive that cannot be opened without its password, so nothing is known about what is in it.',
  13: 'What is in it is larger than the limit.',
  14: 'It holds more files than the limit.',
  15: 'It is a document that cannot be opened without its password, so nothing is known about what is in it.',
  16: 'Taking it apart took longer than the limit.',
  17: 'Its content is not what its name says.',
  18: 'It has a known vulnerability.',
  19: 'It was not looked into, because its scan was ended.',
  20: 'It holds sensitive data.',
  22: 'It is not malicious, but probably not wanted.',
  23: 'No engine can look into files of this type.',
  24: 'It could not be taken apart, so nothing is known about what is in it.',
  31: 'Looking into it took longer than the limit.',
  48: 'What was dangerous in it was taken out.',
  60: 'It unpacks to far more than its size, as archives that are made to do harm do.',
  255: 'It waits for its turn or is being looked into.',
};
