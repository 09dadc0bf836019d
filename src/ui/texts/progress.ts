import { count, counted } from '../parts/amounts';

export const progressTexts = {
  label: 'Progress',
  of: (done: number, total: number, percent: number) => `${count(done)} of ${counted(total, 'file')} · ${percent} %`,
  finding: (done: number, total: number) => `${count(done)} of ${count(total)} so far; files are still being found`,
  rate: (rate: string) => `${rate} files/s`,
  left: (time: string) => `about ${time} left`,
};
