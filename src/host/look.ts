import type { Identify } from '../content/identify';
import { mismatchOf } from '../content/mismatch';
import type { Piece } from '../content/piece';
import type { Digest } from '../content/read';
import type { Scratch } from '../content/scratch';
import type { Content, EngineAnswer, FileType, MemberFindings, Trouble } from '../core/findings';
import { createSensitive, withoutHits } from '../core/sensitive';
import { createComponents } from '../core/vulnerability';
import { type Asked, ask, sameAgain } from '../engines/ask';
import type { Definitions, EngineFile } from '../engines/contract';
import { textOf } from '../text/text';
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
  /** As the workflow says: sensitive data is told as it is. */
  showSensitive: boolean;
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

const engineFile = (
  { piece, path, content }: Seen,
  { pathRead, isTakenApart, signal }: { pathRead: () => void; isTakenApart: boolean; signal: AbortSignal },
): EngineFile => ({
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
  get sha1() {
    return content.sha1;
  },
  get md5() {
    return content.md5;
  },
  type: content.type.mime,
  bytes: async (start = 0, end = piece.size) => piece.bytes(start, end),
  stream: piece.stream,
  text: () => textOf(piece, { type: content.type, isTakenApart, signal }),
});

/** Says what a piece is, by its bytes and its name. */
export const contentOf = async (piece: Piece, digest: Digest, name: string, identify: Identify): Promise<Content> => {
  const type = await identify(digest.head);
  return {
    size: piece.size,
    sha256: digest.sha256,
    // Of a member they are made when they are asked for.
    get sha1() {
      return digest.sha1;
    },
    get md5() {
      return digest.md5;
    },
    type,
    mismatch: mismatchOf(name, type),
  };
};

/** What is gathered of an engine; made with the first of it. */
const ofEngine = <T>(gathered: Map<string, T>, engineId: string, create: () => T): T => {
  const known = gathered.get(engineId) ?? create();
  gathered.set(engineId, known);
  return known;
};

/** Looks into one file and all that lies in it. */
export const createLook = (look: Look) => {
  const { engines, signal, showSensitive } = look;
  let budget: Budget | undefined;
  const members: MemberFindings[] = [];
  const asking = new Set<Promise<void>>();
  const sensitive = new Map<string, ReturnType<typeof createSensitive>>();
  const components = new Map<string, ReturnType<typeof createComponents>>();

  /** Keeps the details of what was found in a member with those of the others, for they are told of the file. */
  const gather = (answers: EngineAnswer[], { path }: MemberFindings): EngineAnswer[] =>
    answers.map((answer) => {
      const { vulnerabilities, sensitive: data, ...rest } = answer;
      if (vulnerabilities === undefined && data === undefined) return answer;
      if (vulnerabilities !== undefined)
        ofEngine(components, answer.engineId, createComponents).add(vulnerabilities, path);
      if (data === undefined) return rest;
      ofEngine(sensitive, answer.engineId, createSensitive).add(data, path);
      return { ...rest, sensitive: withoutHits(data) };
    });

  const isTakenApart = (seen: Seen) => readerFor(seen) !== undefined && seen.level < look.limits.depth;

  const askAll = (some: Ready[], seen: Seen, earlier: EngineAnswer[]): Promise<EngineAnswer[]> => {
    const isApart = isTakenApart(seen);
    return Promise.all(
      some.map(
        (ready) =>
          sameAgain(ready, ready.definitions, earlier, showSensitive) ??
          ask(ready, (pathRead) => engineFile(seen, { pathRead, isTakenApart: isApart, signal }), ready.definitions, {
            signal,
            showSensitive,
          }),
      ),
    );
  };

  /** Asks about what holds nothing, without waiting for the answers unless many are awaited already. */
  const askBeside = async (seen: Seen, member: MemberFindings): Promise<void> => {
    const asked = askAll(engines, seen, look.ofMembers(seen.content.type))
      .then((answers) => {
        member.answers = gather(answers, member);
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
      member.answers = gather(answers, member);
      member.takenApart = takenApart;
      if (troubles.length > 0) member.troubles = [...(member.troubles ?? []), ...troubles];
    } finally {
      piece.close();
    }
  };

  /** Searched for once: what may lie behind a file is looked for in all of it. */
  const readers = new WeakMap<Seen, { reader: Reader | undefined }>();

  const readerFor = (seen: Seen): Reader | undefined => {
    if (look.unpackBy === 'engines') return undefined;
    const known = readers.get(seen) ?? { reader: readerOf(seen.content.type, seen.piece, seen.name) };
    readers.set(seen, known);
    return known.reader;
  };

  const lookAt = async (seen: Seen, reader: Reader | undefined, earlier: EngineAnswer[]): Promise<Looked> => {
    if (reader === undefined) return { answers: await askAll(engines, seen, earlier) };
    const { type } = seen.content;
    // What only packs others, and is taken apart here, is not given to engines that would take it apart once more, unless they would then
    // not be asked about all of it.
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
    const own = members.slice(before).filter(({ parent }) => parent === seen.place);
    const isSeen = isKnown || (own.length > 0 && own.every(({ content }) => content !== undefined));
    if ((troubles.length > 0 || !isSeen) && later.length > 0 && !signal.aborted) {
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
    /** The vulnerable software that an engine found in all of them. */
    vulnerable: (engineId: string) => components.get(engineId)?.list(),
    /** What sensitive data an engine found in all of them. */
    sensitive: (engineId: string) => sensitive.get(engineId)?.all(),
    /** What was taken out. */
    bytes: () => budget?.bytes() ?? 0,
  };
};
