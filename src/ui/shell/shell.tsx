import { AppShell, Burger, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ReactNode, useEffect } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { useLocation } from 'wouter';
import { Broken } from '../parts/broken';
import { shellTexts as texts } from '../texts/shell';
import { Brand } from './brand';
import { Navigation } from './navigation';
import { Offline } from './offline';

/** What is around each screen: the way to the others, who one is, and whether what is shown is live. */
export const Shell = ({ children }: { children: ReactNode }) => {
  const [open, { toggle, close }] = useDisclosure();
  const [path] = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: on a phone the menu covers the screen that was chosen in it.
  useEffect(close, [path]);

  return (
    <AppShell
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !open } }}
      header={{ height: { base: 52, sm: 0 } }}
      padding={{ base: 'md', sm: 'xl' }}
    >
      <a href="#content" className="skip">
        {texts.skip}
      </a>
      <AppShell.Header hiddenFrom="sm">
        <Group h="100%" px="md" justify="space-between">
          <Brand />
          <Burger opened={open} onClick={toggle} size="sm" aria-label={texts.menu} aria-expanded={open} />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="md">
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1} maw={1500}>
        <Offline />
        <ErrorBoundary fallbackRender={Broken} resetKeys={[path]}>
          {children}
        </ErrorBoundary>
      </AppShell.Main>
    </AppShell>
  );
};
