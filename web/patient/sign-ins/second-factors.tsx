// What is asked for after the password: an authenticator app, a code by mail, and the codes for a lost phone.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import {
  factorsQuery,
  useBeginMailStep,
  useBeginTotp,
  useMakeRecoveryCodes,
  useRemoveMailStep,
  useRemoveTotp,
} from '../../api/factors.ts';
import type { NewTotp } from '../../api/factors.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { formatDate } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { Band, ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { Loading, Section } from '../../ui/section.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { announceDone } from '../../ui/toast.tsx';
import { ProofRefusedError, useProof } from '../settings/proof.tsx';
import { AuthenticatorForm } from './authenticator.tsx';
import { MailStepForm } from './mail-step.tsx';
import { NewRecoveryCodes } from './new-recovery-codes.tsx';

type Open =
  | { readonly kind: 'totp'; readonly begun: NewTotp }
  | { readonly kind: 'mail'; readonly token: string }
  | { readonly kind: 'codes'; readonly codes: readonly string[] };

export function SecondFactors() {
  const { t } = useTranslation(['account', 'common']);
  const problemWords = useProblemWords();
  const language = useLanguage();
  const { data, error } = useQuery(factorsQuery);
  const [beginTotp, beginMail] = [useBeginTotp(), useBeginMailStep()];
  const [removeTotp, removeMail, makeCodes] = [useRemoveTotp(), useRemoveMailStep(), useMakeRecoveryCodes()];
  const { prove, sheet } = useProof();
  const [open, setOpen] = useState<Open>();
  const [failure, setFailure] = useState<Error>();
  const act = async (work: () => Promise<void>): Promise<void> => {
    setFailure(undefined);
    try {
      await work();
    } catch (caught) {
      if (!(caught instanceof ProofRefusedError)) setFailure(caught as Error);
    }
  };
  const added = (words: string) => (codes: readonly string[]) => {
    announceDone(words);
    setOpen(codes.length > 0 ? { kind: 'codes', codes } : undefined);
  };
  if (data === undefined)
    return (
      <Section title={t('factors.title')}>
        {error === null ? (
          <Loading>{t('common:loading')}</Loading>
        ) : (
          <ErrorBand>{problemWords(error)}</ErrorBand>
        )}
      </Section>
    );
  const since = (instant: string) => t('factors.since', { when: formatDate(instant, language) });
  const left = data.recoveryCodesLeft;
  return (
    <Section title={t('factors.title')}>
      <div className="stack">
        <p>{t(data.needed ? 'factors.whatStaff' : 'factors.what')}</p>
        {failure === undefined ? null : (
          <ErrorBand title={t('factors.notChanged')}>{problemWords(failure)}</ErrorBand>
        )}
        {data.asked.length > 0 && left <= 2 ? (
          <Band tone="caution">{t('recoveryCodes.few', { count: left })}</Band>
        ) : null}
      </div>
      <ul className="rows">
        <FactorRow
          detail={data.totpSince === null ? t('totp.none') : since(data.totpSince)}
          title={t('totp.title')}
        >
          {data.totpSince === null ? (
            <Button
              busy={beginTotp.isPending && t('factors.beginning')}
              onPress={() =>
                void act(async () =>
                  setOpen({ kind: 'totp', begun: await prove(() => beginTotp.mutateAsync()) }),
                )
              }
            >
              {t('totp.add')}
            </Button>
          ) : (
            <Button
              look="link"
              onPress={() =>
                void act(async () => {
                  await prove(() => removeTotp.mutateAsync(undefined));
                  announceDone(t('totp.removed'));
                })
              }
            >
              {t('totp.remove')}
            </Button>
          )}
        </FactorRow>
        {data.mailOffered || data.mailSince !== null ? (
          <FactorRow
            detail={data.mailSince === null ? t('mailStep.none') : since(data.mailSince)}
            title={t('mailStep.title')}
          >
            {data.mailSince === null ? (
              <Button
                busy={beginMail.isPending && t('factors.beginning')}
                onPress={() =>
                  void act(async () => {
                    const { token } = await prove(() => beginMail.mutateAsync());
                    setOpen({ kind: 'mail', token });
                  })
                }
              >
                {t('mailStep.add')}
              </Button>
            ) : (
              <Button
                look="link"
                onPress={() =>
                  void act(async () => {
                    await prove(() => removeMail.mutateAsync(undefined));
                    announceDone(t('mailStep.removed'));
                  })
                }
              >
                {t('mailStep.remove')}
              </Button>
            )}
          </FactorRow>
        ) : null}
        {data.asked.length === 0 ? null : (
          <FactorRow detail={t('recoveryCodes.left', { count: left })} title={t('recoveryCodes.title')}>
            <Button
              busy={makeCodes.isPending && t('factors.beginning')}
              look="link"
              onPress={() =>
                void act(async () => {
                  const { recoveryCodes } = await prove(() => makeCodes.mutateAsync(undefined));
                  setOpen({ kind: 'codes', codes: recoveryCodes });
                })
              }
            >
              {t('recoveryCodes.make')}
            </Button>
          </FactorRow>
        )}
      </ul>
      <Sheet onClose={() => setOpen(undefined)} open={open?.kind === 'totp'} title={t('totp.ask')}>
        {open?.kind === 'totp' ? (
          <AuthenticatorForm begun={open.begun} onDone={added(t('totp.added'))} prove={prove} />
        ) : null}
      </Sheet>
      <Sheet onClose={() => setOpen(undefined)} open={open?.kind === 'mail'} title={t('mailStep.ask')}>
        {open?.kind === 'mail' ? (
          <MailStepForm onDone={added(t('mailStep.added'))} prove={prove} token={open.token} />
        ) : null}
      </Sheet>
      <Sheet onClose={() => setOpen(undefined)} open={open?.kind === 'codes'} title={t('recoveryCodes.ask')}>
        {open?.kind === 'codes' ? (
          <NewRecoveryCodes codes={open.codes} onKept={() => setOpen(undefined)} />
        ) : null}
      </Sheet>
      {sheet}
    </Section>
  );
}

function FactorRow({
  title,
  detail,
  children,
}: {
  readonly title: string;
  readonly detail: string;
  readonly children: React.ReactNode;
}) {
  return (
    <li className="session">
      <div>
        <p className="session-agent">{title}</p>
        <p className="quiet small">{detail}</p>
      </div>
      {children}
    </li>
  );
}
