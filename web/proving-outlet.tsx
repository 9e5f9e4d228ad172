// Pages at work, with the sheet that asks for the password around them. Joins what no role may import of another.
import { useCallback } from 'react';
import { Outlet } from '@tanstack/react-router';
import { ProofRefusedError, useProof } from './patient/settings/proof.tsx';
import type { Prove } from './ui/prove.ts';
import { NotProvedError, ProveContext } from './ui/prove.ts';

export function ProvingOutlet() {
  const { prove, sheet } = useProof();
  const proveOrNot: Prove = useCallback(
    async (act) => {
      try {
        return await prove(act);
      } catch (error) {
        throw error instanceof ProofRefusedError ? new NotProvedError() : error;
      }
    },
    [prove],
  );
  return (
    <ProveContext value={proveOrNot}>
      <Outlet />
      {sheet}
    </ProveContext>
  );
}
