// The guardians of the record that is shown: what each may do, until when, and the ways to change or end it.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Family, Guardian } from '../../api/family.ts';
import { LEVELS, useCancelInvite, useChangeLevel, useEndGuardian } from '../../api/family.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { lookedAfter, useSignedIn } from '../../api/session.ts';
import { formatDate } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { SelectField } from '../../ui/choice.tsx';
import { Section } from '../../ui/section.tsx';
import { announceDone } from '../../ui/toast.tsx';
import { ProofRefusedError, useProof } from '../settings/proof.tsx';
import { useNow } from '../who-looked/use-now.ts';
import { InviteGuardian } from './invite-guardian.tsx';

export function Guardians({ family }: { readonly family: Family }) {
  const { t } = useTranslation('family');
  const problemWords = useProblemWords();
  const me = useSignedIn();
  const other = lookedAfter({ ...me, patient: me.self });
  const mayManage = other === undefined || (other.level === 'manage' && !other.frozen);
  const now = useNow();
  const { majority } = family;
  const isMinor = majority !== undefined && Date.parse(majority.at) > now.getTime();
  const end = useEndGuardian();
  const change = useChangeLevel();
  const cancel = useCancelInvite();
  const { prove, sheet } = useProof();
  const [failure, setFailure] = useState<Error>();
  const act = async (doIt: () => Promise<boolean>, words: string): Promise<void> => {
    setFailure(undefined);
    try {
      announceDone((await prove(doIt)) ? words : t('who.waiting'));
    } catch (error) {
      if (!(error instanceof ProofRefusedError)) setFailure(error as Error);
    }
  };
  return (
    <Section title={other === undefined ? t('who.title') : t('who.titleOf', { name: other.name })}>
      {failure === undefined ? null : <ErrorBand title={t('who.failed')}>{problemWords(failure)}</ErrorBand>}
      {family.guardians.length === 0 ? <p className="quiet">{t('who.none')}</p> : null}
      <ul className="rows">
        {family.guardians.map((guardian) => (
          <li className="family-row" key={guardian.id}>
            <GuardianWords guardian={guardian} />
            {mayManage && !guardian.you ? (
              <SelectField
                label={t('who.level', { name: guardian.name })}
                onChange={(level) => {
                  if (level !== undefined && level !== guardian.level)
                    void act(() => change.mutateAsync({ id: guardian.id, level }), t('who.changed'));
                }}
                options={LEVELS.map((value) => ({ value, label: t(`level.${value}`) }))}
                value={guardian.level}
              />
            ) : null}
            {guardian.you || mayManage ? (
              <Button
                look="link"
                onPress={() =>
                  void act(() => end.mutateAsync(guardian.id), t('who.ended', { name: guardian.name }))
                }
              >
                {guardian.you ? t('who.leave') : t('who.end')}
                {guardian.you ? null : <span className="visually-hidden">: {guardian.name}</span>}
              </Button>
            ) : null}
          </li>
        ))}
        {family.invites.map((invite) => (
          <li className="family-row" key={invite.id}>
            <p className="quiet">
              {t('who.sent', {
                relationship: t(`relationship.${invite.relationship}`),
                level: t(`level.${invite.level}`),
              })}
            </p>
            {mayManage ? (
              <Button
                look="link"
                onPress={() => void act(() => cancel.mutateAsync(invite.id), t('received.declined'))}
              >
                {t('who.takeBack')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {mayManage ? <InviteGuardian ofMinor={isMinor} /> : null}
      {sheet}
    </Section>
  );
}

function GuardianWords({ guardian }: { readonly guardian: Guardian }) {
  const { t } = useTranslation('family');
  const language = useLanguage();
  const { name, level, relationship, startsAt, endsAt } = guardian;
  return (
    <>
      <p className="family-name">{guardian.you ? t('who.you', { name }) : name}</p>
      <p className="family-level">{t(`level.${level}`)}</p>
      <p className="quiet small">
        {t('who.from', {
          relationship: t(`relationship.${relationship}`),
          date: formatDate(startsAt, language),
        })}
        {endsAt === null ? '' : ` ${t('who.until', { date: formatDate(endsAt, language) })}`}
      </p>
    </>
  );
}
