import { expect, test } from 'bun:test';
import type { Due } from '../core/file';
import { silentLog } from '../core/log';
import type { Host } from '../host/host';
import { createSuspects } from './suspects';

test('a second host that does not start at once costs neither the daemon nor an attempt', async () => {
  const due = { fileId: 'f' } as Due;
  const queue = [due];
  const returned: Due[] = [];
  const host = { stop: async () => {} } as Host;
  let starts = 0;
  const attempted = Promise.withResolvers<[Host, Due]>();
  const suspects = createSuspects({
    takeOne: async () => queue.pop(),
    startHost: async () => {
      starts += 1;
      if (starts === 1) throw new Error('it was ended by the kernel');
      return host;
    },
    attempt: async (...what) => attempted.resolve(what),
    giveBack: async (back) => {
      returned.push(back);
      queue.push(back);
    },
    clock: Date.now,
    log: silentLog,
    failed: attempted.reject,
  });
  suspects.look();
  expect(await attempted.promise).toEqual([host, due]);
  expect(returned).toEqual([due]);
  await suspects.stop();
});
