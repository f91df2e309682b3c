// One thing that a person does: sends it, says what became of it, and makes what it changed be asked for anew.
import { useLingui } from '@lingui/react/macro'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { RefusedError } from '#platform/contract/client'
import type { ProblemReply } from '#platform/contract/kernel'
import { notify } from '../../../web/ui/notice-store.ts'

interface DeedOptions<Input, Reply> {
  /** Beginnings of the keys of queries that this changes. */
  readonly stale?: readonly (readonly string[])[]
  readonly onDone?: ((reply: Reply, input: Input) => void) | undefined
  /** Where there is no form to show a refusal in: say it in a notice. */
  readonly loud?: boolean
}

export interface Deed<Input> {
  readonly run: (input: Input) => void
  readonly busy: boolean
  /** The last refusal, as the server worded it; null once it is tried again. */
  readonly problem: ProblemReply | null
  readonly reset: () => void
}

export function useDeed<Input, Reply>(
  act: (input: Input) => Promise<Reply>,
  { stale = [], onDone, loud = false }: DeedOptions<Input, Reply> = {},
): Deed<Input> {
  const wordsFor = useProblemOf()
  const queries = useQueryClient()
  const { mutate, isPending, error, reset } = useMutation<Reply, Error, Input>({
    mutationFn: act,
    onSuccess: (reply, input) => {
      for (const queryKey of stale) void queries.invalidateQueries({ queryKey })
      onDone?.(reply, input)
    },
    onError: (refusal) => {
      if (loud) notify(wordsFor(refusal).message, { tone: 'danger' })
    },
  })
  return { run: mutate, busy: isPending, problem: error ? wordsFor(error) : null, reset }
}

/** What the server said, or that it could not be asked. */
export function useProblemOf(): (error: unknown) => ProblemReply {
  const { t } = useLingui()
  return (error) =>
    error instanceof RefusedError
      ? error.problem
      : {
          code: 'unreachable',
          status: 0,
          message: t`Rapport could not be reached, so nothing was changed. Look at your connection and try again.`,
        }
}

export function statusOf(error: unknown): number | null {
  return error instanceof RefusedError ? error.problem.status : null
}
