// Licences that somebody wrote down and nobody has looked at: number, authority and last day, to be compared with the register.
import { useTranslation } from 'react-i18next';
import type { Member, Organization } from '../api/places.ts';
import { checkLicence } from '../api/places.ts';
import { formatDate } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { Button } from '../ui/button.tsx';
import { Section } from '../ui/section.tsx';
import { announceDone } from '../ui/toast.tsx';
import { ProblemBand } from './problem-band.tsx';
import { licenceWords, useAct } from './use-act.ts';

export function LicencesWaiting({ organisation }: { readonly organisation: Organization }) {
  const { t } = useTranslation('places');
  const waiting = organisation.members.filter(({ entered }) => entered !== null);
  if (waiting.length === 0) return null;
  return (
    <Section note={t('licences.note')} title={t('licences.title')}>
      <ul className="rows">
        {waiting.map((member) => (
          <Waiting key={member.id} member={member} organisation={organisation.id} />
        ))}
      </ul>
    </Section>
  );
}

function Waiting({ organisation, member }: { readonly organisation: string; readonly member: Member }) {
  const { t } = useTranslation('places');
  const language = useLanguage();
  const check = useAct(checkLicence);
  const { entered } = member;
  if (entered === null) return null;
  const name = member.name ?? t('noName');
  const say = (finding: 'right' | 'wrong'): void =>
    check.mutate(
      { id: organisation, licence: entered.id, finding },
      { onSuccess: () => announceDone(t(`licences.done.${finding}`, { name })) },
    );
  return (
    <li className="admin-row">
      <div className="admin-who">
        <p className="admin-name">{name}</p>
        <p className="admin-licence">
          {t('licence.line', {
            licence: licenceWords(entered),
            when: formatDate(entered.until ?? '', language),
          })}
        </p>
        <ProblemBand error={check.error} />
      </div>
      {member.own ? (
        <p className="quiet small">{t('licences.own')}</p>
      ) : (
        <div className="row">
          <Button label={t('licences.rightOf', { name })} look="primary" onPress={() => say('right')}>
            {t('licences.right')}
          </Button>
          <Button label={t('licences.wrongOf', { name })} onPress={() => say('wrong')}>
            {t('licences.wrong')}
          </Button>
        </div>
      )}
    </li>
  );
}
