import { Trans } from '@lingui/react/macro'
import { Eye } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { Button } from '../../../web/ui/button.tsx'
import { usePresent } from '../../workspaces/web/index.ts'

/** Words that insult, out of sight and out of a screen reader's way until somebody wants them. A preference switches it off. */
export function Blur({ on, children }: { on: boolean; children: ReactNode }) {
  const { preferences } = usePresent()
  const [shown, setShown] = useState(false)
  if (!on || shown || preferences.blurToxic === false) return children
  return (
    <div className="relative min-w-44">
      <div aria-hidden inert className="max-h-48 min-h-12 overflow-hidden blur-words select-none">
        {children}
      </div>
      <div className="absolute inset-0 flex items-center justify-center">
        <Button size="small" icon={Eye} onClick={() => setShown(true)}>
          <Trans>Show insulting words</Trans>
        </Button>
      </div>
    </div>
  )
}
