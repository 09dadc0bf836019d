/** The worker's source: imported as text, for a worker file of its own would be missing from the compiled binary. */
declare const source: string;
export default source;
