// Writing into a record that was opened: while the pen is lent. Later the words are kept, and the person can be asked to take them in.
import { useState } from 'react';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Resource } from '@medplum/fhirtypes';
import { ApiError } from '../api/client.ts';
import { useAmend, useExtend, useWriteInto } from '../api/clinic.ts';
import type { Grant } from '../api/sharing.ts';
import { formatTime } from '../i18n/format.ts';
import { clinicPaths } from '../paths.ts';
import { ErrorBand } from '../ui/band.tsx';
import { Button, LinkButton } from '../ui/button.tsx';
import { Choice } from '../ui/choice.tsx';
import { Section } from '../ui/section.tsx';
import { TextField } from '../ui/text-field.tsx';
import { announceDone } from '../ui/toast.tsx';
import { useClinicProblem } from './problem.ts';

const KINDS = ['diagnosis', 'allergy', 'note'] as const;
type Kind = (typeof KINDS)[number];

export interface WriteEntryProps {
  readonly patientId: string;
  /** What lets write, while it does. */
  readonly pen: Grant | undefined;
  /** The newest pen that was lent, running or not: it can be prolonged. */
  readonly former: Grant | undefined;
}

export function WriteEntry({ patientId, pen, former }: WriteEntryProps) {
  const { t } = useTranslation('clinic');
  const problem = useClinicProblem();
  const [kind, setKind] = useState<Kind>();
  const [words, setWords] = useState('');
  const write = useWriteInto(patientId);
  const amend = useAmend();
  const refused = write.error instanceof ApiError && write.error.status === 403;
  const missing = kind === undefined ? 'kind' : words.trim() === '' ? 'words' : undefined;
  const saved = (message: string) => () => {
    announceDone(message);
    setWords('');
    write.reset();
  };
  return (
    <Section
      note={pen?.endsAt == null ? t('write.noPen') : t('write.until', { time: formatTime(pen.endsAt) })}
      title={t('write.title')}
    >
      {former === undefined ? null : <Extend pen={former} />}
      <form
        className="stack-wide"
        onSubmit={(event) => {
          event.preventDefault();
          if (kind !== undefined && missing === undefined)
            write.mutate(resourceOf(kind, words.trim(), patientId), { onSuccess: saved(t('write.saved')) });
        }}
      >
        <Choice
          label={t('write.kind')}
          onChange={setKind}
          options={KINDS.map((each) => ({ value: each, label: t(`write.kind.${each}`) }))}
          side
          value={kind}
        />
        <TextField label={t('write.words')} lines={3} maxLength={2000} onChange={setWords} value={words} />
        {write.isError && !refused ? (
          <ErrorBand key={write.failureCount} title={t('write.failed')}>
            {problem(write.error)}
          </ErrorBand>
        ) : null}
        {refused && kind !== undefined ? (
          <ErrorBand
            actions={
              <>
                <Button
                  busy={amend.isPending && t('write.sending')}
                  onPress={() =>
                    amend.mutate(
                      {
                        patient: patientId,
                        resource: resourceOf(kind, words.trim(), patientId),
                        reason: t('write.lateReason'),
                      },
                      { onSuccess: saved(t('write.sent')) },
                    )
                  }
                >
                  {t('write.amend')}
                </Button>
                <LinkButton href={clinicPaths.ask}>{t('write.newCode')}</LinkButton>
              </>
            }
            key={write.failureCount}
            title={t('write.late')}
          >
            {t('write.lateText')}
            {amend.isError ? ` ${problem(amend.error)}` : ''}
          </ErrorBand>
        ) : null}
        <Button
          busy={write.isPending && t('write.saving')}
          missing={missing === undefined ? undefined : t(`missing.${missing}`)}
          type="submit"
        >
          {t('write.act')}
        </Button>
      </form>
    </Section>
  );
}

/** A new code, and the same permission for half an hour more. */
function Extend({ pen }: { readonly pen: Grant }) {
  const { t } = useTranslation('clinic');
  const problem = useClinicProblem();
  const navigate = useNavigate();
  const extend = useExtend();
  return (
    <div className="stack clinic-extend">
      {extend.isError ? <ErrorBand key={extend.failureCount}>{problem(extend.error)}</ErrorBand> : null}
      <Button
        busy={extend.isPending && t('extend.asking')}
        look="link"
        onPress={() =>
          extend.mutate(pen.id, { onSuccess: ({ id }) => void navigate({ to: clinicPaths.request(id) }) })
        }
      >
        {t('extend.act')}
      </Button>
    </div>
  );
}

function resourceOf(kind: Kind, text: string, patientId: string): Resource {
  const reference = `Patient/${patientId}`;
  switch (kind) {
    case 'diagnosis':
      return {
        resourceType: 'Condition',
        clinicalStatus: {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
        },
        code: { text },
        subject: { reference },
      };
    case 'allergy':
      return {
        resourceType: 'AllergyIntolerance',
        clinicalStatus: {
          coding: [
            { system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' },
          ],
        },
        code: { text },
        patient: { reference },
      };
    case 'note':
      return {
        resourceType: 'ClinicalImpression',
        status: 'completed',
        summary: text,
        subject: { reference },
      };
  }
}
