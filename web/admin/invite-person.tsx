// Asking somebody to come and work: one address, one role. The link goes by mail; where no mail leaves the server it is shown here, once.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Role } from '../api/places.ts';
import { inviteMember, ROLES } from '../api/places.ts';
import { Button } from '../ui/button.tsx';
import { SelectField } from '../ui/choice.tsx';
import { CopyValue } from '../ui/copy-value.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { TextField } from '../ui/text-field.tsx';
import { announceDone } from '../ui/toast.tsx';
import { ProblemBand } from './problem-band.tsx';
import { useAct } from './use-act.ts';

export function InvitePerson({ id }: { readonly id: string }) {
  const { t } = useTranslation('places');
  const [isOpen, setOpen] = useState(false);
  const [link, setLink] = useState<string>();
  const close = (): void => {
    setOpen(false);
    setLink(undefined);
  };
  return (
    <>
      <Button icon="plus" onPress={() => setOpen(true)}>
        {t('invite.open')}
      </Button>
      <Sheet onClose={close} open={isOpen} title={t('invite.title')}>
        {link === undefined ? (
          <InviteForm
            id={id}
            onSent={(shown) => {
              announceDone(t('invite.sent'));
              if (shown === undefined) close();
              else setLink(shown);
            }}
          />
        ) : (
          <div className="stack-wide">
            <p>{t('invite.handOver')}</p>
            <ul className="admin-link">
              <CopyValue label={t('invite.link')} shown={link} value={link} />
            </ul>
          </div>
        )}
      </Sheet>
    </>
  );
}

function InviteForm({
  id,
  onSent,
}: {
  readonly id: string;
  readonly onSent: (link: string | undefined) => void;
}) {
  const { t } = useTranslation('places');
  const [to, setTo] = useState('');
  const [role, setRole] = useState<Role>();
  const invite = useAct(inviteMember);
  const missing = to.trim() === '' ? 'address' : role === undefined ? 'role' : undefined;
  return (
    <form
      className="stack-wide"
      onSubmit={(event) => {
        event.preventDefault();
        if (role !== undefined && missing === undefined)
          invite.mutate({ id, to, role }, { onSuccess: ({ link }) => onSent(link) });
      }}
    >
      <ProblemBand error={invite.error} title={t('invite.failed')} />
      <TextField
        autoCapitalize="none"
        hint={t('invite.toHint')}
        label={t('invite.to')}
        onChange={setTo}
        spellCheck={false}
        value={to}
      />
      <SelectField
        label={t('roleLabel')}
        onChange={setRole}
        options={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
        value={role}
      />
      {role === undefined ? null : <p className="quiet">{t(`may.${role}`)}</p>}
      <Button
        busy={invite.isPending && t('working')}
        look="primary"
        missing={missing === undefined ? undefined : t(`missing.${missing}`)}
        type="submit"
        wide
      >
        {t('invite.act')}
      </Button>
    </form>
  );
}
