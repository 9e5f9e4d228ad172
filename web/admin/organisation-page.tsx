// One organisation: licences that wait for a look, its people, who was invited, and the organisation itself.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Organization, OrganizationInvite } from '../api/places.ts';
import { closeOrganization, organizationQuery, renameOrganization, withdrawInvite } from '../api/places.ts';
import { formatDate } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { Band } from '../ui/band.tsx';
import { Button } from '../ui/button.tsx';
import { Loading, PageTitle, Section } from '../ui/section.tsx';
import { TextField } from '../ui/text-field.tsx';
import { announceDone } from '../ui/toast.tsx';
import './admin.css';
import { InvitePerson } from './invite-person.tsx';
import { LicencesWaiting } from './licences-waiting.tsx';
import { MemberRow } from './member-row.tsx';
import { ProblemBand } from './problem-band.tsx';
import { useAct } from './use-act.ts';

export function OrganisationPage() {
  const { t } = useTranslation(['places', 'common']);
  const { id = '' } = useParams({ strict: false });
  const { data, error } = useQuery(organizationQuery(id));
  if (data === undefined)
    return (
      <div className="admin">
        <PageTitle>{t('admin.title')}</PageTitle>
        {error === null ? <Loading>{t('common:loading')}</Loading> : <ProblemBand error={error} />}
      </div>
    );
  return (
    <div className="admin">
      <PageTitle lead={t('organisation.lead')}>{data.name ?? t('admin.title')}</PageTitle>
      {data.closed ? <Band tone="caution">{t('organisation.closedNow')}</Band> : null}
      <LicencesWaiting organisation={data} />
      <Section action={<InvitePerson id={data.id} />} title={t('people.title')}>
        {data.members.length === 0 ? <p className="quiet">{t('people.none')}</p> : null}
        <ul className="rows">
          {data.members.map((member) => (
            <MemberRow key={member.id} member={member} organisation={data.id} />
          ))}
        </ul>
      </Section>
      <Section title={t('invites.title')}>
        {data.invites.length === 0 ? <p className="quiet">{t('invites.none')}</p> : null}
        <ul className="rows">
          {data.invites.map((invite) => (
            <InviteRow invite={invite} key={invite.id} organisation={data.id} />
          ))}
        </ul>
      </Section>
      <Itself key={data.name} organisation={data} />
    </div>
  );
}

function InviteRow({
  organisation,
  invite,
}: {
  readonly organisation: string;
  readonly invite: OrganizationInvite;
}) {
  const { t } = useTranslation('places');
  const language = useLanguage();
  const withdraw = useAct(withdrawInvite);
  return (
    <li className="admin-row">
      <div className="admin-who">
        <p className="admin-name">{invite.to}</p>
        <p className="quiet small">
          {t(`role.${invite.role}`)} · {t('invites.until', { when: formatDate(invite.expiresAt, language) })}
        </p>
        <ProblemBand error={withdraw.error} />
      </div>
      <Button
        busy={withdraw.isPending && t('working')}
        label={t('invites.withdrawFrom', { to: invite.to })}
        onPress={() => withdraw.mutate({ id: organisation, invite: invite.id })}
      >
        {t('invites.withdraw')}
      </Button>
    </li>
  );
}

function Itself({ organisation }: { readonly organisation: Organization }) {
  const { t } = useTranslation('places');
  const [name, setName] = useState(organisation.name ?? '');
  const rename = useAct(renameOrganization);
  const close = useAct(closeOrganization);
  const closing = !organisation.closed;
  const same = name.trim() === '' || name.trim() === organisation.name;
  return (
    <Section title={t('organisation.itself')}>
      <form
        className="admin-rename"
        onSubmit={(event) => {
          event.preventDefault();
          if (!same)
            rename.mutate(
              { id: organisation.id, name },
              { onSuccess: () => announceDone(t('organisation.renamed')) },
            );
        }}
      >
        <TextField autoCapitalize="words" label={t('name')} onChange={setName} value={name} />
        <Button
          busy={rename.isPending && t('working')}
          missing={same ? t('organisation.sameName') : undefined}
          type="submit"
        >
          {t('organisation.rename')}
        </Button>
      </form>
      <ProblemBand error={rename.error} />
      {organisation.operator ? (
        <div className="stack">
          <p className="quiet">{t(closing ? 'organisation.closeWhat' : 'organisation.openWhat')}</p>
          <ProblemBand error={close.error} />
          <p>
            <Button
              busy={close.isPending && t('working')}
              look={closing ? 'danger' : 'plain'}
              onPress={() => close.mutate({ id: organisation.id, closing })}
            >
              {t(closing ? 'organisation.close' : 'organisation.open')}
            </Button>
          </p>
        </div>
      ) : null}
    </Section>
  );
}
