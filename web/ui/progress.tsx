// Long work in numbers: how much is done, in words and as an 8 px bar.
import './progress.css';

export interface ProgressProps {
  readonly label: string;
  /** 0 to 1. */
  readonly done: number;
  /** "133 of 214 sent, about 2 minutes left". */
  readonly words: string;
}

export function Progress({ label, done, words }: ProgressProps) {
  return (
    <div className="progress">
      <div className="row-apart">
        <strong>{label}</strong>
        <span className="quiet">{`${Math.round(done * 100)}\u00a0%`}</span>
      </div>
      <progress aria-label={label} max={1} value={done} />
      <p className="quiet small">{words}</p>
    </div>
  );
}
