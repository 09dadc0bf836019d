import { Anchor, Button, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import type { Change } from '../../core/change';
import type { RescanDetail } from '../data/client';
import { useChangedFiles } from '../data/rescans';
import { count } from '../parts/amounts';
import { MoreButton } from '../parts/more-button';
import type { Tone } from '../parts/outcome';
import { Loading, Refused } from '../parts/states';
import { visible } from '../parts/visible';
import { changeTexts, rescanTexts as texts } from '../texts/runs';

interface ChangedFile {
  id: string;
  path: string;
}

/** In the order of what matters most. */
const ORDER: Change[] = [
  'allowedToBlocked',
  'newlyDetected',
  'blockedToAllowed',
  'newlyReadable',
  'newlyFailing',
  'stillFailing',
  'gone',
  'contentChanged',
];

const TONES: Record<Change, Tone> = {
  allowedToBlocked: 'bad',
  newlyDetected: 'bad',
  blockedToAllowed: 'good',
  newlyReadable: 'good',
  newlyFailing: 'warn',
  stillFailing: 'warn',
  gone: 'calm',
  moved: 'calm',
  contentChanged: 'calm',
};

const FileList = ({ files }: { files: ChangedFile[] }) => (
  <ul className="plain file-list">
    {files.map(({ id, path }) => (
      <li key={id}>
        <Anchor component={Link} href={`/files/${id}`} size="sm" className="cut" title={visible(path)}>
          <bdi>{visible(path)}</bdi>
        </Anchor>
      </li>
    ))}
  </ul>
);

const EveryFile = ({ rescanId, change }: { rescanId: string; change: Change }) => {
  const { query, entries } = useChangedFiles(rescanId, change);
  if (query.error && !entries) return <Refused error={query.error} retry={() => void query.refetch()} />;
  if (!entries) return <Loading />;
  return (
    <>
      <FileList files={entries} />
      <MoreButton query={query} />
    </>
  );
};

const ChangeCard = ({ rescan, change }: { rescan: RescanDetail; change: Change }) => {
  const [all, setAll] = useState(false);
  const { count: n = 0, files = [] } = rescan.changes[change] ?? {};
  const { label, about } = changeTexts[change];
  return (
    <li className="card section" data-tone={TONES[change]}>
      <Title order={3} className="tone-text">
        <span className="num">{count(n)}</span> {label}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {about}
      </Text>
      {all ? <EveryFile rescanId={rescan.id} change={change} /> : <FileList files={files} />}
      {!all && n > files.length && (
        <Button size="compact-sm" variant="default" mt="xs" onClick={() => setAll(true)}>
          {texts.all(n)}
        </Button>
      )}
    </li>
  );
};

/** What a rescan changed, each kind with its files. */
export const Changes = ({ rescan, over }: { rescan: RescanDetail; over: boolean }) => {
  const kinds = ORDER.filter((change) => (rescan.changes[change]?.count ?? 0) > 0);
  const { done } = rescan.progress;
  return (
    <section aria-live="polite">
      <Title order={2} mb="xs">
        {texts.changes}
      </Title>
      {kinds.length === 0 && (
        <Text>{over ? (done === 0 ? texts.noFiles : texts.unchanged(done)) : texts.nothingYet}</Text>
      )}
      <ul className="changes plain">
        {kinds.map((change) => (
          <ChangeCard key={change} rescan={rescan} change={change} />
        ))}
      </ul>
    </section>
  );
};
