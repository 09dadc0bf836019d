import { expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startListeners } from './listen';

test('an address that cannot be listened on is named, with what to do', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-listen-'));
  const listen = (address: string) => startListeners(address, join(folder, 'socket'), () => new Response());
  for (const address of ['999.1.1.1:8787', 'no-such-host.invalid:8787', '192.0.2.1:8787']) {
    const fault = await listen(address).catch((error) => error);
    expect(fault).toMatchObject({ code: 'NOT_POSSIBLE', hint: expect.stringContaining('an address of this host') });
    expect(fault.message).toStartWith(`Assay cannot listen on ${address}: `);
  }
  rmSync(folder, { recursive: true });
});
