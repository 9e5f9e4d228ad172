// The organisations that one administers; for the operator's administrator all of them, and founding one.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ListedOrganization } from '../api/places.ts';
import { foundOrganization, organizationsQuery } from '../api/places.ts';
import { adminPaths, appPaths, paths } from '../paths.ts';
import { Button, LinkButton } from '../ui/button.tsx';
import { Loading, NextRow, PageTitle, Rows, Section } from '../ui/section.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { TextField } from '../ui/text-field.tsx';
import { ProblemBand } from './problem-band.tsx';
import { useAct } from './use-act.ts';
import './admin.css';

export function OrganisationsPage() {
  const { t } = useTranslation(['places', 'common']);
  const [name, setName] = useState('');
  const { data, error } = useQuery(organizationsQuery(name));
  return (
    <div className="admin">
      <PageTitle lead={t('admin.lead')}>{t('admin.title')}</PageTitle>
      <div className="row admin-ways">
        {data?.operator === true ? <Found /> : null}
        <LinkButton href={paths.acts} icon="document">
          {t('acts.title')}
        </LinkButton>
        {data?.operator === true ? (
          <LinkButton href={appPaths.administration} icon="key">
            {t('admin.apps')}
          </LinkButton>
        ) : null}
      </div>
      <ProblemBand error={error} />
      {data?.operator === true ? (
        <div className="admin-find">
          <TextField label={t('admin.find')} onChange={setName} value={name} />
        </div>
      ) : null}
      {data === undefined && error === null ? <Loading>{t('common:loading')}</Loading> : null}
      {data === undefined ? null : (
        <Section title={t('admin.list')}>
          {data.organizations.length === 0 ? <p className="quiet">{t('admin.none')}</p> : null}
          <Rows>
            {data.organizations.map((one) => (
              <OrganisationRow key={one.id} one={one} />
            ))}
          </Rows>
        </Section>
      )}
    </div>
  );
}

function OrganisationRow({ one }: { readonly one: ListedOrganization }) {
  const { t } = useTranslation('places');
  const lines = [
    t('admin.people', { count: one.members }),
    ...(one.licencesWaiting === 0 ? [] : [t('admin.licences', { count: one.licencesWaiting })]),
  ];
  return (
    <NextRow
      detail={lines.join(' ')}
      href={adminPaths.organization(one.id)}
      icon="hospital"
      kind={one.closed ? t('admin.closed') : undefined}
      title={one.name ?? one.id}
    />
  );
}

function Found() {
  const { t } = useTranslation('places');
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  const [name, setName] = useState('');
  const found = useAct(foundOrganization);
  return (
    <>
      <Button icon="plus" look="primary" onPress={() => setOpen(true)}>
        {t('found.open')}
      </Button>
      <Sheet onClose={() => setOpen(false)} open={isOpen} title={t('found.title')}>
        <form
          className="stack-wide"
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() === '') return;
            found.mutate(name, { onSuccess: ({ id }) => void navigate({ to: adminPaths.organization(id) }) });
          }}
        >
          <p className="quiet">{t('found.what')}</p>
          <ProblemBand error={found.error} title={t('found.failed')} />
          <TextField autoCapitalize="words" label={t('name')} onChange={setName} value={name} />
          <Button
            busy={found.isPending && t('working')}
            look="primary"
            missing={name.trim() === '' ? t('missing.name') : undefined}
            type="submit"
            wide
          >
            {t('found.act')}
          </Button>
        </form>
      </Sheet>
    </>
  );
}
