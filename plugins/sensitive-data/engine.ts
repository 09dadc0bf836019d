import type { Answer, OpenEngine, SensitiveType, TextError } from '../../src/engines/contract';
import { cards } from './cards';
import type { Detector } from './detector';
import { createEmails } from './emails';
import { iban } from './iban';
import { keys } from './keys';
import { KINDS, type Kind, type Options } from './options';
import { createOwn } from './own';
import { search } from './search';
import { secrets } from './secrets';
import { ssn } from './ssn';

/** Changes with what is found, and how it is scored. */
const VERSION = '2';

/** @throws Error that says what is wrong with a pattern, for people */
export const detectorsOf = ({ kinds, emailsFrom, patterns }: Options): Detector[] => {
  const builtIn: { [kind in Kind]: Detector } = { cards, ssn, iban, emails: createEmails(emailsFrom), keys, secrets };
  return [
    ...KINDS.filter((kind) => kinds.includes(kind)).map((kind) => builtIn[kind]),
    ...patterns.map((pattern, i) => createOwn(pattern, i + 1)),
  ];
};

/** A name in clamscan's way: `SensitiveData.CreditCardNumber`. */
const nameOf = ({ displayName }: SensitiveType): string => {
  const words = displayName.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  return `SensitiveData.${words.map((word) => (word[0] ?? '').toUpperCase() + word.slice(1)).join('')}`;
};

const toUnread = (error: unknown) => {
  const { message, unread: how } = error as TextError;
  return { status: how === 'skipped' ? how : ('failed' as const), reason: message.replace(/\.$/, '') };
};

const unread = (error: unknown): Answer => {
  const { status, reason } = toUnread(error);
  if (status === 'skipped') return { status, reason };
  return { status, reason, retry: (error as TextError).unread === undefined };
};

export const openEngine = (options: Options): OpenEngine => {
  const detectors = detectorsOf(options);
  const version = `sensitive-data ${VERSION}, ${detectors.length} ${detectors.length === 1 ? 'type' : 'types'}`;
  return {
    definitions: async () => ({ version }),
    scan: async (file, { signal, showSensitive = false }) => {
      signal.throwIfAborted();
      const text = file.text?.();
      if (text === undefined) return { status: 'skipped', reason: `no text is read from files of type ${file.type}` };
      const { types, error } = await search(text, { detectors, shown: showSensitive, signal });
      const [first] = types;
      if (first !== undefined) {
        return {
          status: 'detected',
          name: nameOf(first),
          kind: 'SensitiveData',
          sensitive: { shown: showSensitive, types, unread: error === undefined ? undefined : toUnread(error) },
        };
      }
      return error === undefined ? { status: 'clean' } : unread(error);
    },
    close: async () => {},
  };
};
