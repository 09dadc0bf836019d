import { useQuery } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { useProgram } from '../data/program';
import type { Refusal } from '../data/refusal';
import { Loading } from '../parts/states';
import { ChoosePassword } from '../setup/choose-password';
import { SignIn } from './sign-in';

/** What stands at the front door goes to the set-up of a fresh Assay; a link to a screen asks for a sign-in. */
const FRONT = ['/', '/setup'];

/** What one who is not signed in sees. */
export const Out = ({ because }: { because?: Refusal }) => {
  const { session } = useProgram();
  const [path] = useLocation();
  const first = useQuery({ queryKey: ['first user'], queryFn: async () => (await session.firstUser()) ?? null });
  if (first.isPending && FRONT.includes(path)) return <Loading />;
  if (first.data && FRONT.includes(path)) return <ChoosePassword userName={first.data} />;
  return <SignIn because={because} fresh={Boolean(first.data)} />;
};
