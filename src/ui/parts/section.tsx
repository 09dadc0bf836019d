import { Group, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';

interface SectionProps {
  title: ReactNode;
  /** Beside the title: what can be done here, or how much there is. */
  aside?: ReactNode;
  /** For what brings its own edges, such as a table. */
  flush?: boolean;
  children: ReactNode;
}

/** A part of a screen with its heading. */
export const Section = ({ title, aside, flush = false, children }: SectionProps) => {
  const id = useId();
  return (
    <section className="card section" aria-labelledby={id} data-flush={flush || undefined}>
      <Group justify="space-between" gap="sm" className="section-head">
        <Title order={2} id={id}>
          {title}
        </Title>
        {aside}
      </Group>
      {children}
    </section>
  );
};
