import { Button } from '@mantine/core';
import { Play } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../data/program';
import { activeTexts } from '../texts/runs';
import { StartDialog } from './start-dialog';

/** The way to a new scan, for those who may start one. */
export const StartButton = ({ variant = 'filled' }: { variant?: 'filled' | 'default' }) => {
  const [open, setOpen] = useState(false);
  if (!useMay('operator')) return null;
  return (
    <>
      <Button variant={variant} leftSection={<Play size={16} aria-hidden />} onClick={() => setOpen(true)}>
        {activeTexts.start}
      </Button>
      {open && <StartDialog close={() => setOpen(false)} />}
    </>
  );
};
