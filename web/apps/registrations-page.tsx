// For those who make apps: register one, see what became of it. Its secret is shown this once.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { registrationsQuery, useRegisterApp } from '../api/apps.ts';
import type { MadeApp, NewApp, RegisteredApp } from '../api/apps.ts';
import { useProblemWords } from '../api/problem-words.ts';
import { Band, ErrorBand } from '../ui/band.tsx';
import { Button } from '../ui/button.tsx';
import { Choice } from '../ui/choice.tsx';
import { CopyValue } from '../ui/copy-value.tsx';
import { Loading, PageTitle, Section } from '../ui/section.tsx';
import { TextField } from '../ui/text-field.tsx';
import './apps.css';

export function RegistrationsPage() {
  const { t } = useTranslation(['apps', 'common']);
  const problemWords = useProblemWords();
  const { data, error } = useQuery(registrationsQuery);
  const [made, setMade] = useState<MadeApp>();
  return (
    <>
      <PageTitle lead={t('register.lead')}>{t('register.title')}</PageTitle>
      <div className="columns">
        {made === undefined ? null : (
          <Band announce title={t('register.made')} tone="ok">
            <ul>
              <CopyValue label={t('register.clientId')} value={made.clientId} />
              {made.secret === undefined ? null : (
                <CopyValue label={t('register.secret')} value={made.secret} />
              )}
            </ul>
            {made.secret === undefined ? null : <p>{t('register.secretOnce')}</p>}
          </Band>
        )}
        <Section title={t('register.own')}>
          {error === null ? null : <ErrorBand>{problemWords(error)}</ErrorBand>}
          {data === undefined && error === null ? <Loading>{t('common:loading')}</Loading> : null}
          {data?.apps.length === 0 ? <p className="quiet">{t('register.none')}</p> : null}
          <ul className="rows">
            {data?.apps.map((app) => (
              <OwnApp app={app} key={app.id} />
            ))}
          </ul>
        </Section>
        <Section title={t('register.new')}>
          <RegisterForm onMade={setMade} />
        </Section>
      </div>
    </>
  );
}

function OwnApp({ app }: { readonly app: RegisteredApp }) {
  const { t } = useTranslation('apps');
  return (
    <li className="app-row">
      <div>
        <p className="app-name">{app.name}</p>
        <p>{t(`state.${app.state}`)}</p>
        <p className="quiet small">{app.id}</p>
      </div>
    </li>
  );
}

const SUGGESTED_SCOPE = 'openid fhirUser launch/patient offline_access patient/*.rs';

function RegisterForm({ onMade }: { readonly onMade: (made: MadeApp) => void }) {
  const { t } = useTranslation('apps');
  const problemWords = useProblemWords();
  const register = useRegisterApp();
  const [name, setName] = useState('');
  const [about, setAbout] = useState('');
  const [contact, setContact] = useState('');
  const [redirects, setRedirects] = useState('');
  const [launch, setLaunch] = useState('');
  const [scope, setScope] = useState(SUGGESTED_SCOPE);
  const [proof, setProof] = useState<NewApp['proof']>();
  const [keys, setKeys] = useState('');
  const jwks = readKeys(keys);
  const missing =
    name.trim() === ''
      ? t('register.missing.name')
      : redirects.trim() === ''
        ? t('register.missing.redirect')
        : proof === undefined
          ? t('register.missing.proof')
          : proof === 'key' && jwks === undefined
            ? t('register.missing.keys')
            : undefined;
  const submit = (): void => {
    if (missing !== undefined || proof === undefined || register.isPending) return;
    register.mutate(
      {
        name,
        about,
        contact,
        redirectUris: redirects.split(/\s+/).filter((each) => each !== ''),
        ...(launch.trim() === '' ? {} : { launchUri: launch.trim() }),
        scope,
        proof,
        ...(proof === 'key' ? { jwks } : {}),
      },
      {
        onSuccess: (made) => {
          onMade(made);
          setName('');
          setRedirects('');
        },
      },
    );
  };
  return (
    <form
      className="stack-wide"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {register.isError ? (
        <ErrorBand title={t('register.notMade')}>{problemWords(register.error)}</ErrorBand>
      ) : null}
      <TextField
        hint={t('register.nameHint')}
        label={t('register.name')}
        maxLength={60}
        name="app-name"
        onChange={setName}
        value={name}
      />
      <TextField
        hint={t('register.aboutHint')}
        label={t('register.about')}
        maxLength={500}
        lines={3}
        name="app-about"
        onChange={setAbout}
        optional
        value={about}
      />
      <TextField
        hint={t('register.contactHint')}
        label={t('register.contact')}
        maxLength={200}
        name="app-contact"
        onChange={setContact}
        optional
        value={contact}
      />
      <TextField
        hint={t('register.redirectHint')}
        label={t('register.redirect')}
        maxLength={5000}
        lines={3}
        name="app-redirects"
        onChange={setRedirects}
        value={redirects}
      />
      <TextField
        hint={t('register.launchHint')}
        label={t('register.launch')}
        maxLength={500}
        name="app-launch"
        onChange={setLaunch}
        optional
        value={launch}
      />
      <TextField
        hint={t('register.scopeHint')}
        label={t('register.scope')}
        maxLength={8000}
        lines={3}
        name="app-scope"
        onChange={setScope}
        value={scope}
      />
      <Choice
        label={t('register.proof')}
        onChange={setProof}
        options={(['none', 'secret', 'key'] as const).map((value) => ({
          value,
          label: t(`proof.${value}`),
          hint: t(`proofHint.${value}`),
        }))}
        value={proof}
      />
      {proof === 'key' ? (
        <TextField
          hint={t('register.keysHint')}
          label={t('register.keys')}
          maxLength={20_000}
          lines={3}
          name="app-keys"
          onChange={setKeys}
          value={keys}
        />
      ) : null}
      <Button
        busy={register.isPending && t('register.sending')}
        look="primary"
        missing={missing}
        type="submit"
      >
        {t('register.act')}
      </Button>
    </form>
  );
}

function readKeys(text: string): object | undefined {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null && 'keys' in read ? read : undefined;
  } catch {
    return undefined;
  }
}
