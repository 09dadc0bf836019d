import { Button, Stack, TextInput } from '@mantine/core';
import { parseResponse } from 'hono/client';
import { useState } from 'react';
import { useAct } from '../data/act';
import { useProgram } from '../data/program';
import { Confirm } from '../parts/confirm';
import { fromLocalInput, toLocalInput } from '../parts/local-input';
import { purgeTexts as texts } from '../texts/quarantine';

const MONTH = 30 * 24 * 3_600_000;

const Ask = ({ close }: { close: () => void }) => {
  const { client } = useProgram();
  const [before, setBefore] = useState<string | undefined>(() => new Date(Date.now() - MONTH).toISOString());
  const purge = useAct({
    run: (time: string) => parseResponse(client.quarantine.purge.$post({ json: { before: time } })),
    done: ({ count }) => texts.olderDone(count),
    stale: () => [['quarantine'], ['file']],
    quiet: true,
  });
  return (
    <Confirm
      title={texts.olderTitle}
      verb={texts.verb}
      run={() => purge.mutateAsync(before ?? '')}
      ready={before !== undefined}
      close={close}
    >
      <Stack>
        <span>{texts.olderAbout}</span>
        <TextInput
          type="datetime-local"
          label={texts.before}
          value={toLocalInput(before)}
          onChange={({ currentTarget }) => setBefore(fromLocalInput(currentTarget.value))}
        />
      </Stack>
    </Confirm>
  );
};

/** The way to remove for good what is long in quarantine. */
export const PurgeOlder = () => {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        {texts.older}
      </Button>
      {asking && <Ask close={() => setAsking(false)} />}
    </>
  );
};
