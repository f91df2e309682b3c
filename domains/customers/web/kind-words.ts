import { useLingui } from '@lingui/react/macro'
import type { CustomerSummary } from '../contract.ts'

export function useKindWords(): Record<CustomerSummary['kind'], string> {
  const { t } = useLingui()
  return {
    customer: t`Customer`,
    prospect: t`Prospect`,
    journalist: t`Journalist`,
    investor: t`Investor`,
    partner: t`Partner`,
    supplier: t`Supplier`,
    regulator: t`Regulator`,
    employee: t`Employee`,
  }
}
