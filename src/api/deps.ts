import type { Clock } from '../core/clock';
import type { Log } from '../core/log';
import type { Storage } from '../core/storage';
import type { Host } from '../host/host';
import type { Quarantine } from '../remedy/quarantine';
import type { Rescans } from '../rescan/rescan';
import type { Scans } from '../scans/scans';
import type { Store } from '../store/store';
import type { Realtime } from '../watch/realtime';
import type { Auth } from './auth';

/** What the API stands upon; `app.ts` makes each of them. */
export interface ApiDeps {
  store: Store;
  scans: Scans;
  rescans: Rescans;
  realtime: Pick<Realtime, 'start' | 'stop' | 'list' | 'notice' | 'renew'>;
  quarantine: Pick<Quarantine, 'restore' | 'purge' | 'purgeOlder'>;
  host: Pick<Host, 'engines' | 'reload' | 'restarts' | 'pid'>;
  storages: {
    /** @throws Fault STORAGE_UNREACHABLE */
    test: (storage: Storage) => Promise<void>;
  };
  auth: Auth;
  log: Log;
  clock: Clock;
  version: string;
  /** Host names that a request over TCP may be for, besides this host's own: the address that is listened on, a proxy's name. */
  allowedHosts?: readonly string[];
}
