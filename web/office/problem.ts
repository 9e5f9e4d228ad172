// What the server refuses a records officer, in plain words; everything else as everywhere.
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';
import { useProblemWords } from '../api/problem-words.ts';

export function useOfficeProblem(): (error: unknown) => string {
  const { t } = useTranslation('office');
  const problemWords = useProblemWords();
  return (error) => {
    if (!(error instanceof ApiError)) return problemWords(error);
    if (error.status === 412) return t('problem.first');
    if (error.code === 'answered-already') return t('problem.answered');
    return error.status === 422 && error.code !== 'words-wrong' ? t('problem.unsound') : problemWords(error);
  };
}
