// From a row of an opened record to the paper or the images that it names, under the same permission.
import { useTranslation } from 'react-i18next';
import type { LookAt } from '../../core/record/look-at.ts';
import { clinicPaths } from '../paths.ts';
import { LinkButton } from '../ui/button.tsx';

export interface LookLinkProps {
  readonly look: LookAt;
  readonly patientId: string;
  /** Which one: for those who hear it alone. */
  readonly of: string;
}

export function LookLink({ look, patientId, of }: LookLinkProps) {
  const { t } = useTranslation('clinic');
  const isPaper = look.kind === 'paper';
  return (
    <LinkButton
      href={isPaper ? clinicPaths.paper(patientId, look.id) : clinicPaths.images(patientId, look.study)}
      icon="eye"
    >
      {t(isPaper ? 'record.openPaper' : 'record.openImages')}
      <span className="visually-hidden"> {of}</span>
    </LinkButton>
  );
}
