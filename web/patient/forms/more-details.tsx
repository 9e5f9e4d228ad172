// Fields that few people need at once, behind one word. Open where something is written in them or wrong with them.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../ui/icons.tsx';

export interface MoreDetailsProps {
  readonly startOpen: boolean;
  /** Something inside needs another look. */
  readonly wrong: boolean;
  readonly children: ReactNode;
}

export function MoreDetails({ startOpen, wrong, children }: MoreDetailsProps) {
  const { t } = useTranslation('patient-forms');
  const [open, setOpen] = useState(startOpen);
  return (
    <details
      className="more-details"
      onToggle={(event) => setOpen(event.currentTarget.open)}
      open={open || wrong}
    >
      <summary>
        <Icon name="down" size={18} />
        {t('form.more')}
      </summary>
      <div className="stack-wide">{children}</div>
    </details>
  );
}
