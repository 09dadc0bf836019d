import type { InStatement } from '@libsql/client';
import type { Member } from '../core/member';
import type { Database } from './open';

/** Members in one row: few enough to be read for a page of a list, many enough to be packed well. */
const PAGE = 200;

const pack = (members: Member[]): string => Bun.zstdCompressSync(JSON.stringify(members)).toString('hex');

/** The statements that keep the members of finished processings; in the same transaction as those. @param stillDue as in work.ts */
export const insertMembers = (
  finished: { id: string; fileId: string; members?: Member[] }[],
  stillDue: string,
): InStatement[] =>
  finished
    .filter(({ members }) => members !== undefined && members.length > 0)
    .map(({ id, fileId, members = [] }) => {
      const pages: { file: string; id: string; page: number; content: string }[] = [];
      for (let at = 0; at < members.length; at += PAGE) {
        pages.push({ file: fileId, id, page: at / PAGE, content: pack(members.slice(at, at + PAGE)) });
      }
      return {
        sql: `INSERT INTO members (processing_id, page, content)
          SELECT value ->> 'id', value ->> 'page', unhex(value ->> 'content') FROM json_each(:rows) WHERE ${stillDue}`,
        args: { rows: JSON.stringify(pages) },
      };
    });

/** What lay in files, by the processing that took them apart. */
export const createMemberQueries = ({ client }: Database) => ({
  /** Members from a place in the list on; those that matter most come first. */
  list: async (processingId: string, from: number, limit: number): Promise<Member[]> => {
    const first = Math.floor(from / PAGE);
    const { rows } = await client.execute({
      sql: 'SELECT content FROM members WHERE processing_id = :id AND page BETWEEN :first AND :last ORDER BY page',
      args: { id: processingId, first, last: Math.floor((from + limit - 1) / PAGE) },
    });
    const members = rows.flatMap(
      ({ content }) => JSON.parse(Bun.zstdDecompressSync(content as ArrayBuffer).toString()) as Member[],
    );
    return members.slice(from - first * PAGE, from - first * PAGE + limit);
  },
});

export type MemberQueries = ReturnType<typeof createMemberQueries>;
