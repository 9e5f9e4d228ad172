// The disc says how provable an entry is: dashed, one ring, two rings, filled with a tick. Brass, never green.
import { useTranslation } from 'react-i18next';
import { Icon } from './icons.tsx';
import './proof-chip.css';

export type ProofStage = 'pending' | 'logged' | 'witnessed' | 'anchored';

/** The medallion itself, at any size. */
export function Disc({ stage, size = 18 }: { readonly stage: ProofStage; readonly size?: number }) {
  const edge = `${size / 16}rem`;
  return (
    <svg
      aria-hidden="true"
      className="disc"
      data-stage={stage}
      fill="none"
      height={edge}
      viewBox="0 0 36 36"
      width={edge}
    >
      {stage === 'pending' ? (
        <circle
          cx="18"
          cy="18"
          r="14"
          stroke="currentColor"
          strokeDasharray="3.200 5.600"
          strokeLinecap="round"
          strokeWidth="3"
        />
      ) : (
        <circle cx="18" cy="18" r={stage === 'anchored' ? 16 : 15} stroke="currentColor" strokeWidth="3" />
      )}
      {stage === 'logged' ? <circle cx="18" cy="18" fill="currentColor" r="4" /> : null}
      {stage === 'witnessed' ? (
        <>
          <circle cx="18" cy="18" r="8.500" stroke="currentColor" strokeWidth="3" />
          <circle cx="18" cy="18" fill="currentColor" r="3" />
        </>
      ) : null}
      {stage === 'anchored' ? (
        <>
          <circle cx="18" cy="18" fill="currentColor" r="12" />
          <path className="disc-tick" d="m12.500 18.500 4 4 7.500-8.500" strokeWidth="3.200" />
        </>
      ) : null}
    </svg>
  );
}

export type ProofChipProps = {
  /** The verification this leads to. */
  readonly href?: string | undefined;
} & (
  | { readonly stage: 'pending' }
  | { readonly stage: 'logged'; readonly when?: string | undefined }
  | { readonly stage: 'witnessed'; readonly count: number; readonly of: number }
  | {
      readonly stage: 'anchored';
      readonly block: string;
      /** On a test chain of the server's own: the words say so. */
      readonly local?: boolean | undefined;
    }
);

/** Disc and word. No pill. */
export function ProofChip(props: ProofChipProps) {
  const { t } = useTranslation('common');
  const words = (): string => {
    switch (props.stage) {
      case 'pending':
        return t('proof.pending');
      case 'logged':
        return props.when === undefined ? t('proof.loggedShort') : t('proof.logged', { when: props.when });
      case 'witnessed':
        return t('proof.witnessed', { count: props.count, of: props.of });
      case 'anchored':
        return t(props.local === true ? 'proof.anchoredLocal' : 'proof.anchored', { block: props.block });
    }
  };
  const content = (
    <>
      <Disc stage={props.stage} />
      <span>{words()}</span>
    </>
  );
  return props.href === undefined ? (
    <span className="proof-chip" data-stage={props.stage}>
      {content}
    </span>
  ) : (
    <a className="proof-chip" data-stage={props.stage} href={props.href}>
      {content}
    </a>
  );
}

/** Where an entry that does not match its proof says so: nothing brass. */
export function ProofFailed() {
  const { t } = useTranslation('common');
  return (
    <span className="proof-chip" data-stage="failed">
      <Icon name="octagon" size={18} />
      <span>{t('proof.failed')}</span>
    </span>
  );
}
