import { startClamd } from '../test/servers/clamd';
import type { Corpus } from './corpus';
import { type Report, RUN_HEAD, type Run, runRow, summary } from './figures';
import { childrenOf, commandOf, quiet } from './measure';
import { residentOf, runPeer } from './peer';
import { serve } from './serve';

/** A first scan by the `clamav` engine alone, everything stored, against clamdscan on the same clamd. */
export const clamav = async (corpus: Corpus, runs: number): Promise<Report> => {
  const clamd = await startClamd();
  try {
    const pid = childrenOf(process.pid).find((child) => commandOf(child).includes(clamd.config))!;
    const also = { clamd: pid };
    const config = { engines: { clamav: { socket: clamd.socket, config: clamd.config } } };
    const first: Run[] = [];
    const warm: Run[] = [];
    const peer: Run[] = [];
    const whole = { files: corpus.small.files + corpus.large.files, bytes: corpus.small.bytes + corpus.large.bytes };
    const command = ['clamdscan', '--multiscan', '--fdpass', '--infected', '--no-summary', '-c', clamd.config];
    // 1: something was found, here that a file is larger than clamd looks into.
    const scanPeer = () => runPeer({ command: [...command, corpus.path], ...whole, also, accepts: [0, 1] });
    await scanPeer();

    for (let run = 0; run < runs; run++) {
      const serving = await serve(config);
      const storage = await serving.addStorage(corpus.path);
      await quiet();
      first.push(await serving.scan(storage, also));
      await quiet();
      peer.push(await scanPeer());
      await quiet();
      warm.push(await serving.scan(storage, also));
      await serving.stop();
    }
    const figures = { first: summary(first), warm: summary(warm), clamdscan: summary(peer), clamdRss: residentOf(pid) };
    return {
      title: 'ClamAV: a scan by clamd alone (goal: 0.9 of clamdscan or more)',
      head: RUN_HEAD,
      rows: [
        runRow('assay, first scan after its start', figures.first, figures.clamdscan),
        runRow('assay, second scan', figures.warm, figures.clamdscan),
        runRow('clamdscan --multiscan --fdpass', figures.clamdscan),
      ],
      notes: [
        `clamd: two signatures, MaxThreads 8, DisableCache yes; its own memory, ${Math.round(figures.clamdRss / 1e6)} MB, is not counted.`,
      ],
      figures,
    };
  } finally {
    await clamd.remove();
  }
};
