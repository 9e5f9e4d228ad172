// Who somebody is: name, birth date, sex, languages.
import { useTranslation } from 'react-i18next';
import type { Sex } from '../../../core/record/facts.ts';
import { Choice } from '../../ui/choice.tsx';
import { DateField } from '../../ui/date-field.tsx';
import type { DateReading } from '../../ui/partial-date.ts';
import { TextField } from '../../ui/text-field.tsx';
import { FormFrame } from './form-frame.tsx';
import { LanguagesField } from './languages-field.tsx';
import { MoreDetails } from './more-details.tsx';
import { dateOrNothing, startingDate, textOrNothing, useSectionForm } from './section-form-state.ts';
import type { FormHost } from './section-form-state.ts';

interface Draft {
  readonly name: string;
  readonly localName: string;
  readonly birthDate: DateReading;
  readonly sex: Sex | undefined;
  readonly sexAtBirth: Sex | undefined;
  readonly languages: readonly string[];
}

export function IdentityForm(host: FormHost<'identity'>) {
  const { t } = useTranslation(['patient-forms', 'patient-record']);
  const was = host.fact?.value;
  const form = useSectionForm(
    'identity',
    host,
    (): Draft => ({
      name: was?.name ?? '',
      localName: was?.localNames[0]?.text ?? '',
      birthDate: startingDate(was?.birthDate),
      sex: was?.sex,
      sexAtBirth: was?.sexAtBirth,
      languages: (was?.languages ?? []).flatMap((one) => (one.code === '' ? [] : one.code)),
    }),
    (draft) => {
      const local = textOrNothing(draft.localName);
      const [first, ...further] = was?.localNames ?? [];
      return {
        form: {
          name: draft.name,
          localNames: [
            ...(local === undefined ? [] : [{ language: first?.language ?? scriptOf(local), text: local }]),
            ...further,
          ],
          birthDate: dateOrNothing(draft.birthDate),
          sex: draft.sex,
          sexAtBirth: draft.sexAtBirth,
          languages: draft.languages,
        },
        dates: { birthDate: draft.birthDate },
      };
    },
  );
  const { draft, edit, errorOf, idOf } = form;
  const sexes = (['female', 'male', 'other'] as const).map((sex) => ({
    value: sex,
    label: t(`patient-record:sex.${sex}`),
  }));
  return (
    <FormFrame form={form} host={host}>
      <TextField
        autoCapitalize="words"
        autoComplete="name"
        error={errorOf('name')}
        id={idOf('name')}
        label={t('identity.name')}
        maxLength={200}
        onChange={(name) => edit({ name })}
        value={draft.name}
      />
      <DateField
        autoComplete="bday"
        error={errorOf('birthDate')}
        hint={t('identity.birthDateHint')}
        id={idOf('birthDate')}
        initial={was?.birthDate}
        label={t('identity.birthDate')}
        onChange={(birthDate) => edit({ birthDate })}
        optional
        precision="year"
      />
      <Choice
        error={errorOf('sex')}
        hint={t('identity.sexHint')}
        id={idOf('sex')}
        label={t('identity.sex')}
        onChange={(sex: Sex) => edit({ sex })}
        optional
        options={sexes}
        side
        value={draft.sex}
      />
      <LanguagesField
        error={errorOf('languages')}
        id={idOf('languages')}
        onChange={(languages) => edit({ languages })}
        values={draft.languages}
      />
      <MoreDetails
        startOpen={was !== undefined && host.brief !== true}
        wrong={errorOf('localNames.0.text') !== undefined || errorOf('sexAtBirth') !== undefined}
      >
        <TextField
          error={errorOf('localNames.0.text')}
          hint={t('identity.localNameHint')}
          id={idOf('localNames.0.text')}
          label={t('identity.localName')}
          maxLength={200}
          onChange={(localName) => edit({ localName })}
          optional
          value={draft.localName}
        />
        <Choice
          error={errorOf('sexAtBirth')}
          hint={t('identity.sexAtBirthHint')}
          id={idOf('sexAtBirth')}
          label={t('identity.sexAtBirth')}
          onChange={(sexAtBirth: Sex) => edit({ sexAtBirth })}
          optional
          options={sexes}
          side
          value={draft.sexAtBirth}
        />
      </MoreDetails>
    </FormFrame>
  );
}

const scripts: readonly (readonly [RegExp, string])[] = [
  [/\p{Script=Devanagari}/u, 'hi'],
  [/\p{Script=Bengali}/u, 'bn'],
  [/\p{Script=Tamil}/u, 'ta'],
  [/\p{Script=Telugu}/u, 'te'],
  [/\p{Script=Kannada}/u, 'kn'],
  [/\p{Script=Malayalam}/u, 'ml'],
  [/\p{Script=Gujarati}/u, 'gu'],
  [/\p{Script=Gurmukhi}/u, 'pa'],
  [/\p{Script=Oriya}/u, 'or'],
  [/\p{Script=Arabic}/u, 'ur'],
];

/** The language whose script a name is written in: the first that is usual for the script in India. */
function scriptOf(name: string): string {
  return scripts.find(([script]) => script.test(name))?.[1] ?? 'en';
}
