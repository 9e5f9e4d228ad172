// Pages kept ready in memory between scans. A ready page is used only while the record, the settings and the card are exactly
// those it was made from: the numbers are read from the database in the same statement that finds the card.
export interface ReadyPages<T> {
  /** What was made for this person from the same numbers, or what `make` makes now; callers at the same time share one making. */
  get(patientId: string, standing: string, make: () => Promise<T>): Promise<T>;
}

/** Keeps the `most` people scanned last. */
export function createReadyPages<T>(most = 300): ReadyPages<T> {
  const kept = new Map<string, { standing: string; made: Promise<T> }>();
  return {
    get(patientId, standing, make) {
      const found = kept.get(patientId);
      kept.delete(patientId);
      if (found?.standing === standing) {
        kept.set(patientId, found);
        return found.made;
      }
      const entry = { standing, made: make() };
      kept.set(patientId, entry);
      entry.made.catch(() => {
        if (kept.get(patientId) === entry) kept.delete(patientId);
      });
      if (kept.size > most) {
        const oldest = kept.keys().next().value;
        if (oldest !== undefined) kept.delete(oldest);
      }
      return entry.made;
    },
  };
}
