// The verdict of a check: a big disc or the octagon, the verdict in words, the steps on a line. Says only what it is given.
import type { ReactNode } from 'react';
import { Icon } from './icons.tsx';
import { Disc } from './proof-chip.tsx';
import type { ProofStage } from './proof-chip.tsx';
import './verdict.css';

export interface VerdictProps {
  readonly outcome: 'passed' | 'failed' | 'waiting';
  readonly title: string;
  /** How far it is proven; in the log, unless told. */
  readonly stage?: ProofStage | undefined;
  readonly children: ReactNode;
}

export function Verdict({ outcome, title, stage = 'logged', children }: VerdictProps) {
  return (
    <header className="verdict" data-outcome={outcome}>
      <title>{`${title} · Medallion`}</title>
      <div className="verdict-head">
        {outcome === 'failed' ? (
          <Icon name="octagon" size={72} />
        ) : (
          <Disc size={72} stage={outcome === 'passed' ? stage : 'pending'} />
        )}
        <h1 tabIndex={-1}>{title}</h1>
      </div>
      <div className="verdict-words" role="status">
        {children}
      </div>
    </header>
  );
}

export interface CheckedStep {
  readonly key: string;
  readonly outcome: 'passed' | 'failed' | 'not-checked';
  readonly title: string;
  readonly detail: string;
  /** The disc of a step that passed; in the log, unless told. */
  readonly stage?: ProofStage | undefined;
}

export function CheckedSteps({ steps }: { readonly steps: readonly CheckedStep[] }) {
  return (
    <ol className="checked-steps">
      {steps.map((step) => (
        <li data-outcome={step.outcome} key={step.key}>
          {step.outcome === 'failed' ? (
            <Icon name="octagon" size={24} />
          ) : (
            <Disc size={24} stage={step.outcome === 'passed' ? (step.stage ?? 'logged') : 'pending'} />
          )}
          <div>
            <p className="checked-step-title">{step.title}</p>
            <p className="quiet">{step.detail}</p>
          </div>
        </li>
      ))}
    </ol>
  );
}
