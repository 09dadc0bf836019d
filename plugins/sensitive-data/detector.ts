/** Something in a text that may be sensitive data. */
export interface Candidate {
  /** Where it lies in the text that was searched. */
  start: number;
  end: number;
  /** Without separators: two of the same value are one. */
  value: string;
  /** What its form alone says, from 0 to 100; 0 is hidden where it stands in another one's context, and not reported. */
  score: number;
  /** As it may be shown and kept. */
  masked: string;
}

/** Finds one type of sensitive data. */
export interface Detector {
  type: string;
  displayName: string;
  /** In the time of a constant number of passes over the text, whatever it holds. In the text's order, none within another. */
  find: (text: string) => Iterable<Candidate>;
  /** Words near by, or over its column, that make it likelier or less likely. Small letters. */
  words?: { for?: RegExp; against?: RegExp };
  /** What the words add to the score, and take from it. */
  weight?: { for: number; against: number };
  /** What the whole file says to the score of each: how many different ones there are, and how many only look like one. */
  adjust?: (different: number, lookalikes: number) => number;
  /** Fewer different ones than this are nothing to report. */
  least?: number;
}
