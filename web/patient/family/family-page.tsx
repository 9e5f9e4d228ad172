// Who looks after whom: those one acts for, invitations, and the guardians of the record that is shown.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { switchTo } from '../../api/acting.ts';
import { familyQuery, receivedQuery } from '../../api/family.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { lookedAfter, useSignedIn } from '../../api/session.ts';
import { formatDate } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { paths } from '../../paths.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Loading, PageTitle, Section } from '../../ui/section.tsx';
import { useNow } from '../who-looked/use-now.ts';
import { AddChild } from './add-child.tsx';
import { ClaimRecord } from './claim-record.tsx';
import { CustodyDispute } from './custody-dispute.tsx';
import './family.css';
import { Guardians } from './guardians.tsx';
import { ReceivedInvite } from './received-invite.tsx';
import { Together } from './together.tsx';

export function FamilyPage() {
  const { t } = useTranslation(['family', 'common']);
  const problemWords = useProblemWords();
  const family = useQuery(familyQuery);
  const received = useQuery(receivedQuery);
  const invites = received.data ?? [];
  return (
    <>
      <PageTitle lead={t('lead')}>{t('title')}</PageTitle>
      <div className="columns">
        {invites.length === 0 ? null : (
          <Section title={t('received.title')}>
            <ul className="rows">
              {invites.map((invite) => (
                <li className="family-row" key={invite.id}>
                  <ReceivedInvite invite={invite} />
                </li>
              ))}
            </ul>
          </Section>
        )}
        <ActingList />
        {family.error === null ? null : (
          <ErrorBand
            actions={<Button onPress={() => void family.refetch()}>{t('common:act.tryAgain')}</Button>}
          >
            {problemWords(family.error)}
          </ErrorBand>
        )}
        {family.isPending ? <Loading>{t('common:loading')}</Loading> : null}
        {family.data === undefined ? null : (
          <>
            <Together family={family.data} />
            <Guardians family={family.data} />
            <Majority at={family.data.majority?.at} from={family.data.majority?.togetherFrom} />
            <CustodyDispute family={family.data} />
          </>
        )}
      </div>
    </>
  );
}

function ActingList() {
  const { t } = useTranslation('family');
  const language = useLanguage();
  const me = useSignedIn();
  const now = lookedAfter({ ...me, patient: me.self });
  return (
    <Section title={t('acting.title')}>
      {me.actingFor.length === 0 ? <p className="quiet">{t('acting.none')}</p> : null}
      <ul className="rows">
        {me.actingFor.map((one) => (
          <li className="family-row" key={one.id}>
            <p className="family-name">{one.name}</p>
            <p className="quiet small family-level">
              {t(`level.${one.level}`)}
              {one.endsAt === null
                ? ''
                : `. ${t('acting.until', { date: formatDate(one.endsAt, language) })}`}
            </p>
            {now?.id === one.id ? (
              <p>{t('acting.now', { name: one.name })}</p>
            ) : (
              <Button onPress={() => switchTo(one.id, paths.home)}>
                {t('acting.act', { name: one.name })}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {now === undefined ? (
        <div className="family-add">
          <AddChild />
          <ClaimRecord />
        </div>
      ) : null}
    </Section>
  );
}

/** From when on the record is the young person's alone, and afterwards what guardians saw. */
function Majority({ at, from }: { readonly at: string | undefined; readonly from: string | undefined }) {
  const { t } = useTranslation('family');
  const language = useLanguage();
  const { patient, self } = useSignedIn();
  const now = useNow();
  if (at === undefined || from === undefined) return null;
  const date = formatDate(at, language);
  const isOver = Date.parse(at) <= now.getTime();
  return (
    <Section title={t('majority.title')}>
      <div className="stack">
        {isOver ? (
          <p>{t('majority.passed', { date })}</p>
        ) : (
          <>
            <p>{t('majority.at', { date, name: patient.name })}</p>
            <p>{t('majority.together', { date: formatDate(from, language), name: patient.name })}</p>
          </>
        )}
        {patient.id === self.id ? (
          <LinkButton href={paths.pastLooks}>{t('majority.looks')}</LinkButton>
        ) : null}
      </div>
    </Section>
  );
}
