import type { ReactNode } from 'react';
import { Section } from '../parts/section';
import { sectionTexts } from '../texts/workflow';
import type { FieldsProps } from './field';
import { Judging } from './judging';
import { Archives, Limits } from './limits';
import { Rules } from './rules';
import { Thresholds } from './thresholds';
import { TreatmentFields } from './treatment-fields';

export type SectionName = keyof typeof sectionTexts;

/** A part of the editor, which the outline leads to. */
const Part = ({ name, children }: { name: SectionName; children: ReactNode }) => (
  <div id={name} className="part">
    <Section title={sectionTexts[name]}>{children}</Section>
  </div>
);

/** Every choice of a workflow, with what it means; `passwords` stand among them. */
export const Fields = ({ passwords, ...props }: FieldsProps & { passwords: ReactNode }) => (
  <>
    <Part name="judging">
      <Judging {...props} />
    </Part>
    <Part name="lists">
      <Rules {...props} />
    </Part>
    <Part name="blockedFiles">
      <TreatmentFields {...props} verdict="blocked" />
    </Part>
    <Part name="allowedFiles">
      <TreatmentFields {...props} verdict="allowed" />
    </Part>
    <Part name="data">
      <Thresholds {...props} />
    </Part>
    <Part name="passwords">{passwords}</Part>
    <Part name="archives">
      <Archives {...props} />
    </Part>
    <Part name="limits">
      <Limits {...props} />
    </Part>
  </>
);
