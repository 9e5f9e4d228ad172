// Words in a tinted band at the place they concern: what happened, what was kept, what next.
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from './icons.tsx';
import type { IconName } from './icons.tsx';
import './band.css';

export type BandTone = 'danger' | 'caution' | 'ok' | 'info' | 'sealed';

const ICON: Record<BandTone, IconName> = {
  danger: 'octagon',
  caution: 'triangle',
  ok: 'tick',
  info: 'info',
  sealed: 'lock',
};

export interface BandProps {
  readonly tone: BandTone;
  readonly title?: string | undefined;
  readonly children?: ReactNode;
  readonly actions?: ReactNode | undefined;
  /** Say it to screen readers when it appears. */
  readonly announce?: boolean | undefined;
}

export function Band({ tone, title, children, actions, announce }: BandProps) {
  return (
    <div className="band" data-tone={tone} role={announce === true ? 'status' : undefined}>
      <Icon name={ICON[tone]} />
      <div className="band-words">
        {title === undefined ? null : <strong>{title} </strong>}
        {children}
        {actions === undefined ? null : <div className="row band-actions">{actions}</div>}
      </div>
    </div>
  );
}

export interface ErrorBandProps {
  /** What happened; default "That did not work." */
  readonly title?: string | undefined;
  /** What was kept and what to do next. */
  readonly children: ReactNode;
  readonly actions?: ReactNode | undefined;
}

/** An error at its place. Takes the focus when it appears, so that it is read and never missed. */
export function ErrorBand({ title, children, actions }: ErrorBandProps) {
  const { t } = useTranslation('common');
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <div className="error-band" ref={box} tabIndex={-1}>
      <Band actions={actions} tone="danger" title={title ?? t('problem.title')}>
        {children}
      </Band>
    </div>
  );
}

export interface FormProblem {
  /** The id of the field. */
  readonly field: string;
  readonly message: string;
}

/** The summary on top of a form: each problem leads to its field. Give it a new `key` at every try. */
export function FormProblems({ problems }: { readonly problems: readonly FormProblem[] }) {
  const { t } = useTranslation('common');
  if (problems.length === 0) return null;
  return (
    <ErrorBand title={t('form.problems', { count: problems.length })}>
      <ul className="band-list">
        {problems.map((problem) => (
          <li key={problem.field}>
            <a
              href={`#${problem.field}`}
              onClick={(event) => {
                event.preventDefault();
                const field = document.getElementById(problem.field);
                const input = field?.matches('input, select, textarea')
                  ? field
                  : field?.querySelector<HTMLElement>('input, select, textarea');
                (input ?? field)?.focus();
              }}
            >
              {problem.message}
            </a>
          </li>
        ))}
      </ul>
      <p>{t('form.kept')}</p>
    </ErrorBand>
  );
}
