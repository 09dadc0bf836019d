import { Center, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { Check } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { Brand } from '../shell/brand';
import { firstRunTexts as texts } from '../texts/first-run';
import { words } from '../texts/words';

export type Step = keyof typeof texts.steps;
const STEPS = Object.keys(texts.steps) as Step[];

interface FrameProps {
  step: Step;
  title: string;
  about: string;
  children: ReactNode;
  /** Below the card: another way. */
  aside?: ReactNode;
}

/** One step of the set-up, with how far one is. Its title takes the focus when the step comes. */
export const Frame = ({ step, title, about, children, aside }: FrameProps) => {
  const at = STEPS.indexOf(step);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <Center component="main" mih="100vh" p="md">
      <title>{`${texts.title} · ${words.product}`}</title>
      <Stack w={480} maw="100%">
        <Brand />
        <ol className="plain setup-steps" aria-label={texts.title}>
          {STEPS.map((name, i) => (
            <li key={name} aria-current={i === at ? 'step' : undefined} data-done={i < at || undefined}>
              <span className="setup-sign">{i < at ? <Check size={14} aria-label={texts.done} /> : i + 1}</span>
              {texts.steps[name]}
            </li>
          ))}
        </ol>
        <Paper p="xl" className="card">
          <Stack>
            <div>
              <Title order={1} ref={heading} tabIndex={-1} size="h2">
                {title}
              </Title>
              <Text size="sm" c="dimmed" mt={4}>
                {about}
              </Text>
            </div>
            {children}
          </Stack>
        </Paper>
        {aside && (
          <Group gap="md" className="small">
            {aside}
          </Group>
        )}
      </Stack>
    </Center>
  );
};
