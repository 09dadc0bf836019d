import { createPause } from '../content/pause';
import type { Piece } from '../content/piece';
import type { Scratch } from '../content/scratch';
import { type Spooled, spool } from '../content/spool';
import type { FileType, Trouble } from '../core/findings';
import type { Budget } from './budget';
import { isMember, type Member, type Passwords, type Reader, troubleOf } from './contract';

/** A container with what taking it apart needs. */
export interface Container {
  piece: Piece;
  type: FileType;
  /** Its own name, without a folder. */
  name: string;
  reader: Reader;
  budget: Budget;
  passwords: Passwords;
  scratch: Scratch;
}

/** A member: what could be read of it, and what was wrong with it. */
export interface Taken {
  name: string;
  /** What came until `trouble`; the taker closes its piece. */
  content: Spooled;
  trouble?: Trouble;
}

/**
 * Takes a container apart: gives each member to `take` and waits for it. Settles with what kept it from the end; nothing that a
 * container holds makes it throw, only a scratch folder that takes no more does. A limit is told of one container, the innermost.
 */
export const unpack = async (
  { piece, type, name, reader, budget, passwords, scratch }: Container,
  take: (member: Taken) => Promise<void>,
): Promise<Trouble[]> => {
  const troubles: Trouble[] = [];
  const context = { name, type, passwords, signal: budget.signal, scratch };
  const entries = reader.members(piece, context)[Symbol.asyncIterator]();
  const pause = createPause();
  try {
    for (;;) {
      const next = await entries.next().catch((error: unknown) => {
        if (!budget.isMet()) troubles.push(troubleOf(error));
        return { done: true, value: undefined } as const;
      });
      if (next.done || budget.isMet()) break;
      if (!isMember(next.value)) {
        troubles.push(next.value);
        continue;
      }
      const taken = await takeOne(next.value, budget, scratch);
      if (taken !== undefined) await take(taken);
      await pause();
      if (budget.isMet()) break;
    }
  } finally {
    await entries.return?.().catch(() => {});
  }
  const met = budget.tell();
  return met === undefined ? troubles : [...troubles, met];
};

/** Reads one member, within the budget; undefined when that is used up. */
const takeOne = async (member: Member, budget: Budget, scratch: Scratch): Promise<Taken | undefined> => {
  const { name } = member;
  try {
    budget.addMember();
    const content = await spool(() => member.open(), scratch, budget.addBytes);
    if (content.error === undefined) return { name, content };
    if (!budget.isMet()) return { name, content, trouble: troubleOf(content.error) };
    content.piece.close();
  } catch (error) {
    if (!budget.isMet()) throw error;
  }
  return undefined;
};
