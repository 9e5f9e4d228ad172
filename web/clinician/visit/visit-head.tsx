// Who it is, what can kill them, and until when may be written.
import { useTranslation } from 'react-i18next';
import type { Resource } from '../../../core/fhir/types.ts';
import type { RecordIndex } from '../../../core/record/record-index.ts';
import { useExtend } from '../../api/clinic.ts';
import type { Grant } from '../../api/sharing.ts';
import { formatTime } from '../../i18n/format.ts';
import { clinicPaths, paths } from '../../paths.ts';
import { useNavigate } from '@tanstack/react-router';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { PageTitle } from '../../ui/section.tsx';
import { AskToWrite } from '../ask-to-write.tsx';
import { Dangers, usePersonLead } from '../person-head.tsx';
import { useClinicProblem } from '../problem.ts';

export interface VisitHeadProps {
  readonly patientId: string;
  readonly name: string;
  readonly uhid: string;
  readonly person: Resource | undefined;
  readonly record: readonly Resource[];
  readonly index: RecordIndex;
  readonly seesAllergies: boolean;
  readonly today: string;
  readonly pen: Grant | undefined;
  readonly former: Grant | undefined;
  /** Without network: neither the record nor what one may do is known, which is not the same as closed. */
  readonly away: boolean;
}

export function VisitHead(props: VisitHeadProps) {
  const { t } = useTranslation('visit');
  const lead = usePersonLead();
  return (
    <div className="visit-head">
      <div className="visit-who">
        <PageTitle
          lead={lead({ person: props.person, uhid: props.uhid, today: props.today })}
          tab={t('title')}
        >
          {props.name}
        </PageTitle>
        <div className="visit-ways">
          {props.away ? (
            <p className="visit-pen">
              <Icon name="lock" size={18} />
              {t('away')}
            </p>
          ) : (
            <Pen former={props.former} pen={props.pen} uhid={props.uhid} />
          )}
          <a href={clinicPaths.patient(props.patientId)}>{t('toChart')}</a>
          <a className="visit-today" href={paths.clinic}>
            {t('toToday')}
          </a>
        </div>
      </div>
      {props.away ? (
        <div className="person-silence">
          <p>{t('allergies.away')}</p>
        </div>
      ) : (
        <Dangers
          index={props.index}
          record={props.record}
          seesAllergies={props.seesAllergies}
          today={props.today}
        />
      )}
    </div>
  );
}

function Pen({ pen, former, uhid }: Pick<VisitHeadProps, 'pen' | 'former' | 'uhid'>) {
  const { t } = useTranslation('visit');
  const problem = useClinicProblem();
  const navigate = useNavigate();
  const extend = useExtend();
  if (pen?.endsAt != null)
    return (
      <p className="visit-pen" data-open="">
        <Icon name="key" size={18} />
        {t('penUntil', { time: formatTime(pen.endsAt) })}
      </p>
    );
  return (
    <>
      <p className="visit-pen">
        <Icon name="lock" size={18} />
        {former?.endsAt == null ? t('penNone') : t('penOver', { time: formatTime(former.endsAt) })}
      </p>
      {extend.isError ? <ErrorBand key={extend.failureCount}>{problem(extend.error)}</ErrorBand> : null}
      {former === undefined && uhid !== '' ? <AskToWrite uhid={uhid} /> : null}
      {former === undefined ? null : (
        <Button
          onPress={() =>
            extend.mutate(former.id, {
              onSuccess: ({ id }) => void navigate({ to: clinicPaths.request(id) }),
            })
          }
        >
          {t('penMore')}
        </Button>
      )}
    </>
  );
}
