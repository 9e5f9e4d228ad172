// What some of several guardians want, and the answers of the others. To agree is to ask for exactly the same.
import { useTranslation } from 'react-i18next';
import type { Family } from '../../api/family.ts';
import { useAgree, useRefuseAgreement } from '../../api/family.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { Section } from '../../ui/section.tsx';
import { announceDone } from '../../ui/toast.tsx';
import { ProofRefusedError, useProof } from '../settings/proof.tsx';

export function Together({ family }: { readonly family: Family }) {
  const { t } = useTranslation('family');
  const problemWords = useProblemWords();
  const agree = useAgree();
  const refuse = useRefuseAgreement();
  const { prove, sheet } = useProof();
  const failure = agree.error ?? refuse.error;
  if (family.agreements.length === 0) return null;
  const say = async (act: () => Promise<boolean>, done: string, still: string): Promise<void> => {
    try {
      announceDone((await prove(act)) ? done : still);
    } catch (error) {
      if (error instanceof ProofRefusedError) agree.reset();
    }
  };
  return (
    <Section title={t('together.title')}>
      {failure === null || failure instanceof ProofRefusedError ? null : (
        <ErrorBand title={t('who.failed')}>{problemWords(failure)}</ErrorBand>
      )}
      <ul className="rows">
        {family.agreements.map((agreement) => (
          <li className="family-row" key={agreement.id}>
            <p className="family-name">
              {t(`together.${agreement.act}`, { names: agreement.wantedBy.join(', ') })}
            </p>
            {typeof agreement.wish['to'] === 'string' && agreement.act === 'invite' ? (
              <p className="quiet">{agreement.wish['to']}</p>
            ) : null}
            {agreement.byYou ? (
              <p className="quiet">{t('together.yours')}</p>
            ) : (
              <div className="family-answers">
                <Button
                  onPress={() =>
                    void say(() => agree.mutateAsync(agreement), t('together.agreed'), t('together.still'))
                  }
                >
                  {t('together.agree')}
                </Button>
                <Button
                  onPress={() =>
                    void say(
                      () => refuse.mutateAsync(agreement.id),
                      t('together.refused'),
                      t('together.refused'),
                    )
                  }
                >
                  {t('together.refuse')}
                </Button>
              </div>
            )}
          </li>
        ))}
      </ul>
      {sheet}
    </Section>
  );
}
