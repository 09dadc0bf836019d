import { gzipSync } from 'node:zlib';
import { bytesInStream } from './send';
import type { Sessions } from './sessions';

/** Which of its silences clamd turns into alerts. */
export interface Alerts {
  /** AlertExceedsMax: it says so when a limit kept it from looking. */
  exceeded: boolean;
  /** AlertEncrypted: it says so when a password kept it from looking. */
  encrypted: boolean;
}

/** More gzips inside one another than the highest MaxRecursion that clamd accepts (100): 2 KB, some 20 ms of clamd's time. */
export const nested = (): Uint8Array => {
  let bytes: Uint8Array = Buffer.from('assay');
  for (let depth = 0; depth < 105; depth++) bytes = gzipSync(bytes);
  return bytes;
};

/** The smallest zip whose one entry claims to be encrypted; layout from PKWARE's APPNOTE 4.3. */
export const encrypted = (): Uint8Array => {
  const name = Buffer.from('a');
  const data = Buffer.from('assay asks: is AlertEncrypted on');
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(20, 4);
  local.writeUInt16LE(1, 6); // encrypted
  local.writeUInt32LE(0x5a5a5a5a, 14);
  local.writeUInt32LE(data.length, 18);
  local.writeUInt32LE(data.length - 12, 22);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(20, 4);
  local.copy(central, 6, 4, 30);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length + name.length, 12);
  end.writeUInt32LE(local.length + name.length + data.length, 16);
  return Buffer.concat([local, name, data, central, name, end]);
};

/**
 * Asks clamd by two tiny files what it would say, for no command of it shows its configuration. Asked once, and again after a
 * connection was lost: only a restarted clamd can have another configuration.
 */
export const createAlerts = (sessions: Sessions) => {
  let known: { alerts: Alerts; losses: number } | undefined;
  let asking: Promise<Alerts> | undefined;

  const says = async (bytes: Uint8Array, name: string): Promise<boolean> => {
    const outcome = await sessions.ask(bytesInStream(bytes));
    if (!('reply' in outcome))
      throw new Error(`clamd did not answer: ${'lost' in outcome ? outcome.lost : outcome.ended}`);
    return outcome.reply.includes(name);
  };

  const ask = async (): Promise<Alerts> => {
    const losses = sessions.losses();
    const alerts = {
      exceeded: await says(nested(), 'Heuristics.Limits.Exceeded.'),
      encrypted: await says(encrypted(), 'Heuristics.Encrypted.'),
    };
    known = { alerts, losses };
    return alerts;
  };

  return {
    /** What is known by now, without waiting. */
    known: (): Alerts | undefined => (known && known.losses === sessions.losses() ? known.alerts : undefined),
    /** Throws when clamd does not answer. */
    get: (): Promise<Alerts> => {
      if (known && known.losses === sessions.losses()) return Promise.resolve(known.alerts);
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      return asking;
    },
  };
};
