import { Anchor, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { parseResponse } from 'hono/client';
import { RotateCcw } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Link } from 'wouter';
import { useAct } from '../data/act';
import { patchFiles } from '../data/files';
import { useProgram } from '../data/program';
import { Refused } from '../parts/states';
import { visible } from '../parts/visible';
import { reprocessTexts as texts } from '../texts/reprocess';
import { words } from '../texts/words';
import { Passwords } from './passwords';
import { given } from './wish';
import { WorkflowSelect } from './workflow-select';

interface FileDialogProps {
  file: { id: string; name: string; path: string };
  scanId: string;
  /** Opened by the lock of an encrypted file. */
  withPasswords: boolean;
  close: () => void;
}

/** Asks how to look again at one file, and starts it; the reader stays where they are. */
export const FileDialog = ({ file, scanId, withPasswords, close }: FileDialogProps) => {
  const { client } = useProgram();
  const queries = useQueryClient();
  const [workflowId, setWorkflowId] = useState<string>();
  const [passwords, setPasswords] = useState<string[]>([]);
  const name = visible(file.name);
  const start = useAct({
    run: () =>
      parseResponse(
        client.file.ondemandscan.$post({ json: { fileId: file.id, workflowId, passwords: given(passwords) } }),
      ),
    done: ({ rescanId }) => (
      <>
        <bdi>{texts.fileStarted(name)}</bdi>{' '}
        <Anchor component={Link} href={`/rescans/${rescanId}`} size="sm">
          {texts.follow}
        </Anchor>
      </>
    ),
    stale: () => [['file', file.id], ['rescans'], ['active']],
    after: () => {
      patchFiles(queries, scanId, new Map([[file.id, { state: 'InProgress' }]]));
      close();
    },
    quiet: true,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    start.mutate(undefined);
  };

  return (
    <Modal
      opened
      onClose={close}
      title={withPasswords ? texts.unlockTitle : texts.fileTitle}
      size="lg"
      closeButtonProps={{ 'aria-label': words.close }}
    >
      <form onSubmit={submit}>
        <Stack>
          <div>
            <Text className="mono">
              <bdi>{visible(file.path)}</bdi>
            </Text>
            <Text size="sm" c="dimmed">
              {withPasswords ? texts.unlockAbout : texts.fileAbout}
            </Text>
          </div>
          {withPasswords && <Passwords value={passwords} change={setPasswords} focus />}
          <WorkflowSelect value={workflowId} change={setWorkflowId} />
          {!withPasswords && <Passwords value={passwords} change={setPasswords} />}
          {start.error && <Refused error={start.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {words.cancel}
            </Button>
            <Button type="submit" leftSection={<RotateCcw size={16} aria-hidden />} loading={start.isPending}>
              {texts.go}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
};
