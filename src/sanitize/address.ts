/** Where a link that a person clicks may lead: to a page, a letter, or another place in the document. */
export const isClickable = (address: string): boolean => /^(https?:|mailto:|tel:|#)/i.test(withoutBlanks(address));

/** A picture that lies in the address itself. */
export const isOwnPicture = (address: string): boolean =>
  /^data:image\/(png|jpe?g|gif|webp|bmp)[;,]/i.test(withoutBlanks(address));

// Blanks and control characters before and in a scheme are skipped by browsers (WHATWG URL, 4.4).
const withoutBlanks = (address: string): string => address.replaceAll(/[\u0000-\u0020]/g, '');

/** What rules fetch by without saying url(): imports, pictures by their resolution; and what is a script to browsers of old. */
const FETCHING = /@import|image-set|cross-fade|\bsrc\s*\(|\bimage\s*\(|expression|behavior|binding|\\/i;
const FETCHED = /url\s*\((?!\s*(["']\s*)?(#|data:image\/(png|jpe?g|gif|webp)))/i;

/** Whether style rules reach out of the document, or may: an escape hides what they say. */
export const reachesOut = (style: string): boolean => FETCHING.test(style) || FETCHED.test(style);
