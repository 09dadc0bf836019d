import { Button, Code, Group, PasswordInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { parseResponse } from 'hono/client';
import { type FormEvent, useState } from 'react';
import type { Role } from '../../core/user';
import { useAct } from '../data/act';
import { useProgram } from '../data/program';
import { Refused } from '../parts/states';
import { peopleTexts as texts } from '../texts/people';
import { shellTexts, signInTexts } from '../texts/shell';

export const ROLES = (['viewer', 'operator', 'admin'] as const).map((value) => ({
  value,
  label: `${shellTexts.roles[value]}: ${texts.roleAbout[value]}`,
}));

const RoleSelect = ({ value, change }: { value: Role; change: (role: Role) => void }) => (
  <Select
    label={texts.role}
    data={ROLES}
    value={value}
    onChange={(role) => role && change(role)}
    allowDeselect={false}
  />
);

/** The form for a new user. */
export const AddUser = () => {
  const { client } = useProgram();
  const [wish, setWish] = useState({ userName: '', password: '', role: 'viewer' as Role });
  const change = (part: Partial<typeof wish>) => setWish((old) => ({ ...old, ...part }));
  const add = useAct({
    run: () => parseResponse(client.user.$post({ json: wish })),
    done: ({ userName }) => texts.userAdded(userName),
    stale: () => [['users']],
    after: () => change({ userName: '', password: '' }),
    quiet: true,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(undefined);
  };
  return (
    <form onSubmit={submit}>
      <Stack maw={420} mt="md">
        <TextInput
          label={texts.userName}
          value={wish.userName}
          maxLength={64}
          required
          withAsterisk={false}
          autoComplete="off"
          onChange={({ currentTarget }) => change({ userName: currentTarget.value })}
        />
        <PasswordInput
          label={texts.password}
          description={texts.passwordHint}
          value={wish.password}
          minLength={8}
          required
          withAsterisk={false}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': signInTexts.show }}
          onChange={({ currentTarget }) => change({ password: currentTarget.value })}
        />
        <RoleSelect value={wish.role} change={(role) => change({ role })} />
        {add.error && <Refused error={add.error} />}
        <Group>
          <Button type="submit" loading={add.isPending}>
            {texts.addUser}
          </Button>
        </Group>
      </Stack>
    </form>
  );
};

/** The form for a new key, which it shows once. */
export const AddKey = () => {
  const { client } = useProgram();
  const [wish, setWish] = useState({ name: '', role: 'viewer' as Role });
  const add = useAct({
    run: () => parseResponse(client.apikey.$post({ json: wish })),
    stale: () => [['apikeys']],
    after: () => setWish((old) => ({ ...old, name: '' })),
    quiet: true,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(undefined);
  };
  return (
    <form onSubmit={submit}>
      <Stack maw={420} mt="md">
        <TextInput
          label={texts.keyName}
          value={wish.name}
          maxLength={100}
          required
          withAsterisk={false}
          onChange={({ currentTarget }) => setWish({ ...wish, name: currentTarget.value })}
        />
        <RoleSelect value={wish.role} change={(role) => setWish({ ...wish, role })} />
        {add.error && <Refused error={add.error} />}
        <Group>
          <Button type="submit" loading={add.isPending}>
            {texts.addKey}
          </Button>
        </Group>
        {add.data && (
          <div role="status">
            <Text size="sm" fw={600}>
              {texts.keyAdded}
            </Text>
            <Code block className="name">
              {add.data.key}
            </Code>
            <Text size="sm" c="dimmed">
              {texts.keyOnce}
            </Text>
          </div>
        )}
      </Stack>
    </form>
  );
};
