// One person of an organisation: role, licence, whether they rest; and the sheet in which that is changed.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Member, Role } from '../api/places.ts';
import { changeRole, endMember, ROLES, suspendMember, writeLicence } from '../api/places.ts';
import { formatDate } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { Button } from '../ui/button.tsx';
import { SelectField } from '../ui/choice.tsx';
import { Sheet } from '../ui/sheet.tsx';
import { announceDone } from '../ui/toast.tsx';
import { LicenceForm } from './licence-form.tsx';
import { ProblemBand } from './problem-band.tsx';
import { licenceWords, useAct } from './use-act.ts';

interface MemberProps {
  readonly organisation: string;
  readonly member: Member;
}

export const needsLicence = (role: Role): boolean => role === 'doctor' || role === 'nurse';

export function MemberRow({ organisation, member }: MemberProps) {
  const { t } = useTranslation('places');
  const language = useLanguage();
  const [isOpen, setOpen] = useState(false);
  const name = member.name ?? t('noName');
  const { licence } = member;
  return (
    <li className="admin-row">
      <div className="admin-who">
        <p className="admin-name">{name}</p>
        <p className="small">
          {t(`role.${member.role}`)}
          {member.suspended ? <strong className="admin-rests"> · {t('people.suspended')}</strong> : null}
          <span className="quiet"> · {t('people.since', { when: formatDate(member.since, language) })}</span>
        </p>
        {licence === null ? (
          needsLicence(member.role) && member.entered === null ? (
            <p className="admin-rests small">{t('licence.none')}</p>
          ) : null
        ) : (
          <p className={licence.valid ? 'quiet small' : 'admin-rests small'}>
            {t(licence.valid ? 'licence.line' : 'licence.lapsed', {
              licence: licenceWords(licence),
              when: formatDate(licence.until ?? '', language),
            })}
          </p>
        )}
      </div>
      {member.own ? (
        <p className="quiet small">{t('people.you')}</p>
      ) : (
        <Button label={t('people.changeOf', { name })} onPress={() => setOpen(true)}>
          {t('people.change')}
        </Button>
      )}
      <Sheet onClose={() => setOpen(false)} open={isOpen} title={name}>
        <ChangeMember member={member} onDone={() => setOpen(false)} organisation={organisation} />
      </Sheet>
    </li>
  );
}

function ChangeMember({ organisation, member, onDone }: MemberProps & { readonly onDone: () => void }) {
  const { t } = useTranslation('places');
  const [role, setRole] = useState<Role | undefined>(member.role);
  const change = useAct(changeRole);
  const suspend = useAct(suspendMember);
  const end = useAct(endMember);
  const write = useAct(writeLicence);
  const of = { id: organisation, member: member.id };
  const done = (words: string) => ({
    onSuccess: () => {
      announceDone(words);
      onDone();
    },
  });
  const suspending = !member.suspended;
  return (
    <div className="stack-wide">
      <ProblemBand error={change.error ?? suspend.error ?? end.error ?? write.error} />
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (role !== undefined && role !== member.role)
            change.mutate({ ...of, role }, done(t('people.changed')));
        }}
      >
        <SelectField
          label={t('roleLabel')}
          onChange={setRole}
          options={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
          value={role}
        />
        <p className="quiet small">{t('people.roleNote')}</p>
        <Button
          busy={change.isPending && t('working')}
          missing={role === undefined || role === member.role ? t('people.sameRole') : undefined}
          type="submit"
        >
          {t('people.giveRole')}
        </Button>
      </form>
      {needsLicence(member.role) ? (
        <LicenceForm
          busy={write.isPending}
          onWritten={(licence) => write.mutate({ ...of, licence }, done(t('licence.written')))}
        />
      ) : null}
      <div className="stack admin-end">
        <p className="quiet small">{t(suspending ? 'people.suspendWhat' : 'people.resumeWhat')}</p>
        <Button
          busy={suspend.isPending && t('working')}
          onPress={() =>
            suspend.mutate(
              { ...of, suspending },
              done(t(suspending ? 'people.suspendDone' : 'people.resumeDone')),
            )
          }
        >
          {t(suspending ? 'people.suspend' : 'people.resume')}
        </Button>
        <Button
          busy={end.isPending && t('working')}
          look="danger"
          onPress={() => end.mutate(of, done(t('people.ended')))}
        >
          {t('people.end')}
        </Button>
      </div>
    </div>
  );
}
