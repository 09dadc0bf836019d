import { Anchor, Button, PasswordInput, Stack, Text } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useAct } from '../data/act';
import { useProgram } from '../data/program';
import { isRefusal } from '../data/refusal';
import { Refused } from '../parts/states';
import { firstRunTexts as texts } from '../texts/first-run';
import { signInTexts } from '../texts/shell';
import { Frame } from './frame';

/** The first step: who has seen what Assay printed on its host chooses the password of the first user. */
export const ChoosePassword = ({ userName }: { userName: string }) => {
  const { session } = useProgram();
  const [, go] = useLocation();
  const [printed, setPrinted] = useState('');
  const [own, setOwn] = useState('');
  const choose = useAct({
    run: () => {
      // The address of the next step, before the sign-in brings up the screen that it names.
      go('/setup', { replace: true });
      return session.choosePassword(userName, printed.trim(), own);
    },
    quiet: true,
  });
  const isWrong = isRefusal(choose.error) && choose.error.key === 'SIGN_IN_FAILED';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    choose.mutate(undefined);
  };
  const field = {
    required: true,
    withAsterisk: false,
    maxLength: 1024,
    visibilityToggleButtonProps: { 'aria-label': signInTexts.show },
  };
  return (
    <Frame
      step="password"
      title={texts.passwordTitle}
      about={texts.passwordAbout(userName)}
      aside={
        <>
          <Anchor component={Link} href="/signin" size="sm">
            {texts.signIn}
          </Anchor>
          <Text size="sm" c="dimmed">
            {texts.lost(userName)}
          </Text>
        </>
      }
    >
      <form onSubmit={submit}>
        <Stack>
          {choose.error && !isWrong && <Refused error={choose.error} />}
          <input type="text" name="username" autoComplete="username" value={userName} readOnly hidden />
          <PasswordInput
            {...field}
            label={texts.printed}
            description={texts.printedHint}
            value={printed}
            error={isWrong && texts.notPrinted}
            autoComplete="off"
            onChange={({ currentTarget }) => setPrinted(currentTarget.value)}
          />
          <PasswordInput
            {...field}
            label={texts.own}
            description={texts.ownHint}
            value={own}
            minLength={8}
            autoComplete="new-password"
            onChange={({ currentTarget }) => setOwn(currentTarget.value)}
          />
          <Button type="submit" loading={choose.isPending}>
            {texts.choose}
          </Button>
        </Stack>
      </form>
    </Frame>
  );
};
