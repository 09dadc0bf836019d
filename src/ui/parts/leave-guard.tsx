import { useEffect } from 'react';
import { useProgram } from '../data/program';

/** Asks before the reader leaves what is not saved: this screen, or the page. */
export const useLeaveGuard = (dirty: boolean, question: string): void => {
  const { leaving } = useProgram();
  useEffect(() => {
    if (!dirty) return;
    const release = leaving.hold(question);
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => {
      release();
      window.removeEventListener('beforeunload', ask);
    };
  }, [dirty, question, leaving]);
};
