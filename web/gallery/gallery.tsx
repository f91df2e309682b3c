import { Mark } from '../ui/mark.tsx'
import { Notices } from '../ui/notices.tsx'
import { ShortcutProvider } from '../ui/use-shortcuts.tsx'
import { Actions } from './actions.tsx'
import { Fields } from './fields.tsx'
import { Overlays } from './overlays.tsx'
import { Showing } from './showing.tsx'

export function Gallery() {
  return (
    <ShortcutProvider owner="gallery">
      <main className="mx-auto flex max-w-7xl flex-col gap-10 px-4 pt-8 pb-48">
        <header className="flex items-center gap-3">
          <Mark className="size-8 text-accent" />
          <Mark className="size-4 text-accent" />
          <h1 className="text-display">Components</h1>
        </header>
        <Actions />
        <Fields />
        <Showing />
        <Overlays />
      </main>
      <Notices />
    </ShortcutProvider>
  )
}
