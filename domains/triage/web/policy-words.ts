import { useLingui } from '@lingui/react/macro'
import type { ReasonCode } from '../contract.ts'

/** Each reason: what it is called, and what it does. */
export function useReasonWords(): Record<ReasonCode, { title: string; hint: string }> {
  const { t } = useLingui()
  return {
    severity: {
      title: t`How grave it is`,
      hint: t`By kind, and less where Rapport is less sure. Of several kinds the gravest counts.`,
    },
    urgency: { title: t`How urgent it is`, hint: t`At full urgency; less where it is less urgent.` },
    promise: { title: t`What we promised`, hint: t`Before a promised time ends, and once it is over.` },
    window: { title: t`A closing window`, hint: t`Where the channel soon takes no answer any more.` },
    repeat: { title: t`Having to ask again`, hint: t`For each other conversation of the same person within 14 days.` },
    brokenPromise: { title: t`A broken promise`, hint: t`Where we did not keep our word before.` },
    vulnerable: {
      title: t`People who need more care`,
      hint: t`Where somebody is, or writes about, a vulnerable person.`,
    },
    reach: {
      title: t`How many read it`,
      hint: t`For each tenfold of followers over a hundred; it fades. Off unless you switch it on.`,
    },
    sentiment: {
      title: t`Anger and disappointment`,
      hint: t`Where a message is surely negative; less where it is not sure.`,
    },
    flag: { title: t`Customers with an arrangement`, hint: t`By the tags that customers carry.` },
  }
}
