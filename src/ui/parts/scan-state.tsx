import { CircleCheck, CirclePause, CirclePlay, CircleSlash, type LucideIcon, TriangleAlert } from 'lucide-react';
import type { Scan } from '../data/client';
import { reportTexts } from '../texts/report';
import { Tag, type Tone } from './outcome';

const LOOKS: Record<Scan['state'], { tone: Tone; Icon: LucideIcon }> = {
  running: { tone: 'busy', Icon: CirclePlay },
  paused: { tone: 'warn', Icon: CirclePause },
  finished: { tone: 'calm', Icon: CircleCheck },
  canceled: { tone: 'calm', Icon: CircleSlash },
  failed: { tone: 'warn', Icon: TriangleAlert },
};

/** The state of a scan or a rescan. */
export const ScanState = ({ scan }: { scan: { state: Scan['state'] } }) => (
  <Tag {...LOOKS[scan.state]}>{reportTexts.states[scan.state]}</Tag>
);
