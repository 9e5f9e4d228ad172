// The whole record to take away: as a file that anybody can verify without us, or on paper.
import { useTranslation } from 'react-i18next';
import { fetchExport, recordPrintHref, useKept } from '../../api/keeping.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Section } from '../../ui/section.tsx';
import { announceDone } from '../../ui/toast.tsx';
import { ProofRefusedError, useProof } from './proof.tsx';

export function TakeAway() {
  const { t } = useTranslation('account');
  const problemWords = useProblemWords();
  const language = useLanguage();
  const { prove, sheet } = useProof();
  const kept = useKept(() => prove(fetchExport));
  const failed = kept.error !== null && !(kept.error instanceof ProofRefusedError);
  return (
    <Section title={t('takeAway.title')}>
      <div className="stack">
        <p>{t('takeAway.what')}</p>
        <p className="quiet">{t('takeAway.private')}</p>
        {failed ? <ErrorBand title={t('takeAway.failed')}>{problemWords(kept.error)}</ErrorBand> : null}
        <div className="row">
          <Button
            busy={kept.isPending && t('takeAway.busy')}
            icon="download"
            onPress={() => kept.mutate(undefined, { onSuccess: () => announceDone(t('takeAway.done')) })}
          >
            {t('takeAway.act')}
          </Button>
          <LinkButton href={recordPrintHref(language)} icon="print" newTab>
            {t('takeAway.print')}
          </LinkButton>
        </div>
      </div>
      {sheet}
    </Section>
  );
}
