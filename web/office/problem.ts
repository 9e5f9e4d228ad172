// What the server refuses a records officer, in plain words; everything else as everywhere.
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.ts';
import { useProblemWords } from '../api/problem-words.ts';

const WORDS = {
  'uhid-wrong': 'problem.number',
  'no-account': 'problem.noAccount',
  'not-enrolled-here': 'problem.notEnrolled',
  'merged-already': 'problem.inMerge',
  'merge-over': 'problem.mergeOver',
  'not-movable': 'problem.notMovable',
  'own-record': 'problem.ownRecord',
} as const;

const isKnown = (code: string): code is keyof typeof WORDS => Object.hasOwn(WORDS, code);

export function useOfficeProblem(): (error: unknown) => string {
  const { t } = useTranslation('office');
  const problemWords = useProblemWords();
  return (error) => {
    if (!(error instanceof ApiError)) return problemWords(error);
    if (error.status === 412) return t('problem.first');
    if (error.code === 'answered-already') return t('problem.answered');
    const { code } = error;
    if (isKnown(code)) return t(WORDS[code]);
    return error.status === 422 && error.code !== 'words-wrong' ? t('problem.unsound') : problemWords(error);
  };
}
