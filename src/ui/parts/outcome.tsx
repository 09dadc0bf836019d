import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleSlash,
  FileWarning,
  type LucideIcon,
  ShieldAlert,
  TriangleAlert,
} from 'lucide-react';
import type { Detection, FileState, Status, StatusFilter } from '../../core/result';
import { detectionTexts, statusTexts } from '../texts/results';

export type Tone = 'good' | 'bad' | 'warn' | 'calm' | 'busy';

interface Look {
  tone: Tone;
  Icon: LucideIcon;
}

export const looks: Record<StatusFilter | 'InProgress', Look> = {
  Allowed: { tone: 'good', Icon: CircleCheck },
  Blocked: { tone: 'bad', Icon: Ban },
  Failed: { tone: 'warn', Icon: TriangleAlert },
  FailedRemediation: { tone: 'warn', Icon: FileWarning },
  Canceled: { tone: 'calm', Icon: CircleSlash },
  InProgress: { tone: 'busy', Icon: CircleDashed },
};

/** The one word that a file's outcome is listed under. */
export const kindOf = ({ state, status }: { state: FileState; status?: Status }): StatusFilter | 'InProgress' =>
  state === 'Available' ? (status ?? 'Failed') : state;

const RESULT_TONES: Record<number, Tone> = {
  0: 'good',
  1: 'bad',
  2: 'bad',
  7: 'good',
  8: 'bad',
  19: 'calm',
  22: 'bad',
  48: 'good',
  255: 'busy',
};

/** The colour of a result code; what could not be looked into is a warning. */
export const toneOfResult = (code: number): Tone => RESULT_TONES[code] ?? 'warn';

/** A word with its colour and its sign: none of them says it alone. */
export const Tag = ({ tone, Icon, children }: Partial<Look> & { children: React.ReactNode }) => (
  <span className="tag" data-tone={tone ?? 'calm'}>
    {Icon && <Icon size={14} aria-hidden />}
    <span>{children}</span>
  </span>
);

/** What came out for a file. */
export const Outcome = ({ file }: { file: { state: FileState; status?: Status } }) => {
  const kind = kindOf(file);
  const label = statusTexts[kind].label;
  const judged = kind === 'FailedRemediation' && file.status ? `${file.status}, ${label.toLowerCase()}` : label;
  return <Tag {...looks[kind]}>{judged}</Tag>;
};

const DETECTION_TONES: Partial<Record<Detection, Tone>> = { Threat: 'bad', Suspicious: 'bad', Sanitized: 'good' };

export const Detections = ({ detections }: { detections: Detection[] }) => (
  <span className="tags">
    {detections.map((detection) => (
      <Tag key={detection} tone={DETECTION_TONES[detection] ?? 'warn'} Icon={ShieldAlert}>
        {detectionTexts[detection].label}
      </Tag>
    ))}
  </span>
);
