import { bundlePage, type PageFile } from '../ui/bundle';

/** The files of the web page. From source they are bundled here; the build puts those that it has bundled in this module's place. */
export const readPageFiles = (): Promise<PageFile[]> => bundlePage();
