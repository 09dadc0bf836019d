import type { Reader } from './contract';

/** Messages that a rights management server guards (`message.rpmsg`, MS-OXORMMS 2.1.4): nobody here can ask it. */
export const rights: Reader = {
  id: 'rights',
  reads: ({ mime }) => mime === 'application/x-microsoft-rpmsg-message',
  members: async function* () {
    yield { why: 'encrypted', message: 'It is encrypted, and a rights management server holds the key.' };
  },
};
