import { isClickable } from './address';

/** Fields of Word that fetch, run or exchange data (ECMA-376 part 1, 17.16.5, and DDE of before). */
const ACTING =
  /^\s*(DDE|DDEAUTO|LINK|INCLUDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT|DATABASE|MACROBUTTON|CONTROL|HTMLCONTROL|RD|PRINT)\b/i;

/** A link to click: its switches, and where it leads. */
const LINK = /^\s*HYPERLINK\s+(?:\\[nt]\s+)*(?!\\[lms])"?([^"]*)/i;

/** Whether a field's instruction makes it act by itself, or lead to something else than a page or a letter. */
export const isActingField = (instruction: string): boolean => {
  const target = LINK.exec(instruction)?.[1];
  return ACTING.test(instruction) || (target !== undefined && !isClickable(target));
};

/** Fields in fields; Word itself makes twenty. */
const DEEPEST = 100;

interface Field<Piece> {
  instruction: string;
  /** What the instruction is written in. */
  written: Piece[];
  /** Another field stands where the name should: nobody knows what it comes to. */
  isComputed: boolean;
  isInResult: boolean;
}

/**
 * Follows the fields of a text as their pieces come.
 * @param act told of each field that acts, with the pieces that make it do so
 */
export const createFields = <Piece>(act: (instruction: string, written: Piece[]) => void) => {
  const open: Field<Piece>[] = [];

  const judge = ({ instruction, written, isComputed }: Field<Piece>): void => {
    if (isComputed || isActingField(instruction)) act(instruction, written);
  };

  return {
    /** A mark of a field: `begin`, `separate` in front of what it shows, or `end`. */
    mark: (type: string): void => {
      const field = open.at(-1);
      if (type === 'begin') {
        if (field !== undefined && !field.isInResult && field.instruction.trim() === '') field.isComputed = true;
        if (open.length >= DEEPEST) throw new Error('Its fields lie deeper in one another than is looked through.');
        open.push({ instruction: '', written: [], isComputed: false, isInResult: false });
        return;
      }
      if (field === undefined) return;
      if (type === 'end') open.pop();
      if (!field.isInResult) judge(field);
      field.isInResult = true;
    },
    /** A piece of text: it belongs to every field whose instruction is still being written. */
    write: (text: string, piece: Piece): void => {
      for (const field of open) {
        if (field.isInResult) continue;
        field.instruction += text;
        field.written.push(piece);
      }
    },
  };
};
