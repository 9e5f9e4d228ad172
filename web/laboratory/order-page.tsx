// One order at a laboratory: whose it is, the sample, the values from a panel, what they mean, and the signature.
import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { shownOrderCode } from '../../core/record/order-code.ts';
import { useProblemWords } from '../api/problem-words.ts';
import type { OpenOrder } from '../api/results.ts';
import { orderQuery, useAccept, useDecline, useSample, useSign } from '../api/results.ts';
import { formatDate, formatDateTime, formatUhid } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { paths } from '../paths.ts';
import { Band, ErrorBand } from '../ui/band.tsx';
import { Button, LinkButton } from '../ui/button.tsx';
import { ResultRows } from '../ui/result-rows.tsx';
import { Loading, PageTitle, Section } from '../ui/section.tsx';
import { TextField } from '../ui/text-field.tsx';
import { EnterResults } from './enter-results.tsx';

export function OrderPage() {
  const { t } = useTranslation(['results', 'common']);
  const problemWords = useProblemWords();
  const { id = '' } = useParams({ strict: false });
  const { data, error } = useQuery(orderQuery(id));
  if (error !== null) return <ErrorBand>{problemWords(error)}</ErrorBand>;
  if (data === undefined) return <Loading>{t('common:loading')}</Loading>;
  return (
    <>
      <PageTitle lead={data.laboratory.name}>{data.test === '' ? t('unnamed') : data.test}</PageTitle>
      <Whose order={data} />
      {data.state === 'new' ? <Take order={data} /> : null}
      {data.state === 'declined' ? <Band tone="info">{t('lab.state.declined')}</Band> : null}
      {data.state === 'cancelled' ? (
        <Band tone="caution" title={t('lab.cancelled')}>
          {data.cancelled === null
            ? t('lab.cancelledNoReason')
            : t('lab.cancelledWhy', { reason: data.cancelled })}
        </Band>
      ) : null}
      {(['new', 'declined', 'cancelled'] as const).some((over) => over === data.state) ? null : (
        <Work order={data} />
      )}
      <div className="result-ways">
        <LinkButton href={paths.laboratory}>{t('lab.back')}</LinkButton>
      </div>
    </>
  );
}

function Whose({ order }: { readonly order: OpenOrder }) {
  const { t } = useTranslation('results');
  const language = useLanguage();
  const { name, birthDate, sex, uhid } = order.patient;
  const born =
    birthDate === null ? t('lab.bornUnknown') : t('lab.born', { when: formatDate(birthDate, language) });
  const known = sex === 'female' || sex === 'male' ? t(`lab.sex.${sex}`) : t('lab.sex.unknown');
  return (
    <Section title={t('lab.whose')}>
      <p>
        <strong>{name === '' ? t('lab.noName') : name}</strong>
      </p>
      <p className="quiet">{t('lab.person', { born, sex: known, uhid: formatUhid(uhid) })}</p>
      {order.code === null ? null : (
        <p className="quiet">{t('lab.number', { code: shownOrderCode(order.code) })}</p>
      )}
      {order.note === '' ? null : <p>{order.note}</p>}
    </Section>
  );
}

function Take({ order }: { readonly order: OpenOrder }) {
  const { t } = useTranslation('results');
  const problemWords = useProblemWords();
  const accept = useAccept(order.id);
  const decline = useDecline(order.id);
  const [reason, setReason] = useState('');
  const error = accept.error ?? decline.error;
  return (
    <Section title={t('lab.take')}>
      {error === null ? null : <ErrorBand>{problemWords(error)}</ErrorBand>}
      <div className="stack-wide">
        <Button busy={accept.isPending && t('working')} look="primary" onPress={() => accept.mutate()}>
          {t('lab.accept')}
        </Button>
        <TextField label={t('lab.reason')} maxLength={500} onChange={setReason} value={reason} />
        <Button
          missing={reason.trim().length < 3 ? t('lab.reasonMissing') : undefined}
          onPress={() => decline.mutate(reason.trim())}
        >
          {t('lab.decline')}
        </Button>
      </div>
    </Section>
  );
}

function Work({ order }: { readonly order: OpenOrder }) {
  const { t } = useTranslation('results');
  const language = useLanguage();
  const problemWords = useProblemWords();
  const sample = useSample(order.id);
  const sign = useSign(order.id);
  const [what, setWhat] = useState('');
  const [correcting, setCorrecting] = useState(false);
  const signed = order.state === 'signed';
  return (
    <>
      {order.laboratory.role === 'radiology' ? null : (
        <Section title={t('lab.sample')}>
          {order.takenAt === null ? null : (
            <p>{t('lab.taken', { when: formatDateTime(order.takenAt, language) })}</p>
          )}
          {sample.isError ? <ErrorBand>{problemWords(sample.error)}</ErrorBand> : null}
          {order.takenAt !== null || order.edition > 0 ? null : (
            <div className="stack-wide">
              <TextField
                label={t('lab.sampleWhat')}
                maxLength={100}
                onChange={setWhat}
                optional
                value={what}
              />
              <Button busy={sample.isPending && t('working')} onPress={() => sample.mutate(what.trim())}>
                {t('lab.sampleTaken')}
              </Button>
            </div>
          )}
        </Section>
      )}
      {sign.data === undefined || !signed ? null : (
        <Band announce tone="ok" title={t('lab.signed')}>
          {t(
            sign.data.critical ? 'lab.signedCritical' : sign.data.kept ? 'lab.signedKept' : 'lab.signedOpen',
          )}
        </Band>
      )}
      {signed && !correcting ? (
        <Section title={t('lab.isSigned')}>
          <Button onPress={() => setCorrecting(true)}>{t('lab.correct')}</Button>
        </Section>
      ) : null}
      {!signed || correcting ? <EnterResults order={order} /> : null}
      {order.preview === null ? null : (
        <Section note={t('lab.previewNote')} title={t('lab.preview')}>
          {order.critical ? (
            <Band tone="danger" title={t('lab.critical')}>
              {t('lab.criticalNote')}
            </Band>
          ) : null}
          <ResultRows resources={order.preview} />
          {sign.isError ? <ErrorBand>{problemWords(sign.error)}</ErrorBand> : null}
          <Button
            busy={sign.isPending && t('working')}
            look="primary"
            onPress={() => sign.mutate(undefined, { onSuccess: () => setCorrecting(false) })}
          >
            {t(order.edition > 0 ? 'lab.signCorrection' : 'lab.sign')}
          </Button>
        </Section>
      )}
    </>
  );
}
