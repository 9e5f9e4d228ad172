// The values of a result: what was measured, what it means in words, and beside what range. Danger is word and octagon before colour.
import { useTranslation } from 'react-i18next';
import type { DiagnosticReport, Observation } from '@medplum/fhirtypes';
import type { JsonNumber } from '../../core/fhir/types.ts';
import { exactNumber, isNumber, shownNumber } from '../../core/record/shown-number.ts';
import { Icon } from './icons.tsx';
import './result-rows.css';

export type Flag = 'LL' | 'L' | 'N' | 'H' | 'HH';

const flags: readonly string[] = ['LL', 'L', 'N', 'H', 'HH'];
export const isFlag = (code: string | undefined): code is Flag => code !== undefined && flags.includes(code);

export function FlagWords({ flag }: { readonly flag: Flag | undefined }) {
  const { t } = useTranslation('results');
  if (flag === undefined) return <span className="flag">{t('flag.none')}</span>;
  const critical = flag === 'LL' || flag === 'HH';
  return (
    <span className="flag" data-flag={critical ? 'critical' : flag === 'N' ? 'normal' : 'out'}>
      {flag === 'N' ? null : <Icon name={critical ? 'octagon' : 'triangle'} size={18} />}
      {t(`flag.${flag}`)}
    </span>
  );
}

export function ResultRows({
  resources,
}: {
  readonly resources: readonly (Observation | DiagnosticReport)[];
}) {
  const { t } = useTranslation('results');
  const values = resources.filter((one) => one.resourceType === 'Observation');
  const report = resources.find((one) => one.resourceType === 'DiagnosticReport');
  return (
    <div className="result">
      {report?.status === 'corrected' ? <p className="result-corrected">{t('corrected')}</p> : null}
      <dl className="result-rows">
        {values.map((one) => (
          <ResultRow key={one.id} value={one} />
        ))}
      </dl>
      <AllDigits values={values} />
      {report?.conclusion === undefined ? null : <p className="result-conclusion">{report.conclusion}</p>}
    </div>
  );
}

const nameOf = ({ code }: Observation): string => code?.text ?? code?.coding?.[0]?.display ?? '';

/** A number of a page's resource may have been read with its digits, whatever its type says. */
function numberAt(quantity: { readonly value?: unknown } | undefined): JsonNumber | undefined {
  const value = quantity?.value;
  return isNumber(value) ? value : undefined;
}

/** Rounded for reading; here as they were written. */
function AllDigits({ values }: { readonly values: readonly Observation[] }) {
  const { t } = useTranslation('results');
  const rounded = values.flatMap((one) => {
    const value = numberAt(one.valueQuantity);
    const exact = value === undefined ? undefined : exactNumber(value);
    return exact === undefined ? [] : [{ one, exact }];
  });
  if (rounded.length === 0) return null;
  return (
    <details className="result-digits">
      <summary>{t('allDigits')}</summary>
      <ul>
        {rounded.map(({ one, exact }) => (
          <li key={one.id}>
            {nameOf(one)}: {exact} {one.valueQuantity?.unit ?? ''}
          </li>
        ))}
      </ul>
    </details>
  );
}

function ResultRow({ value }: { readonly value: Observation }) {
  const { t } = useTranslation('results');
  const { valueQuantity: quantity, referenceRange, interpretation, status } = value;
  const flag = interpretation?.[0]?.coding?.[0]?.code;
  const number = numberAt(quantity);
  const said =
    number === undefined
      ? (value.valueString ?? value.valueCodeableConcept?.text ?? '')
      : `${quantity?.comparator ?? ''}${shownNumber(number)} ${quantity?.unit ?? ''}`.trim();
  const [range] = referenceRange ?? [];
  const [low, high] = [numberAt(range?.low), numberAt(range?.high)].map((one) =>
    one === undefined ? undefined : shownNumber(one),
  );
  const usual =
    low !== undefined && high !== undefined
      ? t('range.both', { low, high })
      : low !== undefined
        ? t('range.from', { low })
        : high !== undefined
          ? t('range.to', { high })
          : undefined;
  const of = range?.appliesTo?.[0]?.text;
  return (
    <div className="result-row">
      <dt>{nameOf(value)}</dt>
      <dd>
        {status === 'entered-in-error' ? (
          <span className="flag">{t('withdrawn')}</span>
        ) : (
          <>
            <span className="result-value" title={number === undefined ? undefined : exactNumber(number)}>
              {said}
            </span>{' '}
            {isFlag(flag) ? <FlagWords flag={flag} /> : null}
            <span className="result-range">
              {quantity === undefined
                ? ''
                : usual === undefined
                  ? t('range.none')
                  : of === undefined
                    ? usual
                    : `${usual} (${of})`}
              {range?.text === undefined ? '' : `. ${range.text}`}
              {value.method?.text === undefined ? '' : `. ${t('method', { method: value.method.text })}`}
            </span>
          </>
        )}
      </dd>
    </div>
  );
}
