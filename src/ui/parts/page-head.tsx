import { Anchor, Group, Text, Title } from '@mantine/core';
import { ChevronRight } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { words } from '../texts/words';

interface PageHeadProps {
  title: ReactNode;
  /** The page's title in the browser, where `title` is more than text. */
  plain?: string;
  /** Where the reader comes from. */
  crumbs?: { label: string; href: string }[];
  about?: ReactNode;
  /** What can be done here. */
  children?: ReactNode;
}

/** The head of a screen. Its title takes the focus when the screen opens, so that a screen reader says where one is. */
export const PageHead = ({ title, plain, crumbs = [], about, children }: PageHeadProps) => {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <header className="page-head">
      <title>{`${plain ?? String(title)} · ${words.product}`}</title>
      {crumbs.length > 0 && (
        <Group component="nav" gap={4} aria-label="Breadcrumbs" className="crumbs">
          {crumbs.map(({ label, href }) => (
            <Group gap={4} key={href}>
              <Anchor component={Link} href={href} size="sm">
                {label}
              </Anchor>
              <ChevronRight size={14} aria-hidden className="dim" />
            </Group>
          ))}
        </Group>
      )}
      <Group justify="space-between" align="flex-start" gap="md">
        <div className="page-title">
          <Title order={1} ref={heading} tabIndex={-1}>
            {title}
          </Title>
          {about && (
            <Text c="dimmed" size="sm" component="div" mt={2}>
              {about}
            </Text>
          )}
        </div>
        <Group gap="xs">{children}</Group>
      </Group>
    </header>
  );
};
