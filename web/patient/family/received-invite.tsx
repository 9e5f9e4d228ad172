// An invitation to become a guardian, with both answers of equal width: nobody is one before they say so.
import { useTranslation } from 'react-i18next';
import type { Invite } from '../../api/family.ts';
import { useAnswerInvite } from '../../api/family.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { announceDone } from '../../ui/toast.tsx';
import { ProofRefusedError, useProof } from '../settings/proof.tsx';

export function ReceivedInvite({
  invite,
  onAnswered,
}: {
  readonly invite: Invite;
  readonly onAnswered?: () => void;
}) {
  const { t } = useTranslation('family');
  const problemWords = useProblemWords();
  const answer = useAnswerInvite();
  const { prove, sheet } = useProof();
  const say = async (said: 'accept' | 'decline'): Promise<void> => {
    try {
      await prove(() => answer.mutateAsync({ id: invite.id, answer: said }));
      announceDone(
        said === 'accept' ? t('received.accepted', { person: invite.for }) : t('received.declined'),
      );
      onAnswered?.();
    } catch (error) {
      if (error instanceof ProofRefusedError) answer.reset();
    }
  };
  return (
    <>
      {answer.error === null ? null : (
        <ErrorBand title={t('received.failed')}>{problemWords(answer.error)}</ErrorBand>
      )}
      <p className="family-name">{t('received.of', { person: invite.for, from: invite.from })}</p>
      <p className="quiet">{t('received.may', { level: t(`level.${invite.level}`) })}</p>
      <div className="family-answers">
        <Button look="primary" onPress={() => void say('accept')}>
          {t('received.accept')}
        </Button>
        <Button onPress={() => void say('decline')}>{t('received.decline')}</Button>
      </div>
      {sheet}
    </>
  );
}
