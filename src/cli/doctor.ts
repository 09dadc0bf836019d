import { command, daemonOptions } from './command';
import { daemonConfig } from './daemon';
import { printable } from './safe';
import { show } from './show';

const SIGNS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

/** `assay doctor`: what is wrong with this host, and what to do about each. */
export const doctor = command(
  'doctor',
  'Find out what is wrong with this host, and what to do about it',
  (args) =>
    daemonOptions(args)
      .example('$0 doctor', 'When something does not work')
      .epilogue('Exits with 0 when nothing fails, else with 1.'),
  async (args) => {
    const { examine } = await import('../daemon/doctor');
    const checks = await examine(() => daemonConfig(args));
    show(args, checks, () =>
      checks
        .flatMap(({ level, what, todo }) => [
          `${SIGNS[level]}  ${printable(what)}`,
          ...(todo === undefined ? [] : [`      ${printable(todo)}`]),
        ])
        .join('\n'),
    );
    process.exitCode = checks.some(({ level }) => level === 'fail') ? 1 : 0;
  },
);
