import { Alert } from '@mantine/core';
import { WifiOff } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useProgram } from '../data/program';
import { shellTexts } from '../texts/shell';

/** A stream that is begun anew is away for a moment; only what lasts is worth a word. Milliseconds. */
const PATIENCE = 4_000;

/** Says when what is shown is not live. */
export const Offline = () => {
  const { live } = useProgram();
  const state = useSyncExternalStore(live.subscribe, live.state);
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (state === 'live') return;
    const timer = setTimeout(() => setLate(true), PATIENCE);
    return () => clearTimeout(timer);
  }, [state]);
  if (state === 'live' || !late) return null;
  return (
    <Alert color="yellow" icon={<WifiOff size={18} aria-hidden />} mb="md" p="xs" role="status">
      {shellTexts.reconnecting}
    </Alert>
  );
};
