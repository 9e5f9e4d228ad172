// What the server refuses a clinician, in plain words; everything else as everywhere.
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';
import { useProblemWords } from '../api/problem-words.ts';

const KNOWN = [
  'card-not-valid',
  'uhid-wrong',
  'not-found',
  'own-record',
  'blocked',
  'licence-needed',
  'code-malformed',
  'code-dead',
  'request-over',
  'too-many-codes',
  'reason-wrong',
  'words-wrong',
  'own-emergency',
  'reviewed-already',
  'answered-already',
  'own-look',
  'no-grant-before',
  'own-answer',
  'grant-over',
  'passkey-not-accepted',
  'card-closed',
] as const;

export function useClinicProblem(): (error: unknown) => string {
  const { t } = useTranslation('clinic');
  const problemWords = useProblemWords();
  return (error) => {
    if (error instanceof ApiError) {
      const tries = /^tries-left-(\d+)$/.exec(error.fieldErrors['code'] ?? '')?.[1];
      if (error.code === 'code-wrong') return t('problem.codeWrong', { count: Number(tries ?? 0) });
      const known = KNOWN.find((each) => each === error.code);
      if (known !== undefined) return t(`problem.${known}`);
    }
    return problemWords(error);
  };
}
