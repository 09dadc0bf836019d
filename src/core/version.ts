declare const ASSAY_VERSION: string;

/** The program's version and commit, "0.1.0+d748371c2e"; "development" when it runs from source. */
export const version = typeof ASSAY_VERSION === 'string' ? ASSAY_VERSION : 'development';
