// From a person who is open already to a code that lets write, without their health ID being typed again.
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useAsk } from '../api/clinic.ts';
import { clinicPaths } from '../paths.ts';
import { ErrorBand } from '../ui/band.tsx';
import { Button } from '../ui/button.tsx';
import { useClinicProblem } from './problem.ts';
import { visitTerms } from './visit-terms.ts';

/** @param uhid 14 digits */
export function AskToWrite({ uhid, primary }: { readonly uhid: string; readonly primary?: boolean }) {
  const { t } = useTranslation('visit');
  const problem = useClinicProblem();
  const navigate = useNavigate();
  const ask = useAsk();
  return (
    <>
      {ask.isError ? <ErrorBand key={ask.failureCount}>{problem(ask.error)}</ErrorBand> : null}
      <Button
        busy={ask.isPending && t('find.asking')}
        icon="key"
        look={primary === true ? 'primary' : 'plain'}
        onPress={() =>
          ask.mutate(
            { ...visitTerms, patient: uhid },
            { onSuccess: ({ id }) => void navigate({ to: clinicPaths.request(id) }) },
          )
        }
      >
        {t('askToWrite')}
      </Button>
    </>
  );
}
