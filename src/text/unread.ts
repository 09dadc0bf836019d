/** Why the text of a file, or the rest of it, cannot be read: nobody here reads it (skipped), or it is damaged (failed). The shape of the engines' `TextError`. */
export const unread = (how: 'skipped' | 'failed', message: string): Error =>
  Object.assign(new Error(message), { unread: how });
