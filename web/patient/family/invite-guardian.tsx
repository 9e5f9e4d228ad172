// Inviting a guardian: who, what they are to the person, what they may do and what it rests on. The link opens for that login alone.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Evidence, Level, Relationship } from '../../api/family.ts';
import { EVIDENCE, LEVELS, RELATIONSHIPS, useInvite } from '../../api/family.ts';
import { useProblemWords } from '../../api/problem-words.ts';
import { ErrorBand } from '../../ui/band.tsx';
import { Button } from '../../ui/button.tsx';
import { Choice, SelectField } from '../../ui/choice.tsx';
import { CopyValue } from '../../ui/copy-value.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { announceDone } from '../../ui/toast.tsx';
import { ProofRefusedError, useProof } from '../settings/proof.tsx';

export function InviteGuardian({ ofMinor }: { readonly ofMinor: boolean }) {
  const { t } = useTranslation('family');
  const problemWords = useProblemWords();
  const invite = useInvite();
  const { prove, sheet } = useProof();
  const [isOpen, setOpen] = useState(false);
  const [link, setLink] = useState<string>();
  const [to, setTo] = useState('');
  const [relationship, setRelationship] = useState<Relationship>('FAMMEMB');
  const [level, setLevel] = useState<Level>('view');
  const [evidence, setEvidence] = useState<Evidence>(ofMinor ? 'parent' : 'wish');
  const missing = to.trim() === '' ? t('invite.toMissing') : undefined;
  const submit = async (): Promise<void> => {
    try {
      const sent = await prove(() => invite.mutateAsync({ to, relationship, level, evidence }));
      setOpen(false);
      setLink(sent);
      setTo('');
      announceDone(t(sent === undefined ? 'who.waiting' : 'invite.sent'));
    } catch (error) {
      if (error instanceof ProofRefusedError) invite.reset();
    }
  };
  return (
    <>
      <Button onPress={() => setOpen(true)}>{t('invite.open')}</Button>
      {link === undefined ? null : (
        <ul className="family-link">
          <CopyValue label={t('invite.link')} shown={link} value={link} />
        </ul>
      )}
      <Sheet onClose={() => setOpen(false)} open={isOpen} title={t('invite.title')}>
        <form
          className="stack-wide"
          method="post"
          onSubmit={(event) => {
            event.preventDefault();
            if (missing === undefined && !invite.isPending) void submit();
          }}
        >
          {invite.error === null ? null : (
            <ErrorBand title={t('invite.failed')}>{problemWords(invite.error)}</ErrorBand>
          )}
          <TextField
            autoCapitalize="none"
            label={t('invite.to')}
            onChange={(value) => {
              setTo(value);
              invite.reset();
            }}
            spellCheck={false}
            value={to}
          />
          <SelectField
            label={t('invite.relationship')}
            onChange={(value) => setRelationship(value ?? 'FAMMEMB')}
            options={RELATIONSHIPS.map((value) => ({ value, label: t(`relationship.${value}`) }))}
            value={relationship}
          />
          <Choice
            label={t('invite.level')}
            onChange={setLevel}
            options={LEVELS.map((value) => ({ value, label: t(`level.${value}`) }))}
            value={level}
          />
          <SelectField
            label={t('invite.evidence')}
            onChange={(value) => setEvidence(value ?? 'wish')}
            options={EVIDENCE.filter((one) => ofMinor || one !== 'parent').map((value) => ({
              value,
              label: t(`evidence.${value}`),
            }))}
            value={evidence}
          />
          <Button look="primary" missing={missing} type="submit" wide>
            {t('invite.send')}
          </Button>
        </form>
      </Sheet>
      {sheet}
    </>
  );
}
