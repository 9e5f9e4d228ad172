// A choice that shows at the press itself and then follows what is stored: a control must not jump back for a moment
// while the choice is on its way, and must jump back when it was refused.
import { useState } from 'react';

/** The value to show, and what to call with a new choice. `stored` is what the last answer said. */
export function useChosen<Value>(
  stored: Value,
  store: (value: Value) => void,
): readonly [Value, (value: Value) => void] {
  const [chosen, setChosen] = useState<{ readonly value: Value }>();
  const [seen, setSeen] = useState(stored);
  if (seen !== stored) {
    setSeen(stored);
    setChosen(undefined);
  }
  return [
    chosen === undefined ? stored : chosen.value,
    (value) => {
      setChosen({ value });
      store(value);
    },
  ];
}
