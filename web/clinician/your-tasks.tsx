// Results that wait for whoever reads this, in a line each: critical ones first, with the time by which they have to be seen.
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { workQuery } from '../api/clinic.ts';
import { tasksQuery } from '../api/results.ts';
import { dayKey, formatDateTime, formatTime } from '../i18n/format.ts';
import { useLanguage } from '../i18n/texts.ts';
import { clinicPaths } from '../paths.ts';
import { Icon } from '../ui/icons.tsx';
import { Section } from '../ui/section.tsx';
import './clinic.css';

interface Line {
  readonly critical: boolean;
  readonly words: string;
}

/** Nothing where nothing waits. */
function useTaskLines(): readonly Line[] {
  const { t } = useTranslation('clinic');
  const language = useLanguage();
  const { data: work } = useQuery(workQuery);
  const { data = [], dataUpdatedAt } = useQuery({ ...tasksQuery, enabled: work?.clinician != null });
  const today = dayKey(new Date(dataUpdatedAt).toISOString());
  const [critical, others] = [true, false].map((one) => data.filter((task) => task.critical === one));
  const first = (critical ?? []).map(({ dueAt }) => dueAt).sort()[0];
  const by = (at: string): string => (dayKey(at) === today ? formatTime(at) : formatDateTime(at, language));
  const late = first !== undefined && Date.parse(first) < dataUpdatedAt;
  return [
    ...(first === undefined
      ? []
      : [
          {
            critical: true,
            words: t(late ? 'tasks.criticalLate' : 'tasks.critical', {
              count: critical?.length ?? 0,
              when: by(first),
            }),
          },
        ]),
    ...(others === undefined || others.length === 0
      ? []
      : [{ critical: false, words: t('tasks.results', { count: others.length }) }]),
  ];
}

export function YourTasks() {
  const { t } = useTranslation('clinic');
  const lines = useTaskLines();
  return lines.length === 0 ? null : (
    <Section title={t('tasks.title')}>
      <TaskLines lines={lines} />
    </Section>
  );
}

/** The same without a heading of its own, for a narrow column. */
export function TasksBeside() {
  const { t } = useTranslation('clinic');
  const lines = useTaskLines();
  return lines.length === 0 ? null : (
    <div className="tasks-beside">
      <p>{t('tasks.title')}</p>
      <TaskLines lines={lines} />
    </div>
  );
}

function TaskLines({ lines }: { readonly lines: readonly Line[] }) {
  return (
    <ul className="tasks">
      {lines.map(({ critical, words }) => (
        <li data-critical={critical ? '' : undefined} key={words}>
          <Icon name={critical ? 'octagon' : 'flask'} size={20} />
          <a href={clinicPaths.results}>{words}</a>
        </li>
      ))}
    </ul>
  );
}
