// One block of a chain: number, what it is, how far it is proven, its hash and the one before, each to copy, and the bytes as they are.
import type { ReactNode } from 'react';
import { CopyValue } from './copy-value.tsx';
import './block.css';

export interface BlockValue {
  readonly label: string;
  readonly value: string;
}

export interface BlockProps {
  readonly title: string;
  /** Of its heading: 2 where nothing stands between it and the page's own. */
  readonly level?: 2 | 3;
  readonly proof?: ReactNode;
  readonly lines: readonly (string | undefined)[];
  readonly values: readonly BlockValue[];
  readonly raw?: { readonly label: string; readonly text: string } | undefined;
  readonly children?: ReactNode;
}

export function Block({ title, level = 3, proof, lines, values, raw, children }: BlockProps) {
  const Heading = `h${level}` as const;
  return (
    <li className="block">
      <div className="block-head">
        <Heading>{title}</Heading>
        {proof}
      </div>
      {lines.map((line) =>
        line === undefined ? null : (
          <p className="quiet" key={line}>
            {line}
          </p>
        ),
      )}
      {children}
      <ul className="block-values">
        {values.map(({ label, value }) => (
          <CopyValue key={label} label={label} value={value} />
        ))}
      </ul>
      {raw === undefined ? null : (
        <details>
          <summary>{raw.label}</summary>
          <Raw label={raw.label}>{raw.text}</Raw>
        </details>
      )}
    </li>
  );
}

/** Bytes or text exactly as they are. */
export function Raw({ label, children }: { readonly label: string; readonly children: string }) {
  return (
    <pre aria-label={label} className="raw">
      {children}
    </pre>
  );
}
