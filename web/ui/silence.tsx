// The three silences, never blank and never a dash: none known, not recorded, withheld.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { SourceLine } from './fact-row.tsx';
import { Icon } from './icons.tsx';
import type { FactSource } from './source.ts';
import './fact-row.css';

interface SilenceWords {
  /** Which fact is silent: "Allergies". Left out where the section's heading says it. */
  readonly label?: string | undefined;
  readonly as?: 'li' | 'div' | undefined;
}

export type SilenceProps = SilenceWords &
  (
    | {
        readonly kind: 'none-known';
        readonly source: FactSource;
        /** "No known allergies"; default "None known". */
        readonly words?: string | undefined;
        readonly actions?: ReactNode | undefined;
      }
    | {
        readonly kind: 'not-recorded';
        /** Where it can be added. */
        readonly addHref?: string | undefined;
      }
    | {
        readonly kind: 'withheld';
        /** Name of the one who withholds; left out when it is the reader. */
        readonly by?: string | undefined;
        readonly actions?: ReactNode | undefined;
      }
  );

export function Silence(props: SilenceProps) {
  const { t } = useTranslation('common');
  const Element = props.as ?? 'li';
  const label = props.label === undefined ? null : <p className="silence-label">{props.label}</p>;
  switch (props.kind) {
    case 'none-known':
      return (
        <Element className="silence" data-kind={props.kind}>
          {label}
          <p className="silence-value">{props.words ?? t('silence.noneKnown')}</p>
          <SourceLine source={props.source} />
          {props.actions}
        </Element>
      );
    case 'not-recorded':
      return (
        <Element className="silence" data-kind={props.kind}>
          {label}
          <p className="silence-value">
            <span>
              {t('silence.notRecorded')} {t('silence.nobodyAsked')}
            </span>
            {props.addHref === undefined ? null : (
              <a
                aria-label={props.label === undefined ? undefined : t('silence.addTo', { what: props.label })}
                href={props.addHref}
              >
                {t('silence.add')}
              </a>
            )}
          </p>
        </Element>
      );
    case 'withheld':
      return (
        <Element className="silence" data-kind={props.kind}>
          {label}
          <p className="silence-value">
            <Icon name="lock" size={20} />
            <span>
              {props.by === undefined
                ? t('silence.withheldByYou')
                : t('silence.withheldBy', { who: props.by })}
            </span>
          </p>
          {props.actions}
        </Element>
      );
  }
}
