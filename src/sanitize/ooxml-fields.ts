import type { Element } from './xml';

/** Fields of Word that fetch, run or exchange data (ECMA-376 part 1, 17.16.5, and DDE of before). */
const ACTING =
  /^\s*(DDE|DDEAUTO|LINK|INCLUDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT|DATABASE|MACROBUTTON|CONTROL|HTMLCONTROL)\b/i;

/** Whether a field's instruction makes it act by itself. */
export const isActingField = (instruction: string): boolean => ACTING.test(instruction);

interface Field {
  instruction: string;
  /** The elements that the instruction is written in. */
  written: Element[];
  /** Another field stands where the name should: nobody knows what it comes to. */
  isComputed: boolean;
  isInResult: boolean;
}

/**
 * Follows the fields of a part as their pieces come.
 * @param act told of each field that acts, with the elements that make it do so
 */
export const createFields = (act: (instruction: string, written: Element[]) => void) => {
  const open: Field[] = [];

  const judge = ({ instruction, written, isComputed }: Field): void => {
    if (isComputed || isActingField(instruction)) act(instruction, written);
  };

  return {
    /** `w:fldChar` with its type. */
    mark: (type: string): void => {
      const field = open.at(-1);
      if (type === 'begin') {
        if (field !== undefined && !field.isInResult && field.instruction.trim() === '') field.isComputed = true;
        open.push({ instruction: '', written: [], isComputed: false, isInResult: false });
        return;
      }
      if (field === undefined) return;
      if (type === 'end') open.pop();
      if (!field.isInResult) judge(field);
      field.isInResult = true;
    },
    /** `w:instrText`, once its text is known: it belongs to every field whose instruction is still being written. */
    write: (element: Element): void => {
      for (const field of open) {
        if (field.isInResult) continue;
        field.instruction += element.text;
        field.written.push(element);
      }
    },
  };
};
