// The doctor and the hospital somebody prefers.
import { useTranslation } from 'react-i18next';
import type { CareProvider } from '../../../core/record/facts.ts';
import type { ProviderForm } from '../../../core/record/forms.ts';
import { phoneWords } from '../../../core/record/phone-words.ts';
import { TextField } from '../../ui/text-field.tsx';
import { FormFrame } from './form-frame.tsx';
import { textOrNothing, useSectionForm } from './section-form-state.ts';
import type { FormHost, SectionForm } from './section-form-state.ts';

interface ProviderDraft {
  readonly name: string;
  readonly specialty: string;
  readonly place: string;
  readonly phone: string;
}
interface Draft {
  readonly doctor: ProviderDraft;
  readonly hospital: ProviderDraft;
}

function startingProvider(was: CareProvider | undefined): ProviderDraft {
  return {
    name: was?.name ?? '',
    specialty: was?.specialty ?? '',
    place: was?.place ?? '',
    phone: phoneWords(was?.phone ?? ''),
  };
}

/** Nothing written about them: there is none, and nothing is missing. */
function providerOf(draft: ProviderDraft): ProviderForm | undefined {
  const [specialty, place, phone] = [draft.specialty, draft.place, draft.phone].map(textOrNothing);
  if (textOrNothing(draft.name) === undefined && !specialty && !place && !phone) return undefined;
  return {
    name: draft.name,
    ...(specialty === undefined ? {} : { specialty }),
    ...(place === undefined ? {} : { place }),
    ...(phone === undefined ? {} : { phone }),
  };
}

export function CareTeamForm(host: FormHost<'care-team'>) {
  const team = host.facts['care-team'];
  const was = (role: CareProvider['role']): CareProvider | undefined =>
    team.state === 'recorded' ? team.facts.find((one) => one.value.role === role)?.value : undefined;
  const form = useSectionForm(
    'care-team',
    host,
    (): Draft => ({
      doctor: startingProvider(was('doctor')),
      hospital: startingProvider(was('hospital')),
    }),
    (draft) => ({ form: { doctor: providerOf(draft.doctor), hospital: providerOf(draft.hospital) } }),
  );
  return (
    <FormFrame form={form} host={host}>
      <Provider form={form} role="doctor" />
      <Provider form={form} role="hospital" />
    </FormFrame>
  );
}

interface ProviderProps {
  readonly form: SectionForm<'care-team', Draft>;
  readonly role: CareProvider['role'];
}

function Provider({ form, role }: ProviderProps) {
  const { t } = useTranslation('patient-forms');
  const draft = form.draft[role];
  const field = (name: keyof ProviderDraft) => ({
    error: form.errorOf(`${role}.${name}`),
    id: form.idOf(`${role}.${name}`),
    maxLength: 200,
    onChange: (value: string) => form.edit({ [role]: { ...draft, [name]: value } }),
    value: draft[name],
  });
  const isDoctor = role === 'doctor';
  return (
    <fieldset className="form-group">
      <legend className="group-title">{t(`care-team.${role}`)}</legend>
      <TextField
        {...field('name')}
        autoCapitalize="words"
        autoComplete="off"
        label={isDoctor ? t('care-team.doctorName') : t('care-team.hospitalName')}
      />
      {isDoctor ? (
        <TextField {...field('specialty')} autoComplete="off" label={t('care-team.specialty')} optional />
      ) : null}
      <TextField
        {...field('place')}
        autoComplete="off"
        label={isDoctor ? t('care-team.doctorPlace') : t('care-team.hospitalPlace')}
        optional
      />
      <TextField
        {...field('phone')}
        autoComplete="off"
        inputMode="tel"
        label={t('care-team.phone')}
        optional
        type="tel"
      />
    </fieldset>
  );
}
