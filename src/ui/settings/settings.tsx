import { Button, Group, PasswordInput, SegmentedControl, Stack, Text, useMantineColorScheme } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useAct } from '../data/act';
import { useProgram } from '../data/program';
import { useHealth } from '../data/setup';
import { Facts } from '../parts/facts';
import { PageHead } from '../parts/page-head';
import { Section } from '../parts/section';
import { Refused } from '../parts/states';
import { useTimes } from '../parts/times';
import { settingsTexts as texts } from '../texts/people';
import { signInTexts } from '../texts/shell';

const Appearance = () => {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Section title={texts.look}>
      <SegmentedControl
        aria-label={texts.look}
        value={colorScheme}
        onChange={(value) => setColorScheme(value as typeof colorScheme)}
        data={Object.entries(texts.schemes).map(([value, label]) => ({ value, label }))}
      />
    </Section>
  );
};

const Clock = () => {
  const { clock, choose } = useTimes();
  return (
    <Section title={texts.clock}>
      <SegmentedControl
        aria-label={texts.clock}
        value={clock}
        onChange={(value) => choose(value as typeof clock)}
        data={Object.entries(texts.clocks).map(([value, label]) => ({ value, label }))}
      />
    </Section>
  );
};

const Password = () => {
  const { session } = useProgram();
  const [old, setOld] = useState('');
  const [next, setNext] = useState('');
  const change = useAct({
    run: () => session.changePassword(old, next),
    done: () => texts.changed,
    after: () => {
      setOld('');
      setNext('');
    },
    quiet: true,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(undefined);
  };
  const field = {
    required: true,
    withAsterisk: false,
    visibilityToggleButtonProps: { 'aria-label': signInTexts.show },
  };
  return (
    <Section title={texts.password}>
      <form onSubmit={submit}>
        <Stack maw={380}>
          <Text size="sm" c="dimmed">
            {texts.passwordAbout}
          </Text>
          <PasswordInput
            {...field}
            label={texts.old}
            value={old}
            autoComplete="current-password"
            onChange={({ currentTarget }) => setOld(currentTarget.value)}
          />
          <PasswordInput
            {...field}
            label={texts.new}
            value={next}
            minLength={8}
            autoComplete="new-password"
            onChange={({ currentTarget }) => setNext(currentTarget.value)}
          />
          {change.error && <Refused error={change.error} />}
          <Group>
            <Button type="submit" loading={change.isPending}>
              {texts.change}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
};

/** What each reader sets for themselves. */
export const Settings = () => (
  <>
    <PageHead title={texts.title} about={texts.about} />
    <div className="sections">
      <Appearance />
      <Clock />
      <Password />
      <Section title={texts.program}>
        <Facts facts={[[texts.version, useHealth().data?.version]]} />
      </Section>
    </div>
  </>
);
