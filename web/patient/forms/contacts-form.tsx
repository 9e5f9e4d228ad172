// Whom to call, in order: all emergency contacts at once, because the order is part of the answer.
import { useTranslation } from 'react-i18next';
import type { EmergencyContact } from '../../../core/record/facts.ts';
import { phoneWords } from '../../../core/record/phone-words.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useTerm } from '../facts/terms.ts';
import type { SayTerm } from '../facts/terms.ts';
import { choiceOf, CodeField, draftOf, noChoice } from './code-field.tsx';
import type { ChoiceDraft } from './code-field.tsx';
import { FormFrame } from './form-frame.tsx';
import { useSectionForm } from './section-form-state.ts';
import type { FormHost } from './section-form-state.ts';

interface PersonDraft {
  readonly key: number;
  readonly name: string;
  readonly relation: ChoiceDraft;
  readonly phone: string;
}

const MOST = 10;
const emptyPerson = (key: number): PersonDraft => ({ key, name: '', relation: noChoice, phone: '' });

function startingPeople(was: readonly EmergencyContact[], term: SayTerm): readonly PersonDraft[] {
  const people = was.map((one, key) => ({
    key,
    name: one.name,
    relation: draftOf('relations', one.relation, term),
    phone: phoneWords(one.phone ?? ''),
  }));
  return [...people, ...[0, 1].slice(people.length).map(emptyPerson)];
}

function isEmpty(person: PersonDraft): boolean {
  return person.name.trim() === '' && person.phone.trim() === '' && person.relation.shown.trim() === '';
}

export function ContactsForm(host: FormHost<'contacts'>) {
  const { t } = useTranslation('patient-forms');
  const term = useTerm();
  const { contacts } = host.facts;
  const form = useSectionForm(
    'contacts',
    host,
    () => ({
      people: startingPeople(
        contacts.state === 'recorded' ? contacts.facts.map((one) => one.value) : [],
        term,
      ),
    }),
    ({ people }) => {
      const filled = people.filter((one) => !isEmpty(one));
      return {
        form: {
          // An empty second person is no answer, and no mistake.
          contacts:
            filled.length === 0
              ? undefined
              : filled.map((one) => {
                  const relation = choiceOf(one.relation);
                  return {
                    name: one.name,
                    phone: one.phone,
                    ...(relation === undefined ? {} : { relation }),
                  };
                }),
        },
      };
    },
  );
  const { draft, edit, errorOf, idOf } = form;
  const { people } = draft;
  const change = (key: number, changed: Partial<PersonDraft>): void =>
    edit({ people: people.map((one) => (one.key === key ? { ...one, ...changed } : one)) });
  const filled = people.filter((one) => !isEmpty(one));
  return (
    <FormFrame form={form} host={host}>
      {people.map((person, place) => {
        // Problems are counted among the filled ones; an empty form has them at its first person.
        const sent = isEmpty(person) ? -1 : filled.indexOf(person);
        const error = (field: string): string | undefined =>
          sent < 0 ? undefined : errorOf(`contacts.${sent}.${field}`);
        const id = (field: string): string =>
          sent < 0 ? `contacts-new-${person.key}-${field}` : idOf(`contacts.${sent}.${field}`);
        const nameProblem = place === 0 && filled.length === 0 ? errorOf('contacts') : undefined;
        return (
          <fieldset className="form-group" key={person.key}>
            <legend className="group-title">
              {place === 0
                ? t('contacts.first')
                : place === 1
                  ? t('contacts.second')
                  : t('contacts.other', { place: place + 1 })}
            </legend>
            <TextField
              autoCapitalize="words"
              autoComplete="off"
              error={error('name') ?? nameProblem}
              id={nameProblem === undefined ? id('name') : idOf('contacts')}
              label={t('contacts.name')}
              maxLength={200}
              onChange={(name) => change(person.key, { name })}
              value={person.name}
            />
            <CodeField
              error={error('relation')}
              id={id('relation')}
              label={t('contacts.relation')}
              list="relations"
              onChange={(relation) => change(person.key, { relation })}
              optional
              value={person.relation}
            />
            <TextField
              autoComplete="off"
              error={error('phone')}
              hint={place === 0 ? t('address.phoneHint') : undefined}
              id={id('phone')}
              inputMode="tel"
              label={t('contacts.phone')}
              maxLength={40}
              onChange={(phone) => change(person.key, { phone })}
              type="tel"
              value={person.phone}
            />
            {people.length > 1 && !isEmpty(person) ? (
              <div className="row">
                {place === 0 ? null : (
                  <Button
                    look="link"
                    onPress={() => {
                      const others = people.filter((one) => one !== person);
                      edit({ people: [...others.slice(0, place - 1), person, ...others.slice(place - 1)] });
                    }}
                  >
                    {t('contacts.moveUp', { name: person.name })}
                  </Button>
                )}
                <Button look="link" onPress={() => edit({ people: people.filter((one) => one !== person) })}>
                  {person.name.trim() === ''
                    ? t('contacts.removeUnnamed')
                    : t('contacts.remove', { name: person.name })}
                </Button>
              </div>
            ) : null}
          </fieldset>
        );
      })}
      {people.length < MOST ? (
        <Button
          icon="plus"
          onPress={() =>
            edit({ people: [...people, emptyPerson(Math.max(-1, ...people.map((one) => one.key)) + 1)] })
          }
        >
          {t('contacts.add')}
        </Button>
      ) : null}
    </FormFrame>
  );
}
