// Sending files into a record: one's own, that of somebody one looks after, or, at work, anybody's by the number on their card. Whoever
// sends has a receipt and sees nothing of the record.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { documentKinds } from '../../core/record/document-kinds.ts';
import { parseUhid } from '../../core/card/uhid.ts';
import { BRINGING, workQuery } from '../api/clinic.ts';
import { lookedAfter, useSignedIn } from '../api/session.ts';
import { Band } from '../ui/band.tsx';
import { Choice, SelectField } from '../ui/choice.tsx';
import { PageTitle, Section } from '../ui/section.tsx';
import { TextField } from '../ui/text-field.tsx';
import { MOST_FILES } from './chosen-files.ts';
import { beginSending, useCurrentSending } from './current-sender.ts';
import { DropPlace } from './drop-place.tsx';
import type { Chosen } from './plan.ts';
import { Receipts } from './receipts.tsx';
import { SendingView } from './sending-view.tsx';
import './uploads.css';

export function UploadPage() {
  const { t } = useTranslation('uploads');
  const { account } = useSignedIn();
  const current = useCurrentSending(account.id);
  return (
    <div className="uploads">
      <PageTitle lead={t('lead')}>{t('title')}</PageTitle>
      {current === undefined ? <NewSending /> : <SendingView {...current} />}
      <Receipts />
    </div>
  );
}

function NewSending() {
  const { t } = useTranslation(['uploads', 'patient-record']);
  const me = useSignedIn();
  const other = lookedAfter(me);
  const { data: work } = useQuery(workQuery);
  const brings = work?.memberships.some(({ role }) => BRINGING.includes(role)) === true;
  const [whose, setWhose] = useState<'card' | 'own'>();
  const [uhid, setUhid] = useState('');
  const [kind, setKind] = useState<(typeof documentKinds)[number]>();
  const [accession, setAccession] = useState('');
  const [problem, setProblem] = useState<'uhid' | 'none' | 'many'>();
  const byCard = brings && (whose ?? 'card') === 'card';
  const parsed = parseUhid(uhid);
  const own = other === undefined ? t('whose.own') : t('whose.other', { name: other.name });
  const begin = (chosen: readonly Chosen[]): void => {
    const wrong =
      byCard && !parsed.ok
        ? 'uhid'
        : chosen.length === 0
          ? 'none'
          : chosen.length > MOST_FILES
            ? 'many'
            : undefined;
    setProblem(wrong);
    if (wrong !== undefined) return;
    beginSending(chosen, {
      accountId: me.account.id,
      kind,
      ...(brings && accession.trim() !== '' ? { accession: accession.trim() } : {}),
      ...(byCard && parsed.ok ? { uhid: parsed.uhid } : other === undefined ? {} : { patient: other.id }),
    });
  };
  return (
    <Section title={t('new')}>
      <div className="stack-wide">
        {brings ? (
          <Choice
            label={t('whose')}
            onChange={setWhose}
            options={[
              { value: 'card', label: t('whose.card') },
              { value: 'own', label: own },
            ]}
            side
            value={whose ?? 'card'}
          />
        ) : null}
        {byCard ? (
          <TextField
            autoComplete="off"
            error={problem === 'uhid' ? t('uhid.wrong') : undefined}
            hint={t('uhid.hint')}
            id="upload-uhid"
            inputMode="numeric"
            label={t('uhid')}
            maxLength={24}
            onChange={(value) => {
              setUhid(value);
              setProblem(undefined);
            }}
            value={uhid}
          />
        ) : null}
        <SelectField
          hint={t('kind.hint')}
          id="upload-kind"
          label={t('kind')}
          onChange={setKind}
          optional
          options={documentKinds.map((one) => ({
            value: one,
            label: t(`patient-record:document.${one}`),
          }))}
          value={kind}
        />
        {brings ? (
          <TextField
            autoCapitalize="none"
            autoComplete="off"
            hint={t('order.hint')}
            id="upload-order"
            label={t('order')}
            maxLength={64}
            onChange={setAccession}
            optional
            value={accession}
          />
        ) : null}
        <DropPlace onChosen={begin} />
        {problem === undefined ? null : (
          <Band announce tone="danger">
            {t(`need.${problem}`, { most: MOST_FILES })}
          </Band>
        )}
      </div>
    </Section>
  );
}
