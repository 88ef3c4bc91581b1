/** Whom one can be in the demo; the names are those of its catalog. */
export const PEOPLE = [
  { id: 'ada', name: 'Ada' },
  { id: 'olga', name: 'Olga' },
  { id: 'finn', name: 'Finn' },
  { id: 'grace', name: 'Grace' },
] as const;

export type Person = (typeof PEOPLE)[number];

const KEY = 'mesh-upgrade.demo-person';

/** The person chosen in this browser before. */
export function rememberedPerson(): Person | undefined {
  const id = localStorage.getItem(KEY);
  return PEOPLE.find(person => person.id === id);
}

/** Keeps the choice over a reload; undefined forgets it. */
export function rememberPerson(person: Person | undefined): void {
  if (person) {
    localStorage.setItem(KEY, person.id);
  } else {
    localStorage.removeItem(KEY);
  }
}
