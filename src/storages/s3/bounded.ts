import type { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { notAsS3 } from './body';

/** More than any answer has that is no object's content: a listing of 1000 of the longest keys takes 4 MB. Bytes. */
const LONGEST_ANSWER = 16 * 1024 * 1024;

interface Answer {
  statusCode: number;
  body?: Readable;
}

const isAnswer = (response: unknown): response is Answer =>
  typeof response === 'object' && response !== null && 'statusCode' in response;

/** Ends answers that the client would read into memory and that do not end. */
export const boundAnswers = (client: S3Client): void => {
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const result = await next(args);
        const { response } = result;
        // The content of an object is read by ourselves, piece by piece.
        if (!isAnswer(response) || (commandName === 'GetObjectCommand' && response.statusCode < 300)) return result;
        let read = 0;
        const { body } = response;
        body?.on('data', (piece: Uint8Array) => {
          read += piece.length;
          if (read > LONGEST_ANSWER) body.destroy(notAsS3('the answer does not end'));
        });
        body?.pause();
        return result;
      },
    { step: 'deserialize', priority: 'low', name: 'boundAnswers' },
  );
};
