import { Button, Text } from '@mantine/core';
import { Link, useParams } from 'wouter';
import type { Quarantined as Entry } from '../data/client';
import { useQuarantined } from '../data/quarantine';
import { useStorages } from '../data/setup';
import { bytes } from '../parts/amounts';
import { Facts } from '../parts/facts';
import { toneOfResult } from '../parts/outcome';
import { PageHead } from '../parts/page-head';
import { Section } from '../parts/section';
import { Shown } from '../parts/states';
import { visible } from '../parts/visible';
import { When } from '../parts/when';
import { quarantineTexts as texts } from '../texts/quarantine';
import { EntryActions } from './entry-actions';
import { EntryState } from './entry-state';
import { nameOf } from './places';

const Of = ({ entry }: { entry: Entry }) => {
  const storages = useStorages().data;
  const name = visible(nameOf(entry.path));
  const storage = storages?.find(({ id }) => id === entry.storageId);
  const storageName = visible(storage?.name ?? entry.storageName);
  return (
    <>
      <PageHead
        title={<bdi className="clamp">{name}</bdi>}
        plain={name}
        crumbs={[{ label: texts.title, href: '/quarantine' }]}
        about={<EntryState state={entry.state} />}
      >
        <Button component={Link} href={`/files/${entry.fileId}`} variant="default">
          {texts.result}
        </Button>
        <EntryActions entry={entry} large />
      </PageHead>
      <div className="sections">
        <Section title={texts.why}>
          <div className="verdict" data-tone={toneOfResult(entry.scanAllResultI)}>
            <Text fw={600}>{entry.scanAllResultA}</Text>
            <Text className="why">{visible(entry.reason)}</Text>
          </div>
        </Section>
        <Section title={texts.facts}>
          <Facts
            facts={[
              [
                texts.path,
                <bdi key="path" className="mono">
                  {visible(entry.path)}
                </bdi>,
              ],
              [texts.storage, storages && !storage ? texts.storageGone(storageName) : storageName],
              [texts.size, bytes(entry.size)],
              ['SHA-256', entry.sha256 && <span className="mono">{entry.sha256}</span>],
              [texts.since, <When key="since" time={entry.created} />],
              [
                entry.state === 'purged' ? texts.purgedAt : texts.restoredAt,
                entry.ended && <When time={entry.ended} />,
              ],
              [texts.kept, texts.keptAbout[entry.state]],
            ]}
          />
        </Section>
      </div>
    </>
  );
};

/** One file in quarantine: why it is there, where it is from, and what can be done with it. */
export const Quarantined = () => {
  const { id = '' } = useParams();
  return <Shown query={useQuarantined(id)}>{(entry) => <Of entry={entry} />}</Shown>;
};
