import { Inbox, MailQuestion } from 'lucide-react'
import { useState } from 'react'
import { Avatar } from '../ui/avatar.tsx'
import { Badge, Count, StateDot, type Tone } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { cx } from '../ui/cx.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { Panel } from '../ui/panel.tsx'
import { RelativeTime } from '../ui/relative-time.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { Table, type Column, type Sorting } from '../ui/table.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { VirtualList } from '../ui/virtual-list.tsx'
import { Line, Part } from './part.tsx'

const tones: Tone[] = ['open', 'waiting', 'resolved', 'overdue', 'crisis', 'plain']
const names = [
  'Ada Lovelace',
  'Grace Hopper',
  'Zoë Quinn-Montgomery-Fitzgerald',
  '李小龍',
  'anna.smith@example.org',
  'Émile Zola',
  'Tim',
  'Mary Jackson',
]
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
type Person = { id: string; name: string; role: string; seen: string }
const people: Person[] = names
  .slice(0, 4)
  .map((name, at) => ({ id: `p${at}`, name, role: at === 0 ? 'Owner' : 'Agent', seen: ago(at * 190 + 3) }))
const columns: Column<Person>[] = [
  {
    key: 'name',
    title: 'Name',
    sortable: true,
    cell: ({ name, id }) => (
      <span className="flex items-center gap-2">
        <Avatar size="small" decorative name={name} colourKey={id} />
        {name}
      </span>
    ),
  },
  { key: 'role', title: 'Role', cell: ({ role }) => role },
  {
    key: 'seen',
    title: 'Seen',
    sortable: true,
    wideOnly: true,
    align: 'end',
    cell: ({ seen }) => <RelativeTime at={seen} />,
  },
]

export function Showing() {
  const [sorting, setSorting] = useState<Sorting>({ key: 'name', direction: 'ascending' })
  return (
    <Part title="Shown">
      <Line>
        {tones.map((tone) => (
          <span key={tone} className="flex items-center gap-1.5">
            <StateDot tone={tone} /> {tone}
          </span>
        ))}
        {tones.map((tone) => (
          <Badge key={tone} tone={tone}>
            {tone}
          </Badge>
        ))}
        <Badge icon={MailQuestion}>first contact</Badge>
        <Count value={7} label="7 wait for you" strong />
        <Count value={120} label="120 conversations" />
      </Line>
      <Line>
        {names.map((name) => (
          <Avatar key={name} name={name} />
        ))}
        <Avatar name="Ada Lovelace" size="small" />
        <Avatar name="Ada Lovelace" size="large" />
        <RelativeTime at={ago(0)} /> · <RelativeTime at={ago(12)} /> · <RelativeTime at={ago(60 * 26)} /> ·{' '}
        <RelativeTime at={ago(-180)} />
      </Line>
      <div className="grid items-start gap-6 laptop:grid-cols-2">
        <Panel
          flush
          title="People"
          actions={
            <Button size="small" look="plain">
              Invite
            </Button>
          }
        >
          <Table
            caption="People"
            columns={columns}
            rows={people}
            rowKey={({ id }) => id}
            sorting={sorting}
            onSort={setSorting}
          />
        </Panel>
        <Panel>
          <Tabs
            label="Views of a person"
            items={[
              { value: 'a', label: 'Timeline', count: 4, content: 'Four events, the last one yesterday.' },
              { value: 'b', label: 'Notes', content: 'No notes.' },
              { value: 'c', label: 'Identities', content: 'Two.' },
            ]}
          />
        </Panel>
        <Panel>
          <EmptyState
            icon={Inbox}
            title="Everything is answered"
            action={<Button look="primary">Look at what is snoozed</Button>}
          >
            New conversations appear here as customers write. Two come back from snooze tomorrow.
          </EmptyState>
        </Panel>
        <Panel>
          <SkeletonRows rows={4} />
        </Panel>
        <Panel flush title="A list of ten thousand">
          <LongList />
        </Panel>
      </div>
    </Part>
  )
}

function LongList() {
  const [items, setItems] = useState(() => Array.from({ length: 60 }, (_, at) => at))
  const more = () =>
    setItems((before) =>
      before.length < 10_000 ? [...before, ...before.slice(0, 60).map((_, at) => before.length + at)] : before,
    )
  return (
    <VirtualList
      label="Numbers"
      className="h-64"
      items={items}
      itemKey={String}
      estimate={44}
      onEnd={more}
      renderRow={(item, { focus, active }) => (
        <button
          type="button"
          {...focus}
          className={cx(
            'flex min-h-11 w-full items-center gap-3 rounded-control px-2 text-start ring-inside hover:bg-hover',
            active && 'bg-tint',
          )}
        >
          <Avatar size="small" decorative name={names[item % 8] ?? ''} />
          <span className="min-w-0 flex-1 truncate">{names[item % 8]}</span>
          <span className="text-small text-muted">{item + 1}</span>
        </button>
      )}
    />
  )
}
