import type { Detection, StatusFilter } from '../../core/result';

/** Which files of a report are shown, as the API takes it; it lives in the address, so that a link says it too. */
export interface Filter {
  status?: StatusFilter[];
  /** A file must have all of them. */
  detection?: Detection[];
  /** The workflow of the latest processing. */
  workflowId?: string;
  /** When the latest processing ended, RFC 3339. */
  from?: string;
  to?: string;
  search?: string;
}

const STATUSES: StatusFilter[] = ['Allowed', 'Blocked', 'Failed', 'FailedRemediation', 'Canceled'];
const DETECTIONS: Detection[] = [
  'Threat',
  'Suspicious',
  'SensitiveData',
  'Vulnerability',
  'Encrypted',
  'TypeMismatch',
  'Unscannable',
  'Sanitized',
];
export const filterChoices = { statuses: STATUSES, detections: DETECTIONS };

const timeOf = (text: string | null): string | undefined => {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
};

/** Reads a filter out of an address; what makes no sense there is left out. */
export const readFilter = (params: URLSearchParams): Filter => {
  const known = <T extends string>(name: string, choices: T[]): T[] | undefined => {
    const chosen = choices.filter((choice) => params.getAll(name).includes(choice));
    return chosen.length > 0 ? chosen : undefined;
  };
  const filter: Filter = {
    status: known('status', STATUSES),
    detection: known('detection', DETECTIONS),
    workflowId: params.get('workflowId') ?? undefined,
    from: timeOf(params.get('from')),
    to: timeOf(params.get('to')),
    search: params.get('search') ?? undefined,
  };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined && value !== ''));
};

/** The address of a filter. */
export const writeFilter = (filter: Filter): URLSearchParams => {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one) params.append(name, one);
  }
  return params;
};

/** The address of a report's files that a filter takes. */
export const reportAddress = (scanId: string, filter: Filter = {}): string => {
  const query = writeFilter(filter).toString();
  return `/reports/${scanId}${query ? `?${query}` : ''}`;
};

/** With one choice more, or one less where it was there. */
export const toggled = <T>(chosen: T[] | undefined, one: T): T[] =>
  chosen?.includes(one) ? chosen.filter((other) => other !== one) : [...(chosen ?? []), one];
