import { Anchor, Button, Center, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link } from 'wouter';
import { useProgram } from '../data/program';
import type { Refusal } from '../data/refusal';
import { Refused } from '../parts/states';
import { firstRunTexts } from '../texts/first-run';
import { signInTexts as texts } from '../texts/shell';
import { words } from '../texts/words';
import { Brand } from './brand';

/** Asks who it is. The address stays, so that after it one is where the link led. */
export const SignIn = ({ because, fresh }: { because?: Refusal; fresh: boolean }) => {
  const { session } = useProgram();
  const [userName, setUserName] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useMutation({ mutationFn: () => session.signIn(userName, password) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate();
  };
  const error = signIn.error ?? because;

  return (
    <Center component="main" mih="100vh" p="md">
      <title>{`${texts.title} · ${words.product}`}</title>
      <Stack w={380} maw="100%">
        <Brand />
        <Paper component="form" p="xl" className="card" onSubmit={submit}>
          <Stack>
            <Title order={1}>{texts.title}</Title>
            {error && !signIn.isPending && <Refused error={error} />}
            <TextInput
              label={texts.userName}
              value={userName}
              onChange={(event) => setUserName(event.currentTarget.value)}
              autoComplete="username"
              required
              withAsterisk={false}
              data-autofocus
            />
            <PasswordInput
              label={texts.password}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              autoComplete="current-password"
              visibilityToggleButtonProps={{ 'aria-label': texts.show }}
              required
              withAsterisk={false}
            />
            <Button type="submit" loading={signIn.isPending}>
              {texts.submit}
            </Button>
          </Stack>
        </Paper>
        {fresh && (
          <Anchor component={Link} href="/setup" size="sm">
            {firstRunTexts.toSetup}
          </Anchor>
        )}
        <Text size="sm" c="dimmed">
          {texts.lost}
        </Text>
      </Stack>
    </Center>
  );
};
