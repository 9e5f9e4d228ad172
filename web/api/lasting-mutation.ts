// A mutation whose callbacks come also where what was pressed is gone by then. The library calls what is given to `mutate` only while its
// component is there: after a list was fetched anew and the row has left it, the words that say it was done, and the way on, would be lost.
import { useCallback } from 'react';
import type { UseMutationOptions, UseMutationResult } from '@tanstack/react-query';
import { useMutation } from '@tanstack/react-query';

export interface Afterwards<Output, Input> {
  readonly onSuccess?: (output: Output, input: Input) => unknown;
  readonly onError?: (error: Error, input: Input) => unknown;
  /** After either of them. */
  readonly onSettled?: () => unknown;
}

/** Of each state on its own, so that `isSuccess` still tells of `data`. */
type WithoutMutate<Result> = Result extends unknown ? Omit<Result, 'mutate'> : never;

export type LastingMutation<Output, Input, Context> = WithoutMutate<
  UseMutationResult<Output, Error, Input, Context>
> & {
  /** What is given here is called once for each call, after what the mutation itself fetches anew. */
  readonly mutate: (
    ...given: [undefined] extends [Input]
      ? [input?: Input, afterwards?: Afterwards<Output, Input>]
      : [input: Input, afterwards?: Afterwards<Output, Input>]
  ) => void;
};

/** As `useMutation`. */
export function useLastingMutation<Output, Input = void, Context = unknown>(
  options: UseMutationOptions<Output, Error, Input, Context>,
): LastingMutation<Output, Input, Context> {
  const mutation = useMutation(options);
  const { mutateAsync } = mutation;
  const mutate = useCallback(
    (input: Input, afterwards: Afterwards<Output, Input> = {}): void => {
      const { onSuccess, onError, onSettled } = afterwards;
      void mutateAsync(input)
        .then(
          (output) => onSuccess?.(output, input),
          // What went wrong stands in `error`; here it is only passed on.
          (error: Error) => onError?.(error, input),
        )
        .then(() => onSettled?.());
    },
    [mutateAsync],
  );
  return { ...mutation, mutate } as LastingMutation<Output, Input, Context>;
}
