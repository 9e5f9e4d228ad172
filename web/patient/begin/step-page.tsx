// One question of the guided flow: where one is, the question, its form or what is already there, and the way on.
import { useNavigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { beginStep, paths } from '../../paths.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { PageTitle } from '../../ui/section.tsx';
import { photoAddress } from '../facts/photo-address.ts';
import { useRecordFacts } from '../facts/record-facts.ts';
import { isWhole } from '../facts/sections.ts';
import { PhotoForm } from '../forms/photo-form.tsx';
import { NothingHere } from '../record/nothing-here.tsx';
import { ListStep } from './list-step.tsx';
import { isAnswered, steps } from './steps.ts';
import type { Step } from './steps.ts';
import { WholeStep } from './whole-step.tsx';
import '../../ui/progress.css';
import './begin.css';

export function StepPage() {
  const { step: id } = useParams({ strict: false });
  const place = steps.findIndex((step) => step.id === id);
  const step = steps[place];
  if (step === undefined) return <NothingHere />;
  return <KnownStep key={step.id} place={place} step={step} />;
}

function KnownStep({ step, place }: { readonly step: Step; readonly place: number }) {
  const { t } = useTranslation('record-pages');
  const navigate = useNavigate();
  const { facts } = useRecordFacts();
  const before = steps[place - 1];
  const after = steps[place + 1];
  const onward = after === undefined ? paths.home : beginStep(after.id);
  const goOn = (): void => void navigate({ href: onward });
  const progress = t('begin.step', { place: place + 1, count: steps.length });
  const skip = (
    <LinkButton href={onward} look="link">
      {t('begin.skip')}
    </LinkButton>
  );
  const next = (
    <Button look="primary" onPress={goOn} wide>
      {after === undefined ? t('begin.finish') : t('begin.next')}
    </Button>
  );
  return (
    <div className="begin">
      <div className="begin-place progress">
        <div className="row-apart">
          <p>
            <strong>{t(`begin.part.${step.part}`)}</strong>
            <span className="quiet"> · {progress}</span>
          </p>
          <a href={paths.home}>{t('begin.later')}</a>
        </div>
        <progress aria-label={progress} max={steps.length} value={place + 1} />
      </div>
      {before === undefined ? null : (
        <LinkButton href={beginStep(before.id)} icon="back" look="link">
          {t('begin.back')}
        </LinkButton>
      )}
      <PageTitle lead={t(`begin.lead.${step.id}`)} tab={`${t(`begin.title.${step.id}`)} ${progress}`}>
        {t(`begin.title.${step.id}`)}
      </PageTitle>
      {step.id === 'photo' ? (
        <PhotoForm
          onSaved={goOn}
          others={photoAddress(facts) === undefined ? skip : next}
          quiet
          storedUrl={photoAddress(facts)}
        />
      ) : isWhole(step.section) ? (
        <WholeStep
          answered={isAnswered(step, facts)}
          next={next}
          onSaved={goOn}
          section={step.section}
          skip={skip}
        />
      ) : (
        <ListStep next={next} section={step.section} skip={skip} />
      )}
      <p className="quiet small begin-note">
        {t('begin.saved')} {t('begin.skipHint')}
      </p>
    </div>
  );
}
