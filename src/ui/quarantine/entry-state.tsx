import { Archive, ArchiveRestore, CircleDashed, type LucideIcon, Trash2 } from 'lucide-react';
import type { QuarantineState } from '../data/quarantine';
import { Tag, type Tone } from '../parts/outcome';
import { quarantineTexts as texts } from '../texts/quarantine';

const LOOKS: Record<QuarantineState, { tone: Tone; Icon: LucideIcon }> = {
  held: { tone: 'warn', Icon: Archive },
  restoring: { tone: 'busy', Icon: CircleDashed },
  restored: { tone: 'good', Icon: ArchiveRestore },
  purged: { tone: 'calm', Icon: Trash2 },
};

/** Whether a file is in quarantine, or what became of it. */
export const EntryState = ({ state }: { state: QuarantineState }) => <Tag {...LOOKS[state]}>{texts.states[state]}</Tag>;
