// For acts that want the password once more: whoever stands around a page asks for it and repeats the act. Knows not how it is asked.
import { createContext, useContext } from 'react';

/** It was not given: nothing was done, and nothing needs to be said. */
export class NotProvedError extends Error {
  override readonly name = 'NotProvedError';
}

export type Prove = <Result>(act: () => Promise<Result>) => Promise<Result>;

export const ProveContext = createContext<Prove>((act) => act());

export const useProve = (): Prove => useContext(ProveContext);
