/** How far a run is. It says 100 only of one that is over: while files are still being found, all that are known may be done. */
export const progressOf = ({ total, pending }: { total: number; pending: number }, over: boolean) => {
  const done = total - pending;
  const percent = over ? 100 : Math.min(99, total === 0 ? 0 : Math.floor((done * 100) / total));
  return { percent, done, total };
};
