/** Kinds of sheet that hold macros of Excel 4.0 and before (MS-XLS 2.4.28). */
const MACRO_SHEET = 1;
const VBA_SHEET = 6;
const FILE_PASS = 0x2f;
const BOUND_SHEET = 0x85;
const SUP_BOOK = 0x1ae;
const OBJ_PROJ = 0xd3;
const NAMES = new Set([0x18, 0x23]);
/** Queries of a database, of the web, connections, and numbers that come by the minute: QSI, DCONN, DBQUERYEXT, RTD. */
const FETCHING = new Set([0x1ad, 0x876, 0x803, 0x813]);
/** Functions of later versions that fetch, as names (MS-XLS 2.4.150), in one byte a letter or in two. */
const FETCHING_NAME = /_xlfn\.(WEBSERVICE|IMAGE)|_\0x\0l\0f\0n\0\.\0(W\0E\0B\0S\0E|I\0M\0A\0G\0E)/i;

/** The records of a workbook's stream, in place. */
function* recordsOf(stream: Uint8Array): Generator<{ type: number; at: number; data: Uint8Array }> {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  for (let at = 0; at + 4 <= stream.length; ) {
    const length = view.getUint16(at + 2, true);
    yield { type: view.getUint16(at, true), at, data: stream.subarray(at + 4, at + 4 + length) };
    at += 4 + length;
  }
}

/** Goes through a workbook's stream. @throws where macros or links lie among the cells, which cannot be taken out of there */
export const clearWorkbook = (stream: Uint8Array): void => {
  for (const { type, at, data } of recordsOf(stream)) {
    // Excel opens what is under its own password without asking for one.
    if (type === FILE_PASS) throw new Error('It is encrypted.');
    const kind = data[5];
    if (type === BOUND_SHEET && (kind === MACRO_SHEET || kind === VBA_SHEET)) {
      throw new Error('It has a sheet of macros of Excel 4.0, which cannot be taken out.');
    }
    // A workbook's own (two bytes 0x0401) and that of add-ins (0x3A01) name no file (MS-XLS 2.4.271).
    const isOwn = data[3] === 0x04 || data[3] === 0x3a;
    if (type === SUP_BOOK && !(isOwn && data[2] === 0x01)) {
      throw new Error('Its cells refer to other files or programs, which cannot be taken out.');
    }
    if (FETCHING.has(type) || (NAMES.has(type) && FETCHING_NAME.test(Buffer.from(data).toString('latin1')))) {
      throw new Error('Its cells are filled from elsewhere, which cannot be taken out.');
    }
    // That it has a macro project, which it has no more: a record of no meaning instead.
    if (type === OBJ_PROJ) stream[at] = 0x5c;
  }
};
