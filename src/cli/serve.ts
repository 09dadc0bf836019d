import type { CommandModule } from 'yargs';
import { Fault } from '../core/fault';

/** `assay serve`: the daemon. */
export const serve: CommandModule = {
  command: 'serve',
  describe: 'Run the daemon',
  handler: () => {
    throw new Fault('NOT_POSSIBLE', 'This build has no daemon.');
  },
};
