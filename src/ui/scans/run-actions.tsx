import { Button, Group } from '@mantine/core';
import { parseResponse } from 'hono/client';
import { CirclePause, CirclePlay, CircleX } from 'lucide-react';
import { useState } from 'react';
import { useAct } from '../data/act';
import { useMay, useProgram } from '../data/program';
import { Confirm } from '../parts/confirm';
import { runTexts as texts } from '../texts/runs';

interface Run {
  id: string;
  state: string;
  progress: { done: number; total: number };
}

interface RunActionsProps {
  run: Run;
  kind: 'scan' | 'rescan';
}

const ABOUT = {
  scan: { title: texts.cancelScan, verb: texts.cancelScanVerb, about: texts.cancelScanAbout },
  rescan: { title: texts.cancelRescan, verb: texts.cancelRescanVerb, about: texts.cancelRescanAbout },
};

type Verb = 'pause' | 'resume' | 'cancel';
const DONE: Record<Verb, string> = { pause: texts.paused, resume: texts.resumed, cancel: texts.canceled };

/** Pause, go on and cancel, for those who may, while there is something to cancel. */
export const RunActions = ({ run, kind }: RunActionsProps) => {
  const { client } = useProgram();
  const [asking, setAsking] = useState(false);
  const may = useMay('operator');
  const param = { id: run.id };
  const ask = async (verb: Verb): Promise<void> => {
    if (kind === 'scan') await parseResponse(client.scan[':id'][verb].$post({ param }));
    else await parseResponse(client.rescan[':id'][verb].$post({ param }));
  };
  const act = useAct({
    run: ask,
    done: (_, verb) => DONE[verb],
    stale: () => [['active'], [kind, run.id], [`${kind}s`]],
  });
  if (!may || (run.state !== 'running' && run.state !== 'paused')) return null;
  const paused = run.state === 'paused';
  const { title, verb, about } = ABOUT[kind];
  return (
    <Group gap="xs">
      <Button
        variant="default"
        size="xs"
        leftSection={paused ? <CirclePlay size={16} aria-hidden /> : <CirclePause size={16} aria-hidden />}
        loading={act.isPending}
        onClick={() => act.mutate(paused ? 'resume' : 'pause')}
      >
        {paused ? texts.resume : texts.pause}
      </Button>
      <Button
        variant="default"
        size="xs"
        leftSection={<CircleX size={16} aria-hidden />}
        onClick={() => setAsking(true)}
      >
        {texts.cancel}
      </Button>
      {asking && (
        <Confirm
          title={title}
          verb={verb}
          keep={texts.keep}
          run={() => act.mutateAsync('cancel')}
          close={() => setAsking(false)}
        >
          {about(run.progress.total - run.progress.done)}
        </Confirm>
      )}
    </Group>
  );
};
