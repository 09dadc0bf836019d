import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder; every task runs in it. */
export const PROJECT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Ends the task with a message for people, without a stack trace: for what the reader can mend. */
export const stop = (message, hint) => {
  throw Object.assign(new Error(hint ? `${message}\n${hint}` : message), { name: 'Problem' });
};

export const say = (text) => console.log(`\n── ${text}`);

const spawned = (command, args, options) => spawnSync(command, args, { cwd: PROJECT, ...options });

/** Runs a program whose output the reader sees; true when it ended with 0. */
export const run = (command, args, options = {}) => {
  const { status, signal, error } = spawned(command, args, { stdio: 'inherit', ...options });
  if (signal === 'SIGINT' || signal === 'SIGTERM') process.exit(130);
  if (error) console.error(`${command}: ${error.message}`);
  return status === 0;
};

/** Runs a program for its output; undefined when it could not run or failed. */
export const ask = (command, args, options = {}) => {
  const { status, stdout } = spawned(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    ...options,
  });
  return status === 0 ? stdout.trim() : undefined;
};
