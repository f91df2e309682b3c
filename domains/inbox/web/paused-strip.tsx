import { OutboundPaused } from '../../workspaces/web/index.ts'

/** Stands above the inbox while no answer leaves. Fetched only then: the way out of it needs a dialog. */
export function PausedStrip() {
  return (
    <div className="shrink-0 border-b border-line px-3 py-2">
      <OutboundPaused />
    </div>
  )
}
