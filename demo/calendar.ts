// Days and times of the demo, counted from the day it is made. Knows no clock: the day is given.

const dayMs = 86_400_000;

/** `day` and the answer: YYYY-MM-DD. */
export function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - days * dayMs).toISOString().slice(0, 10);
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs);
}

/** Years completed on `day`. */
export function ageOn(day: string, birthDate: string): number {
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return day.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

/** A FHIR dateTime in India: `10:30` of that day. */
export function indianTime(day: string, time: string): string {
  return `${day}T${time}:00+05:30`;
}
