import { Lock } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Role } from '../../core/user';
import { useMay } from '../data/program';
import { shellTexts } from '../texts/shell';
import { words } from '../texts/words';
import { Empty } from './states';

/** A screen for one role and those above it; to others it says so, instead of offering what would be refused. */
export const Only = ({ whose, children }: { whose: Role; children: ReactNode }) =>
  useMay(whose) ? (
    children
  ) : (
    <Empty Icon={Lock} title={words.forbidden} whole>
      {words.forbiddenHint(shellTexts.roles[whose].toLowerCase())}
    </Empty>
  );
