import { Anchor, Button, Checkbox, Text } from '@mantine/core';
import { parseResponse } from 'hono/client';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { useAct } from '../data/act';
import type { Storage } from '../data/client';
import { useProgram } from '../data/program';
import { useRealtime } from '../data/realtime';
import { useActive } from '../data/scans';
import { useEngines, useWorkflows } from '../data/setup';
import { Refused } from '../parts/states';
import { visible } from '../parts/visible';
import { firstRunTexts as texts } from '../texts/first-run';
import { touchesFiles } from '../workflows/treatment';
import { Frame } from './frame';

const listed = (names: string[]): string => new Intl.ListFormat('en').format(names);

/** The last step: says what will happen, and begins it. What runs already is left alone. */
export const Begin = ({ storages }: { storages: Storage[] }) => {
  const { client } = useProgram();
  const [, go] = useLocation();
  const [wish, setWish] = useState({ scan: true, guard: true });
  const engines = (useEngines().data ?? []).filter(({ state }) => state !== 'failing');
  const active = useActive().data;
  const realtime = useRealtime().data;
  const isScanned = ({ id }: Storage) =>
    active?.scans.some(({ storageId, kind }) => storageId === id && kind === 'scan') ?? false;
  const isGuarded = ({ id }: Storage) => realtime?.some(({ scan }) => scan.storageId === id) ?? false;
  const toScan = storages.filter((storage) => !isScanned(storage));
  const toGuard = storages.filter((storage) => !isGuarded(storage));

  // Until the workflows are known, nothing is promised.
  const touches = useWorkflows().data?.some(touchesFiles) ?? true;

  const begin = useAct({
    run: async () => {
      // The guard first, so that what changes during the scan is noticed.
      for (const { id } of wish.guard ? toGuard : [])
        await parseResponse(client.realtime.$post({ json: { storageId: id } }));
      const scans = [];
      for (const { id } of wish.scan ? toScan : [])
        scans.push(await parseResponse(client.scan.$post({ json: { storageId: id } })));
      return scans;
    },
    done: () => texts.started,
    stale: () => [['scans'], ['active'], ['realtime'], ['overview']],
    after: ([scan, ...more]) => go(scan === undefined ? '/' : more.length > 0 ? '/active' : `/reports/${scan.id}`),
    quiet: true,
  });

  return (
    <Frame
      step="start"
      title={texts.startTitle}
      about={texts.startAbout(listed(storages.map(({ name }) => visible(name))))}
      aside={
        <Anchor component={Link} href="/" size="sm">
          {texts.toDashboard}
        </Anchor>
      }
    >
      <Text size="sm">
        {engines.length === 0 ? texts.noEngines : texts.engines(listed(engines.map(({ name }) => visible(name))))}
      </Text>
      <Checkbox
        label={texts.scan}
        description={toScan.length === 0 ? texts.running : texts.scanHint}
        checked={wish.scan && toScan.length > 0}
        disabled={toScan.length === 0}
        onChange={({ currentTarget }) => setWish({ ...wish, scan: currentTarget.checked })}
      />
      <Checkbox
        label={texts.guard}
        description={toGuard.length === 0 ? texts.guarded : texts.guardHint}
        checked={wish.guard && toGuard.length > 0}
        disabled={toGuard.length === 0}
        onChange={({ currentTarget }) => setWish({ ...wish, guard: currentTarget.checked })}
      />
      <Text size="sm" c="dimmed">
        {touches ? texts.acts : texts.harmless}
      </Text>
      {begin.error && <Refused error={begin.error} />}
      <Button
        loading={begin.isPending}
        disabled={active === undefined || realtime === undefined}
        onClick={() => begin.mutate(undefined)}
      >
        {texts.start}
      </Button>
    </Frame>
  );
};
