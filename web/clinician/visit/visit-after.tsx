// After signing: it is in the record, it waits for the network, or somebody has to look why it was not sent.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Kept, KeptVisit, Stop } from '../../api/kept-visits.ts';
import { saveKept } from '../../api/kept-visits.ts';
import { tellPatient } from '../../api/visits.ts';
import type { Grant } from '../../api/sharing.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { formatDateTime, formatTime } from '../../i18n/format.ts';
import { useLanguage } from '../../i18n/texts.ts';
import { clinicPaths, paths } from '../../paths.ts';
import { Band, ErrorBand } from '../../ui/band.tsx';
import { Button, LinkButton } from '../../ui/button.tsx';
import { PageTitle } from '../../ui/section.tsx';
import { OrdersOfChart } from '../orders-of-chart.tsx';

export function DoneView(props: {
  readonly visit: KeptVisit;
  readonly name: string;
  readonly patientId: string;
  readonly onAnother: () => void;
}) {
  const { t } = useTranslation('visit');
  const language = useLanguage();
  const problem = useProblemWords();
  const { visit, name } = props;
  const [told, setTold] = useState(visit.told === true);
  const [telling, setTelling] = useState(false);
  const [failed, setFailed] = useState<unknown>();
  const { encounter } = visit;
  return (
    <div className="clinic stack-wide">
      <PageTitle lead={name}>
        {t('done.title', {
          when: formatDateTime(visit.signing?.at ?? visit.draft.startedAt, language),
        })}
      </PageTitle>
      <Band announce tone="ok">
        {t('done.text', { name })} {told ? t('done.told', { name }) : null}
      </Band>
      {failed === undefined ? null : <ErrorBand>{problem(failed)}</ErrorBand>}
      <div className="row">
        <LinkButton href={paths.clinic} look="primary">
          {t('done.next')}
        </LinkButton>
        {told || encounter === undefined ? null : (
          <Button
            busy={telling && t('done.telling')}
            icon="bell"
            onPress={() => {
              setTelling(true);
              tellPatient(encounter)
                .then(() => setTold(true), setFailed)
                .finally(() => setTelling(false));
            }}
          >
            {t('done.tell')}
          </Button>
        )}
        <LinkButton href={clinicPaths.patient(props.patientId)}>{t('toChart')}</LinkButton>
        <Button look="link" onPress={props.onAnother}>
          {t('done.another')}
        </Button>
      </div>
      {encounter === undefined ? null : <OrdersOfChart patientId={props.patientId} visit={encounter} />}
    </div>
  );
}

/** What was written after the pen had ended was sent to the person, who takes it in or not. */
export function LateView(props: {
  readonly name: string;
  readonly patientId: string;
  readonly onAnother: () => void;
}) {
  const { t } = useTranslation('visit');
  return (
    <div className="clinic stack-wide">
      <PageTitle lead={props.name}>{t('late.sentTitle')}</PageTitle>
      <Band announce tone="ok">
        {t('late.sentText', { name: props.name })}
      </Band>
      <div className="row">
        <LinkButton href={paths.clinic} look="primary">
          {t('done.next')}
        </LinkButton>
        <LinkButton href={clinicPaths.patient(props.patientId)}>{t('toChart')}</LinkButton>
        <Button look="link" onPress={props.onAnother}>
          {t('done.another')}
        </Button>
      </div>
    </div>
  );
}

export function WaitsView(props: {
  readonly account: string;
  readonly of: Kept;
  readonly name: string;
  readonly held: readonly Grant[];
  readonly onSend: (waiting: Kept) => Promise<void>;
  readonly onChanged: () => void;
}) {
  const { t } = useTranslation('visit');
  const { of, name } = props;
  const pen = props.held.find(({ basis, state }) => basis === 'edit' && state === 'active');
  return (
    <div className="clinic stack-wide">
      <PageTitle lead={name}>{t('waits.title')}</PageTitle>
      <Band tone="caution">
        {pen?.endsAt == null ? t('waits.noEnd') : t('waits.text', { until: formatTime(pen.endsAt) })}
      </Band>
      <div className="row">
        <Button label={t('waits.nowOf', { name })} look="primary" onPress={() => void props.onSend(of)}>
          {t('waits.now')}
        </Button>
        {of.unanswered > 0 ? null : (
          <Button
            look="link"
            onPress={() =>
              void saveKept(
                props.account,
                { ...of, state: 'open', signing: undefined },
                of.revision,
                Date.now(),
              ).then(props.onChanged)
            }
          >
            {t('waits.unsign')}
          </Button>
        )}
        <LinkButton href={paths.clinic}>{t('done.next')}</LinkButton>
      </div>
    </div>
  );
}

/** Why a signed visit came back. Nothing of it was stored, and nothing was written over. */
export function StoppedBand(props: {
  readonly stop: Stop;
  readonly onSeen: (versions: Readonly<Record<string, string>>) => void;
}) {
  const { t } = useTranslation('visit');
  const { stop } = props;
  switch (stop.kind) {
    case 'record-changed':
      return (
        <ErrorBand
          actions={<Button onPress={() => props.onSeen(stop.versions)}>{t('stopped.seen')}</Button>}
          title={t('stopped.changed')}
        >
          {t('stopped.changedText', { titles: stop.titles.join(', ') })}
        </ErrorBand>
      );
    case 'pen':
      return <ErrorBand title={t('stopped.pen')}>{t('stopped.penText')}</ErrorBand>;
    case 'findings':
      return <ErrorBand title={t('stopped.findings')}>{t('stopped.findingsText')}</ErrorBand>;
    case 'refused':
      return <ErrorBand title={t('stopped.refused')}>{t('stopped.refusedText')}</ErrorBand>;
  }
}
