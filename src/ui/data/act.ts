import { notifications } from '@mantine/notifications';
import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { words } from '../texts/words';
import { isRefusal } from './refusal';

interface ActOptions<In, Out> {
  run: (input: In) => Promise<Out>;
  /** What to tell the reader when it is done. */
  done?: (out: Out, input: In) => ReactNode;
  /** What has to be read again afterwards. */
  stale?: (input: In) => QueryKey[];
  after?: (out: Out, input: In) => void;
  /** Says a refusal where it was caused, instead of in a corner. */
  quiet?: boolean;
}

const tellRefusal = (error: unknown) => {
  const hint = isRefusal(error) ? error.hint : undefined;
  const message = error instanceof Error ? error.message : words.failed;
  notifications.show({ color: 'red', title: message, message: hint ?? '', autoClose: 10_000 });
};

/** Something that the reader does: says what happened after it, and lets what it changed be read again. */
export const useAct = <In, Out>({ run, done, stale, after, quiet = false }: ActOptions<In, Out>) => {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: (out, input) => {
      for (const queryKey of stale?.(input) ?? []) void queries.invalidateQueries({ queryKey });
      if (done) notifications.show({ color: 'teal', message: done(out, input) });
      after?.(out, input);
    },
    onError: (error) => {
      if (!quiet) tellRefusal(error);
    },
  });
};
