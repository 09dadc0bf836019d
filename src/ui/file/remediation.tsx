import { Section } from '../parts/section';
import { remediationTexts as texts } from '../texts/remediation';
import { ActLine } from './act';
import type { Act } from './acts';

/** What followed from the latest verdict. */
export const Remediation = ({ acts, storageName }: { acts: Act[]; storageName: string }) => (
  <Section title={texts.title}>
    <ul className="plain acts">
      {acts.map((act) => (
        <ActLine key={act.id} act={act} storageName={storageName} />
      ))}
    </ul>
  </Section>
);
