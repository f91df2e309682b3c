import { Trans, useLingui } from '@lingui/react/macro'
import { EmptyState } from '../ui/empty-state.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { Mark } from '../ui/mark.tsx'

export function StartScreen() {
  const { t } = useLingui()
  return (
    <div className="flex flex-1 flex-col justify-center">
      <Mark className="mx-auto size-12 text-accent" />
      <EmptyState title={t`Nothing is set up yet`}>
        <Trans>
          Press <Kbd keys="mod+k" /> for what can be done here.
        </Trans>
      </EmptyState>
    </div>
  )
}
