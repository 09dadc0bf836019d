import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Corpus, scratch } from './corpus';
import { type Report, RUN_HEAD, type Run, runRow, summary } from './figures';
import { quiet } from './measure';
import { runPeer } from './peer';
import { makeRules } from './rules';
import { serve } from './serve';

const compare = async (corpus: Corpus, runs: number, count: number) => {
  const folder = scratch('yara');
  const source = join(folder.path, 'rules.yar');
  const compiled = join(folder.path, 'rules.yarc');
  writeFileSync(source, makeRules(count));
  try {
    const { exitCode, stderr } = Bun.spawnSync(['yarac', '-w', source, compiled], { stderr: 'pipe' });
    if (exitCode !== 0) throw new Error(stderr.toString());
    const whole = { files: corpus.small.files + corpus.large.files, bytes: corpus.small.bytes + corpus.large.bytes };
    const yara = ['yara', '-r', '-p', '2', '-w'];
    const config = { engines: { yara: { rules: [source], builtIn: false, timeout: 600_000 } } };
    const first: Run[] = [];
    const warm: Run[] = [];
    const apart: Run[] = [];
    const fromSource: Run[] = [];
    const fromCompiled: Run[] = [];
    for (let run = 0; run < runs; run++) {
      const serving = await serve(config);
      const storage = await serving.addStorage(corpus.path);
      const asItIs = await serving.addWorkflow('each file as it is', { unpackBy: 'engines' });
      await quiet();
      first.push(await serving.scan(storage, {}, asItIs));
      await quiet();
      fromCompiled.push(await runPeer({ command: [...yara, '-C', compiled, corpus.path], ...whole }));
      await quiet();
      warm.push(await serving.scan(storage, {}, asItIs));
      await quiet();
      apart.push(await serving.scan(storage));
      await serving.stop();
      await quiet();
      fromSource.push(await runPeer({ command: [...yara, source, corpus.path], ...whole }));
    }
    return {
      rules: count,
      first: summary(first),
      warm: summary(warm),
      apart: summary(apart),
      compiled: summary(fromCompiled),
      source: summary(fromSource),
    };
  } finally {
    folder.remove();
  }
};

/** A first scan by the `yara` engine alone, everything stored, against Debian's yara with as many threads as there are cores here. */
export const yara = async (corpus: Corpus, runs: number): Promise<Report> => {
  const figures = [await compare(corpus, runs, 1000), await compare(corpus, runs, 2)];
  return {
    title: 'YARA: a scan by rules alone (goal with 1,000 rules: 0.8 of yara or more)',
    head: RUN_HEAD,
    rows: figures.flatMap(({ rules, first, warm, apart, compiled, source }) => [
      runRow(`assay, ${rules} rules, first scan after its start`, first, compiled),
      runRow(`assay, ${rules} rules, second scan`, warm, compiled),
      runRow(`assay, ${rules} rules, archives and documents taken apart`, apart, compiled),
      runRow(`yara -r -p 2 -C, ${rules} rules compiled by yarac`, compiled),
      runRow(`yara -r -p 2, the same as text`, source),
    ]),
    figures,
  };
};
