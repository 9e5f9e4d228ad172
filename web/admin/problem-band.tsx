// What went wrong with an act at work, where there is something to say.
import { ErrorBand } from '../ui/band.tsx';
import { usePlacesProblem } from './use-act.ts';

export function ProblemBand({ error, title }: { readonly error: unknown; readonly title?: string }) {
  const words = usePlacesProblem()(error);
  return words === undefined ? null : <ErrorBand title={title}>{words}</ErrorBand>;
}
