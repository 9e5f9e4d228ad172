// How far one entry is proven, as the server says: the chip, with block or witnesses where it has them.
import { ProofChip } from './proof-chip.tsx';

export interface EntryProofFacts {
  readonly state: 'pending' | 'logged' | 'witnessed' | 'anchored';
  readonly anchor?: { readonly block: number; readonly local: boolean } | undefined;
  readonly witnesses?: { readonly count: number; readonly of: number } | undefined;
}

export function EntryProof({
  of,
  href,
}: {
  readonly of: EntryProofFacts;
  readonly href?: string | undefined;
}) {
  const { state, anchor, witnesses } = of;
  if (state === 'anchored' && anchor)
    return <ProofChip block={String(anchor.block)} href={href} local={anchor.local} stage="anchored" />;
  if (state === 'witnessed' && witnesses)
    return <ProofChip count={witnesses.count} href={href} of={witnesses.of} stage="witnessed" />;
  return state === 'pending' ? (
    <ProofChip href={href} stage="pending" />
  ) : (
    <ProofChip href={href} stage="logged" />
  );
}
