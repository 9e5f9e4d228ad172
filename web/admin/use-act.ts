// An act at work: asks for the password where it is wanted, then fetches anew what it may have changed, and says what went wrong.
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';
import { workQuery } from '../api/clinic.ts';
import { useLastingMutation } from '../api/lasting-mutation.ts';
import type { Licence } from '../api/places.ts';
import { PLACES } from '../api/places.ts';
import { useProblemWords } from '../api/problem-words.ts';
import { NotProvedError, useProve } from '../ui/prove.ts';

export function useAct<Input, Output>(act: (input: Input) => Promise<Output>) {
  const queries = useQueryClient();
  const prove = useProve();
  return useLastingMutation({
    mutationFn: (input: Input) => prove(() => act(input)),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: PLACES }),
        queries.invalidateQueries({ queryKey: workQuery.queryKey }),
      ]),
  });
}

const KNOWN = [
  'own-place',
  'last-administrator',
  'place-changed',
  'has-role',
  'organization-closed',
  'invite-over',
  'licence-checked',
  'number-wrong',
  'authority-wrong',
  'until-wrong',
] as const;

/** In plain words; undefined where there is nothing to say. */
export function usePlacesProblem(): (error: unknown) => string | undefined {
  const { t } = useTranslation('places');
  const problemWords = useProblemWords();
  return (error) => {
    if (error === null || error === undefined || error instanceof NotProvedError) return undefined;
    const known = error instanceof ApiError ? KNOWN.find((each) => each === error.code) : undefined;
    return known === undefined ? problemWords(error) : t(`problem.${known}`);
  };
}

/** "KMC 41001, Karnataka Medical Council"; the number alone where nobody wrote who gave it. */
export const licenceWords = ({ number, authority }: Licence): string =>
  authority === null ? number : `${number}, ${authority}`;
