import { StringDecoder } from 'node:string_decoder';
import { Fault } from '../core/fault';
import { writeAll } from './output';

/** The terminal, which shows nothing of what is typed until it is closed. */
export interface Prompt {
  /** Reads a line. @throws Fault BAD_REQUEST when whoever types gives up */
  ask: (question: string) => Promise<string>;
  close: () => void;
}

const ENTER = ['\r', '\n'];
const ERASE = ['\u007f', '\b'];
/** Ctrl-C and Ctrl-D. */
const GIVE_UP = ['\u0003', '\u0004'];

/** Opens the terminal that is standard input. What is pasted as several lines answers several questions. */
export const openPrompt = (): Prompt => {
  const { stdin } = process;
  const decoder = new StringDecoder('utf8');
  const ahead: string[] = [];
  let line: string[] = [];
  let waiting: PromiseWithResolvers<string> | undefined;

  const end = (settle: (asked: PromiseWithResolvers<string>) => void) => {
    writeAll(2, '\n');
    if (waiting !== undefined) settle(waiting);
    waiting = undefined;
    line = [];
  };

  const read = () => {
    while (waiting !== undefined) {
      const character = ahead.shift();
      if (character === undefined) return;
      if (ENTER.includes(character)) {
        const typed = line.join('');
        end(({ resolve }) => resolve(typed));
      } else if (GIVE_UP.includes(character)) {
        end(({ reject }) => reject(new Fault('BAD_REQUEST', 'No password was given.')));
      } else if (ERASE.includes(character)) line.pop();
      else line.push(character);
    }
  };

  const listen = (piece: Buffer) => {
    ahead.push(...decoder.write(piece).replaceAll('\r\n', '\r'));
    read();
  };
  stdin.setRawMode(true);
  stdin.on('data', listen).resume();

  return {
    ask: (question) => {
      writeAll(2, question);
      waiting = Promise.withResolvers<string>();
      const { promise } = waiting;
      read();
      return promise;
    },
    close: () => {
      stdin.off('data', listen).pause();
      stdin.setRawMode(false);
    },
  };
};
