import { Anchor, Button, Stack, TextInput } from '@mantine/core';
import { parseResponse } from 'hono/client';
import { type FormEvent, useState } from 'react';
import { Link } from 'wouter';
import { useAct } from '../data/act';
import { useProgram } from '../data/program';
import { Refused } from '../parts/states';
import { firstRunTexts as texts } from '../texts/first-run';
import { Frame } from './frame';

/** The second step: a folder, tried before it is gone on. */
export const FirstStorage = () => {
  const { client } = useProgram();
  const [wish, setWish] = useState({ name: '', path: '' });
  const add = useAct({
    run: async () => {
      const json = { name: wish.name.trim(), options: { kind: 'local' as const, path: wish.path.trim() } };
      const { id } = await parseResponse(client.storage.$post({ json }));
      const param = { id };
      try {
        await parseResponse(client.storage[':id'].test.$post({ param }));
      } catch (error) {
        // What cannot be reached is no first storage; another attempt adds it anew.
        await parseResponse(client.storage[':id'].$delete({ param }));
        throw error;
      }
    },
    stale: () => [['storages'], ['overview']],
    quiet: true,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(undefined);
  };
  const field = { required: true, withAsterisk: false } as const;
  return (
    <Frame
      step="storage"
      title={texts.storageTitle}
      about={texts.storageAbout}
      aside={
        <Anchor component={Link} href="/" size="sm">
          {texts.skip}
        </Anchor>
      }
    >
      <form onSubmit={submit}>
        <Stack>
          {add.error && !add.isPending && <Refused error={add.error} />}
          <TextInput
            {...field}
            label={texts.path}
            description={texts.pathHint}
            value={wish.path}
            maxLength={4096}
            onChange={({ currentTarget }) => setWish({ ...wish, path: currentTarget.value })}
          />
          <TextInput
            {...field}
            label={texts.name}
            value={wish.name}
            maxLength={200}
            onChange={({ currentTarget }) => setWish({ ...wish, name: currentTarget.value })}
          />
          <Button type="submit" loading={add.isPending}>
            {texts.add}
          </Button>
        </Stack>
      </form>
    </Frame>
  );
};
