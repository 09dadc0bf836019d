import { Anchor, Text } from '@mantine/core';
import {
  Archive,
  ArchiveRestore,
  CircleDashed,
  Copy,
  FileCheck,
  FileOutput,
  type LucideIcon,
  Replace,
  Tag as TagIcon,
  Trash2,
  TriangleAlert,
} from 'lucide-react';
import { Link } from 'wouter';
import { useStorages } from '../data/setup';
import type { Tone } from '../parts/outcome';
import { visible } from '../parts/visible';
import { When } from '../parts/when';
import { actTexts, remediationTexts as texts } from '../texts/remediation';
import { type Act, removedKinds } from './acts';

const ICONS: Record<Act['action'], LucideIcon> = {
  tag: TagIcon,
  copy: Copy,
  move: FileOutput,
  delete: Trash2,
  quarantine: Archive,
  restore: ArchiveRestore,
  purge: Trash2,
  sanitize: FileCheck,
  replace: Replace,
};

const lookOf = ({ action, state }: Act): { Icon: LucideIcon; tone: Tone; words: string } => {
  const { done, due, failed, skipped } = actTexts[action];
  switch (state) {
    case 'done':
      return { Icon: ICONS[action], tone: 'good', words: done };
    case 'failed':
      return { Icon: TriangleAlert, tone: 'warn', words: failed };
    case 'skipped':
      return { Icon: ICONS[action], tone: 'calm', words: skipped };
    case 'due':
    case 'begun':
      return { Icon: CircleDashed, tone: 'busy', words: due };
  }
};

/** Where an act put a file, with the storage when that is another one. */
const Destination = ({ act, storageName }: { act: Act; storageName: string }) => {
  const storage = useStorages().data?.find(({ id }) => id === act.storageId);
  if (act.path === undefined || act.action === 'tag') return null;
  return (
    <>
      <bdi className="mono">{visible(act.path)}</bdi>
      {storage && storage.name !== storageName && <span className="dim"> {texts.in(visible(storage.name))}</span>}
    </>
  );
};

const Removed = ({ removed }: { removed: NonNullable<Act['removed']> }) => (
  <details>
    <summary>
      {texts.removed(removedKinds(removed))} <span className="link">{texts.where}</span>
    </summary>
    <ul className="file-list plain">
      {removed.map(({ what, where }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a document may hold the same at the same place twice.
        <li key={i}>
          {texts.removedOne(what)} <bdi className="mono dim">{visible(where)}</bdi>
        </li>
      ))}
    </ul>
  </details>
);

interface ActLineProps {
  act: Act;
  storageName: string;
  /** Only what and where: among the processings, where its whole story would be long. */
  brief?: boolean;
}

/** One thing that was done with a file, or was to be done: what, where, when, and why not. */
export const ActLine = ({ act, storageName, brief = false }: ActLineProps) => {
  const { Icon, tone, words } = lookOf(act);
  const why = act.error ?? (act.state === 'skipped' ? texts.skipped : undefined);
  return (
    <li className="act" data-tone={tone}>
      <Icon size={16} aria-hidden />
      <div>
        <Text size="sm" component="div">
          <span className="tone-text act-words">{words}</span> <Destination act={act} storageName={storageName} />
        </Text>
        {why && !brief && (
          <Text size="sm" component="div" className="name">
            {visible(why)}
          </Text>
        )}
        {!brief && act.removed && act.removed.length > 0 && <Removed removed={act.removed} />}
        <Text size="xs" c="dimmed" component="div">
          {act.state === 'begun' ? texts.underWay : <When time={act.ended ?? act.created} />}
          {!brief && act.action === 'quarantine' && act.state === 'done' && (
            <>
              {' · '}
              <Anchor component={Link} href={`/quarantine/${act.id}`} size="xs" underline="always">
                {texts.inQuarantine}
              </Anchor>
            </>
          )}
        </Text>
      </div>
    </li>
  );
};
