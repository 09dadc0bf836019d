/** Fonts that the build puts into the binary; importing one gives the path at which it can be read. */
declare module '*.ttf' {
  const path: string;
  export default path;
}

/** The licenses of those fonts, which go where the fonts go. */
declare module '*/licenses.txt' {
  const path: string;
  export default path;
}
