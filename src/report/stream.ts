const ENCODER = new TextEncoder();

/** A body that is made as fast as it is read; a reader that goes away ends the making. */
export const toStream = (
  parts: AsyncGenerator<string | Uint8Array, void>,
  failed: (error: unknown) => void,
): ReadableStream<Uint8Array> =>
  new ReadableStream(
    {
      pull: async (controller) => {
        try {
          const { done, value } = await parts.next();
          if (done) return controller.close();
          controller.enqueue(typeof value === 'string' ? ENCODER.encode(value) : value);
        } catch (error) {
          failed(error);
          controller.error(error);
        }
      },
      cancel: async () => {
        await parts.return();
      },
    },
    // Nothing is made for a reader that does not ask (HEAD).
    { highWaterMark: 0 },
  );
