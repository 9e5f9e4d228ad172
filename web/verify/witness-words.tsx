// What a check does not prove about other readers of the log: nothing without witnesses, and with them as much as one trusts them.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { logProgressQuery } from '../api/ledger.ts';

/** `last`: the newest place of the log that was checked. */
export function WitnessWords({ last }: { readonly last: number }) {
  const { t } = useTranslation('verify');
  const { witnessed } = useQuery(logProgressQuery).data ?? {};
  if (witnessed === undefined || witnessed.size <= last) return <p>{t('notProven.witness')}</p>;
  const names = witnessed.keys.map((key) => key.split('+', 1)[0]).join(', ');
  return <p>{t('notProven.witnessed', { names })}</p>;
}
