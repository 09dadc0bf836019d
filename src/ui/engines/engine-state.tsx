import { CircleCheck, CircleDashed, type LucideIcon, TriangleAlert } from 'lucide-react';
import type { Engine } from '../data/client';
import { Tag, type Tone } from '../parts/outcome';
import { engineTexts as texts } from '../texts/setup';

const LOOKS: Record<Engine['state'], { tone: Tone; Icon: LucideIcon }> = {
  starting: { tone: 'busy', Icon: CircleDashed },
  ready: { tone: 'good', Icon: CircleCheck },
  failing: { tone: 'warn', Icon: TriangleAlert },
};

export const EngineState = ({ engine: { state } }: { engine: Engine }) => (
  <Tag {...LOOKS[state]}>{texts.states[state]}</Tag>
);
