import { useEffect } from 'react';

const DIALOG = '[role=dialog]';

const lostFocus = () => document.activeElement === null || document.activeElement === document.body;

/** Gives the focus back to what opened a dialog once it is gone, whoever took it away; where that is gone, too, to the content. */
export const FocusKept = () => {
  useEffect(() => {
    let opener: HTMLElement | undefined;
    const giveBack = () => {
      if (document.querySelector(DIALOG) !== null) return;
      watch.disconnect();
      // Another screen has taken it already.
      if (!lostFocus()) return;
      opener?.focus({ preventScroll: true });
      if (lostFocus()) document.getElementById('content')?.focus({ preventScroll: true });
    };
    const watch = new MutationObserver(giveBack);
    const follow = ({ target }: FocusEvent) => {
      if (!(target instanceof HTMLElement)) return;
      if (target.closest(DIALOG) === null) opener = target;
      else watch.observe(document.body, { childList: true, subtree: true });
    };
    document.addEventListener('focusin', follow);
    return () => {
      document.removeEventListener('focusin', follow);
      watch.disconnect();
    };
  }, []);
  return null;
};
