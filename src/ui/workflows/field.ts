import { type Fact, factTexts } from '../texts/workflow';
import type { Definition } from './definition';

/** What each group of fields gets. */
export interface FieldsProps {
  value: Definition;
  change: (part: Partial<Definition>) => void;
  readOnly: boolean;
}

/** What stands above a field: its name, and what the choice means. */
export const head = (fact: Fact) => ({ label: factTexts[fact].label, description: factTexts[fact].about });
