import { ShieldCheck } from 'lucide-react';
import { Link } from 'wouter';
import { words } from '../texts/words';

export const Brand = () => (
  <Link href="/" className="brand">
    <ShieldCheck size={26} color="var(--mantine-color-sea-7)" aria-hidden />
    {words.product}
  </Link>
);
