// A fact and who says so. A fact without a source cannot be rendered: `source` is required.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDate } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { Icon, VerifiedMark } from './icons.tsx';
import { marginRule } from './source.ts';
import type { Author, FactSource, MarginRule } from './source.ts';
import './fact-row.css';

const MARK: Record<Author, ReactNode> = {
  professional: <VerifiedMark />,
  organization: <Icon name="flask" size={16} />,
  import: <Icon name="document" size={16} />,
  patient: <Icon name="speech" size={16} />,
  guardian: <Icon name="speech" size={16} />,
};

/** The words of a source: "Dr Meera Iyer, verified 18 Nov 2026". */
export function useSourceWords(): (source: FactSource) => string {
  const { t } = useTranslation('common');
  const language = useLanguage();
  return ({ author, who, on, mine }) => {
    const date = on === undefined ? undefined : formatDate(on, language);
    switch (author) {
      case 'professional': {
        const name = who ?? t('source.aProfessional');
        return date === undefined
          ? t('source.professionalNoDate', { who: name })
          : t('source.professional', { who: name, date });
      }
      case 'organization': {
        const name = who ?? t('source.anOrganization');
        return date === undefined
          ? t('source.organizationNoDate', { who: name })
          : t('source.organization', { who: name, date });
      }
      case 'import': {
        const name = who ?? t('source.anotherSystem');
        return date === undefined
          ? t('source.importNoDate', { who: name })
          : t('source.import', { who: name, date });
      }
      case 'guardian': {
        if (mine === true) return date === undefined ? t('source.youNoDate') : t('source.you', { date });
        const name = who ?? t('source.aGuardian');
        return date === undefined
          ? t('source.guardianNoDate', { who: name })
          : t('source.guardian', { who: name, date });
      }
      case 'patient': {
        if (mine === true) return date === undefined ? t('source.youNoDate') : t('source.you', { date });
        const name = who ?? t('source.theHolder');
        return date === undefined
          ? t('source.patientNoDate', { who: name })
          : t('source.patient', { who: name, date });
      }
    }
  };
}

/** Mark, who and date: the only way to print a source. */
export function SourceLine({ source }: { readonly source: FactSource }) {
  const words = useSourceWords();
  return (
    <p className="source-line" data-author={source.author}>
      {MARK[source.author]}
      <span>{words(source)}</span>
    </p>
  );
}

export interface FactRowProps {
  readonly value: ReactNode;
  readonly source: FactSource;
  readonly detail?: ReactNode | undefined;
  /** The quiet word above the value: which fact this is. */
  readonly label?: ReactNode | undefined;
  /** Danger: red rule and octagon before the value. */
  readonly danger?: boolean | undefined;
  /** Links or buttons at the end. */
  readonly actions?: ReactNode | undefined;
  /** Element to render as: a row of `Rows` (default) or a plain block. */
  readonly as?: 'li' | 'div' | undefined;
}

export function FactRow({ value, source, detail, label, danger, actions, as: Element = 'li' }: FactRowProps) {
  const { t } = useTranslation('common');
  const rule: MarginRule = danger === true ? 'danger' : marginRule(source);
  return (
    <Element className="fact-row">
      <div className="fact" data-rule={rule}>
        <div className="fact-words">
          {label === undefined ? null : <p className="fact-label">{label}</p>}
          <p className="fact-value">
            {danger === true ? (
              <>
                <Icon className="fact-danger" name="octagon" size={22} />
                <span className="visually-hidden">{t('danger')}: </span>
              </>
            ) : null}
            <span>{value}</span>
          </p>
          {detail === undefined ? null : <div className="fact-detail">{detail}</div>}
          <SourceLine source={source} />
        </div>
        {actions === undefined ? null : <div className="fact-actions">{actions}</div>}
      </div>
    </Element>
  );
}

export interface SealedRowProps {
  readonly title: ReactNode;
  readonly detail?: ReactNode | undefined;
  readonly actions?: ReactNode | undefined;
}

/** A row whose content stays hidden: hatched rule, lock, whole row tinted. */
export function SealedRow({ title, detail, actions }: SealedRowProps) {
  return (
    <li className="fact-row fact-row-sealed">
      <div className="fact" data-rule="sealed">
        <div className="fact-words">
          <p className="fact-value">
            <Icon name="lock" size={18} />
            <span>{title}</span>
          </p>
          {detail === undefined ? null : <div className="fact-detail">{detail}</div>}
        </div>
        {actions === undefined ? null : <div className="fact-actions">{actions}</div>}
      </div>
    </li>
  );
}
