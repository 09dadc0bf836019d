import type { Identify } from '../content/identify';
import { mismatchOf } from '../content/mismatch';
import type { Piece } from '../content/piece';
import type { Digest } from '../content/read';
import type { Scratch } from '../content/scratch';
import type { Content, EngineAnswer, FileType, MemberFindings, Trouble } from '../core/findings';
import { type Asked, ask, sameAgain } from '../engines/ask';
import type { Definitions, EngineFile } from '../engines/contract';
import { type Budget, createBudget, type Limits } from '../unpack/budget';
import type { Passwords, Reader } from '../unpack/contract';
import { readerOf } from '../unpack/readers';
import { type Taken, unpack } from '../unpack/unpack';
import type { Job } from './host';

/** An engine with the definitions that its answers of this group were given with. */
export type Ready = Asked & { definitions?: Definitions };

/** What looking into one file, and into all that lies in it, shares. */
export interface Look {
  /** The engines to ask. */
  engines: Ready[];
  unpackBy: Job['unpackBy'];
  /** What lies in the file itself is known already: it is asked about as one that was taken apart. */
  isKnown: boolean;
  /** What each engine would say again of a member of this type. */
  ofMembers: (type: FileType) => EngineAnswer[];
  limits: Limits;
  /** Of the file, in bytes. */
  size: number;
  passwords: Passwords;
  scratch: Scratch;
  identify: Identify;
  /** The time for the file. */
  signal: AbortSignal;
}

/** One thing to look into: the file, or a member of it. */
export interface Seen {
  piece: Piece;
  content: Content;
  /** For people: the file's place, and the member's own in it. */
  path: string;
  name: string;
  /** 0 is the file itself. */
  level: number;
  /** Its place in the list of members; undefined for the file itself. */
  place?: number;
}

export interface Looked {
  answers: EngineAnswer[];
  takenApart?: boolean;
  troubles?: Trouble[];
}

/** Members that engines are asked about at once, while the next ones are being taken out. */
const AT_ONCE = 8;

const engineFile = ({ piece, path, content }: Seen, pathRead: () => void): EngineFile => ({
  get path() {
    pathRead();
    return path;
  },
  get fd() {
    return piece.fd;
  },
  inMemory: piece.inMemory,
  size: piece.size,
  sha256: content.sha256,
  sha1: content.sha1,
  md5: content.md5,
  type: content.type.mime,
  bytes: async (start = 0, end = piece.size) => piece.bytes(start, end),
  stream: piece.stream,
});

/** Says what a piece is, by its bytes and its name. */
export const contentOf = async (piece: Piece, digest: Digest, name: string, identify: Identify): Promise<Content> => {
  const { sha256, sha1, md5, head } = digest;
  const type = await identify(head);
  return { size: piece.size, sha256, sha1, md5, type, mismatch: mismatchOf(name, type) };
};

/** Looks into one file and all that lies in it. */
export const createLook = (look: Look) => {
  const { engines, signal } = look;
  let budget: Budget | undefined;
  const members: MemberFindings[] = [];
  const asking = new Set<Promise<void>>();

  const askAll = (some: Ready[], seen: Seen, earlier: EngineAnswer[]): Promise<EngineAnswer[]> => {
    return Promise.all(
      some.map(
        (ready) =>
          sameAgain(ready, ready.definitions, earlier) ??
          ask(ready, (pathRead) => engineFile(seen, pathRead), ready.definitions, signal),
      ),
    );
  };

  /** Asks about what holds nothing, without waiting for the answers unless many are awaited already. */
  const askBeside = async (seen: Seen, member: MemberFindings): Promise<void> => {
    const asked = askAll(engines, seen, look.ofMembers(seen.content.type))
      .then((answers) => {
        member.answers = answers;
      })
      .finally(() => {
        seen.piece.close();
        asking.delete(asked);
      });
    asking.add(asked);
    if (asking.size >= AT_ONCE) await Promise.race(asking);
  };

  const takeMember = async (container: Seen, { name, content: { piece, digest }, trouble }: Taken): Promise<void> => {
    const path = container.place === undefined ? name : `${members[container.place]?.path}/${name}`;
    const member: MemberFindings = { path, parent: container.place, size: piece.size, answers: [] };
    if (trouble !== undefined) member.troubles = [trouble];
    const place = members.push(member) - 1;
    if (trouble !== undefined && piece.size === 0) {
      member.within = container.content.type;
      return piece.close();
    }
    const own = name.slice(name.lastIndexOf('/') + 1);
    const content = await contentOf(piece, digest, own, look.identify);
    member.content = { sha256: content.sha256, type: content.type, mismatch: content.mismatch };
    const seen: Seen = {
      piece,
      content,
      path: `${container.path}/${name}`,
      name: own,
      level: container.level + 1,
      place,
    };
    const reader = readerFor(seen);
    if (reader === undefined) return askBeside(seen, member);
    try {
      const { answers, takenApart, troubles = [] } = await lookAt(seen, reader, look.ofMembers(content.type));
      member.answers = answers;
      member.takenApart = takenApart;
      if (troubles.length > 0) member.troubles = [...(member.troubles ?? []), ...troubles];
    } finally {
      piece.close();
    }
  };

  const readerFor = ({ content, piece }: Seen): Reader | undefined =>
    look.unpackBy === 'engines' ? undefined : readerOf(content.type, piece);

  const lookAt = async (seen: Seen, reader: Reader | undefined, earlier: EngineAnswer[]): Promise<Looked> => {
    if (reader === undefined) return { answers: await askAll(engines, seen, earlier) };
    const { type } = seen.content;
    // What only packs others, and is taken apart here, is not given to engines that would take it apart once more.
    const isAskedLater = ({ engine }: Ready) => look.unpackBy === 'assay' && type.container && engine.unpacks === true;
    const later = engines.filter(isAskedLater);
    const first = askAll(
      engines.filter((ready) => !isAskedLater(ready)),
      seen,
      earlier,
    );
    const before = members.length;
    const isKnown = look.isKnown && seen.level === 0;
    const troubles = isKnown
      ? []
      : await open(seen, reader).catch(async (error: unknown) => {
          await first;
          throw error;
        });
    const answers = await first;
    const nobodyAsked = !isKnown && members.length === before && answers.length === 0;
    if ((troubles.length > 0 || nobodyAsked) && later.length > 0 && !signal.aborted) {
      answers.push(...(await askAll(later, seen, earlier)));
    }
    return { answers, takenApart: true, troubles: troubles.length > 0 ? troubles : undefined };
  };

  const open = async (seen: Seen, reader: Reader): Promise<Trouble[]> => {
    const { limits, passwords, scratch } = look;
    if (seen.level >= limits.depth) {
      return [{ why: 'depth', message: `It lies deeper than the ${limits.depth} levels of the limit.` }];
    }
    budget ??= createBudget(limits, look.size, signal);
    const { piece, name } = seen;
    return unpack({ piece, type: seen.content.type, name, reader, budget, passwords, scratch }, (taken) =>
      takeMember(seen, taken),
    );
  };

  return {
    /** @param earlier answers about the same content that may be given again */
    file: async (seen: Seen, earlier: EngineAnswer[]): Promise<Looked> => {
      try {
        return await lookAt(seen, readerFor(seen), earlier);
      } finally {
        await Promise.all(asking);
        budget?.end();
      }
    },
    members,
    /** What was taken out. */
    bytes: () => budget?.bytes() ?? 0,
  };
};
