// Where somebody can be reached: phone, e-mail, address.
import { useTranslation } from 'react-i18next';
import { phoneWords } from '../../../core/record/phone-words.ts';
import { TextField } from '../../ui/text-field.tsx';
import { FormFrame } from './form-frame.tsx';
import { textOrNothing, useSectionForm } from './section-form-state.ts';
import type { FormHost } from './section-form-state.ts';

interface Draft {
  readonly phone: string;
  readonly email: string;
  readonly lines: string;
  readonly city: string;
  readonly district: string;
  readonly state: string;
  readonly postalCode: string;
  readonly country: string;
}

export function AddressForm(host: FormHost<'address'>) {
  const { t } = useTranslation('patient-forms');
  const was = host.fact?.value;
  const home = was?.home;
  const form = useSectionForm(
    'address',
    host,
    (): Draft => ({
      phone: phoneWords(was?.phones[0] ?? ''),
      email: was?.emails[0] ?? '',
      lines: (home?.lines ?? []).join('\n'),
      city: home?.city ?? '',
      district: home?.district ?? '',
      state: home?.state ?? '',
      postalCode: home?.postalCode ?? '',
      country: home?.country ?? '',
    }),
    (draft) => ({
      form: {
        phone: textOrNothing(draft.phone),
        email: textOrNothing(draft.email),
        lines: draft.lines.split('\n').flatMap((line) => textOrNothing(line) ?? []),
        city: textOrNothing(draft.city),
        district: textOrNothing(draft.district),
        state: textOrNothing(draft.state),
        postalCode: textOrNothing(draft.postalCode),
        country: textOrNothing(draft.country),
      },
    }),
  );
  const { draft, edit, errorOf, idOf } = form;
  return (
    <FormFrame form={form} host={host}>
      <TextField
        autoComplete="tel"
        error={errorOf('phone')}
        hint={t('address.phoneHint')}
        id={idOf('phone')}
        inputMode="tel"
        label={t('address.phone')}
        maxLength={40}
        onChange={(phone) => edit({ phone })}
        optional
        type="tel"
        value={draft.phone}
      />
      <TextField
        autoComplete="street-address"
        error={errorOf('lines') ?? errorOf('lines.0')}
        id={idOf('lines')}
        label={t('address.lines')}
        lines={2}
        onChange={(lines) => edit({ lines })}
        optional
        value={draft.lines}
      />
      <div className="field-pair field-pair-even">
        <TextField
          autoComplete="address-level2"
          error={errorOf('city')}
          id={idOf('city')}
          label={t('address.city')}
          maxLength={200}
          onChange={(city) => edit({ city })}
          value={draft.city}
        />
        <TextField
          autoComplete="postal-code"
          error={errorOf('postalCode')}
          id={idOf('postalCode')}
          label={t('address.postalCode')}
          maxLength={20}
          onChange={(postalCode) => edit({ postalCode })}
          value={draft.postalCode}
        />
        <TextField
          error={errorOf('district')}
          id={idOf('district')}
          label={t('address.district')}
          maxLength={200}
          onChange={(district) => edit({ district })}
          value={draft.district}
        />
        <TextField
          autoComplete="address-level1"
          error={errorOf('state')}
          id={idOf('state')}
          label={t('address.state')}
          maxLength={200}
          onChange={(state) => edit({ state })}
          value={draft.state}
        />
      </div>
      <TextField
        autoComplete="country-name"
        error={errorOf('country')}
        id={idOf('country')}
        label={t('address.country')}
        maxLength={200}
        onChange={(country) => edit({ country })}
        optional
        value={draft.country}
      />
      <TextField
        autoCapitalize="none"
        autoComplete="email"
        error={errorOf('email')}
        id={idOf('email')}
        inputMode="email"
        label={t('address.email')}
        maxLength={254}
        onChange={(email) => edit({ email })}
        optional
        type="email"
        value={draft.email}
      />
    </FormFrame>
  );
}
