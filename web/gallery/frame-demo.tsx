import { CircleHelp, Home, Inbox, Plug, Users } from 'lucide-react'
import { useRef, useState } from 'react'
import { Columns, SideToggle } from '../ui/columns.tsx'
import { Frame } from '../shell/frame.tsx'
import { TopSearch } from '../ui/top-search.tsx'
import { Avatar } from '../ui/avatar.tsx'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { cx } from '../ui/cx.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { useShortcuts } from '../ui/use-shortcuts.tsx'
import { VirtualList, type VirtualListHandle } from '../ui/virtual-list.tsx'

// The app's own routes are registered as types; the demo's places are others.
const place = (path: string) => path as '/'
const items = [
  {
    id: 'inbox',
    label: 'Inbox',
    icon: Inbox,
    to: place('/'),
    keys: 'g i',
    count: { value: 4, label: '4 wait for you' },
  },
  { id: 'home', label: 'Home', icon: Home, to: place('/home'), keys: 'g h' },
]
const footItems = [
  { id: 'people', label: 'People', icon: Users, to: place('/people') },
  { id: 'channels', label: 'Channels', icon: Plug, to: place('/channels') },
]
const rows = Array.from({ length: 300 }, (_, at) => ({
  id: `c${at}`,
  who: ['Ada Lovelace', 'Grace Hopper', 'Mary Jackson'][at % 3] ?? '',
  words: 'My bag did not arrive in Lisbon and nobody at the desk knew where it was.',
}))

export function FrameDemo() {
  return (
    <Frame
      owner="gallery"
      name="Meridian Air"
      items={items}
      footItems={footItems}
      foot={
        <div className="flex items-center gap-2 px-1">
          <Avatar name="Ada Lovelace" size="small" />
        </div>
      }
      search={<TopSearch placeholder="Search messages and people" onSearch={() => {}} />}
      actions={<IconButton icon={CircleHelp} label="Help" keys="?" />}
    >
      <Screen />
    </Frame>
  )
}

function Screen() {
  const list = useRef<VirtualListHandle>(null)
  const [active, setActive] = useState<string | null>(null)
  useShortcuts([
    { id: 'next', keys: 'j', label: 'Next', group: 'This screen', run: () => list.current?.move(1) },
    { id: 'previous', keys: 'k', label: 'Previous', group: 'This screen', run: () => list.current?.move(-1) },
  ])
  return (
    <Columns
      phoneShows={new URLSearchParams(location.search).get('frame') === 'list' ? 'list' : 'content'}
      listLabel="Conversations"
      list={
        <>
          <header className="flex min-h-12 items-center border-b border-line px-4">
            <h1 className="font-medium">Inbox</h1>
          </header>
          <VirtualList
            handle={list}
            label="Conversations"
            className="flex-1"
            items={rows}
            itemKey={({ id }) => id}
            estimate={60}
            activeKey={active}
            onActiveChange={({ id }) => setActive(id)}
            renderRow={({ who, words }, row) => (
              <button
                type="button"
                {...row.focus}
                className={cx(
                  'flex w-full items-center gap-3 border-b border-line px-4 py-2.5 text-start ring-inside hover:bg-hover',
                  row.active && 'bg-tint',
                )}
              >
                <Avatar name={who} decorative />
                <span className="min-w-0 flex-1">
                  <span className="block font-medium">{who}</span>
                  <span className="block truncate text-muted">{words}</span>
                </span>
              </button>
            )}
          />
        </>
      }
      sideLabel="Customer"
      side={
        <div className="flex flex-col gap-3 p-4">
          <Avatar name="Grace Hopper" size="large" />
          <h3 className="text-large">Grace Hopper</h3>
          <p className="text-muted">Two identities, known since March.</p>
        </div>
      }
    >
      <header className="flex min-h-12 items-center gap-2 border-b border-line ps-4 pe-2">
        <h2 className="min-w-0 flex-1 truncate font-medium">Bag left in Lisbon</h2>
        <Badge tone="waiting">waiting</Badge>
        <Button size="small">Resolve</Button>
        <SideToggle />
      </header>
      <div className="flex-1 overflow-y-auto p-4" tabIndex={0} role="group" aria-label="Messages">
        <p className="max-w-measure">
          My bag did not arrive in Lisbon and nobody at the desk knew where it was. I fly on tomorrow at nine.
        </p>
        <p className="ms-auto mt-4 max-w-measure rounded-panel bg-tint px-4 py-3">
          It was found an hour ago. It flies with the next plane and is brought to your hotel tonight.
        </p>
        <p className="mt-4 max-w-measure rounded-panel bg-note px-4 py-3">Note: ask the desk for its number.</p>
      </div>
    </Columns>
  )
}
